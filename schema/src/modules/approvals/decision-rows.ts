import { sql } from 'kysely';
import { upperSnake } from '../../graphql/names.ts';
import type { Db, PersonalReads } from '../../ports.ts';
import { isKey } from '../../resources/columns.ts';
import type { Registry } from '../../resources/registry.ts';
import type { Viewer } from '../../viewer.ts';
import { concerns, hasReviewed, isOwn, isPending, mayApprove } from './request-rows.ts';

export interface DecidedChange {
  readonly resource: string;
  readonly id: string;
  readonly field: string;
  /** Rendered; null where absent, hidden or erased (then `masked`). */
  readonly before: string | null;
  readonly after: string | null;
  readonly masked: boolean;
  readonly permission: string | null;
}

export interface DecidedInput {
  readonly name: string;
  readonly value: string | null;
  readonly masked: boolean;
}

export interface DecidedOn {
  readonly shownDigest: string;
  readonly changes: readonly DecidedChange[];
  readonly input: readonly DecidedInput[];
}

/** As the server keeps them (`server/src/gates/approvals`). */
interface StoredRow {
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string | null;
  readonly tenantId: string | null;
  readonly shownDigest: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly changes: readonly {
    readonly resource: string;
    readonly id: string;
    readonly field: string;
    readonly before: unknown;
    readonly after: unknown;
    readonly class: string;
    readonly permission: string | null;
  }[];
  /** The personal values that were not erased, by their names. */
  readonly kept: Readonly<Record<string, unknown>>;
}

const text = (value: unknown): string | null => (value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value));

/**
 * A request as this viewer may judge it. A personal value is shown to whoever may read the field there, and noted as read.
 * Null where the request is none of the viewer's business.
 */
export async function readDecision(db: Db, registry: Registry, id: string, viewer: Viewer, reads: PersonalReads): Promise<DecidedOn | null> {
  if (!isKey('uuid', id)) return null;
  const { rows } = await sql<StoredRow>`
    select action, target_type as "targetType", target_id as "targetId", tenant_id as "tenantId", shown_digest as "shownDigest", arguments, changes,
      coalesce((select jsonb_object_agg(value.name, value.value) from gateway.approval_value value where value.request_id = r.id), '{}') as kept
    from gateway.approval_request r where r.id = ${id}::uuid and ${concerns('r', viewer)}`.execute(db);
  const [request] = rows;
  if (!request) return null;
  const { tenantId, kept } = request;
  const mayRead = (permission: string | null): boolean => {
    const reach = permission === null ? undefined : viewer.rights.get(permission);
    return reach === 'global' || (reach !== undefined && tenantId !== null && reach.has(tenantId));
  };
  const changes = request.changes.map((change, index): DecidedChange => {
    const { resource, id: record, field, permission } = change;
    const isPersonal = change.class === 'personal';
    const hasValues = !isPersonal || (`changes.${index}.before` in kept && `changes.${index}.after` in kept);
    const masked = change.class === 'secret' || !mayRead(permission) || !hasValues;
    if (isPersonal && !masked) reads.note(resource, field, record, tenantId);
    const isEnum = registry.resources.get(resource)?.fields[field]?.type === 'enum';
    const side = (name: 'before' | 'after'): string | null => {
      const value = masked ? null : text(isPersonal ? kept[`changes.${index}.${name}`] : change[name]);
      return value !== null && isEnum ? upperSnake(value) : value;
    };
    return { resource, id: record, field, before: side('before'), after: side('after'), masked, permission };
  });
  const declared = registry.actions.get(request.action)?.input ?? {};
  // Personal input is for whoever may read what it changes; without a change that tells, for nobody.
  const personalReads = request.changes.filter((change) => change.class === 'personal').map(({ permission }) => permission);
  const mayReadInput = personalReads.length > 0 && personalReads.every(mayRead);
  const input = Object.entries(request.arguments).map(([name, value]): DecidedInput => {
    if (declared[name]?.class !== 'personal') return { name, value: text(value), masked: false };
    const masked = !mayReadInput || !(`arguments.${name}` in kept);
    if (!masked) reads.note(request.targetType, `input.${name}`, request.targetId ?? '', tenantId);
    return { name, value: masked ? null : text(kept[`arguments.${name}`]), masked };
  });
  return { shownDigest: request.shownDigest, changes, input };
}

/** How many open requests wait for this viewer's decision, and how many of their own wait for others. */
export async function readCounts(db: Db, viewer: Viewer): Promise<{ readonly toReview: number; readonly mine: number }> {
  const { rows } = await sql<{ toReview: number; mine: number }>`
    select (count(*) filter (where not ${isOwn('r', viewer)} and ${mayApprove('r', viewer)} and not ${hasReviewed('r', viewer)}))::int as "toReview",
      (count(*) filter (where ${isOwn('r', viewer)}))::int as mine
    from gateway.approval_request r where ${isPending('r')}`.execute(db);
  return rows[0] ?? { toReview: 0, mine: 0 };
}
