import { type RawBuilder, sql } from 'kysely';
import type { TenantReach, Viewer } from '../../viewer.ts';
import { READ_ALL_REQUESTS } from './permissions.ts';

// Conditions over rows of gateway.approval_request, by the alias of the table.

/** The state as its ending and the database's clock tell it: the same as the fold that decides, which no review alone can end. */
export const stateOf = (row: string): RawBuilder<unknown> => sql`
  coalesce((select ending.state from gateway.approval_ending ending where ending.request_id = ${sql.id(row, 'id')}),
    case when ${sql.id(row, 'expires_at')} <= clock_timestamp() then 'expired' else 'pending' end)`;

export const isPending = (row: string): RawBuilder<unknown> => sql`(${sql.id(row, 'expires_at')} > clock_timestamp()
  and not exists (select from gateway.approval_ending ending where ending.request_id = ${sql.id(row, 'id')}))`;

export const isOwn = (row: string, viewer: Viewer): RawBuilder<unknown> => sql`(${sql.id(row, 'requester_id')} = ${viewer.actor.id}::uuid)`;

export const hasReviewed = (row: string, viewer: Viewer): RawBuilder<unknown> => sql`exists (
  select from gateway.approval_review mine where mine.request_id = ${sql.id(row, 'id')} and mine.reviewer_id = ${viewer.actor.id}::uuid)`;

/** Whether the rule names a permission that the viewer holds at the request's tenant. Who else is excluded is decided when they approve. */
export function mayApprove(row: string, viewer: Viewer): RawBuilder<unknown> {
  const everywhere: string[] = [];
  const somewhere: Record<string, readonly string[]> = {};
  for (const [permission, reach] of viewer.rights) {
    if (reach === 'global') everywhere.push(permission);
    else if (reach.size > 0) somewhere[permission] = [...reach];
  }
  const approver = sql`(alternative ->> 'approver')`;
  return sql`exists (
    select from jsonb_array_elements(${sql.id(row, 'rule')} -> 'alternatives') alternative
    where ${approver} = any(${everywhere}::text[]) or coalesce((${JSON.stringify(somewhere)}::jsonb -> ${approver}) ? ${sql.id(row, 'tenant_id')}, false))`;
}

const within = (row: string, reach: TenantReach | undefined): RawBuilder<unknown> => {
  if (reach === 'global') return sql`true`;
  return reach && reach.size > 0 ? sql`coalesce(${sql.id(row, 'tenant_id')} = any(${[...reach]}::text[]), false)` : sql`false`;
};

/** Requests exist for whoever filed, reviewed or may approve them, and for whoever may see everybody's. */
export const concerns = (row: string, viewer: Viewer): RawBuilder<unknown> =>
  sql`(${isOwn(row, viewer)} or ${within(row, viewer.rights.get(READ_ALL_REQUESTS.name))} or ${mayApprove(row, viewer)} or ${hasReviewed(row, viewer)})`;
