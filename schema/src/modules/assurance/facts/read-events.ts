import { type RawBuilder, sql } from 'kysely';
import { ANSWERS_READ } from '../assurance.event.ts';
import { EVENTS_EXPORTED, EVENTS_READ, EVIDENCE_BEGUN, PERSONAL_FIELDS_READ, REPORT_READ } from '../../audit/audit.event.ts';
import { FLOWS_READ } from '../../flows/flow.event.ts';
import { requestFiled } from '../../approvals/request.event.ts';
import { recordsSearched } from '../../gateway/index.ts';
import { type AnswersScope, inPeriod, ofTenant } from '../answers-scope.ts';
import type { DeclaredFacts } from './declared-facts.ts';

/** What the log says of the period, counted. An act is a write that was carried out; asking for one and trying one out are none. */
export interface EventFacts {
  readonly events: number;
  readonly refused: number;
  readonly failed: number;
  /** Of what was refused: for want of a right, of a fresh code, and the requester's own approval. */
  readonly refusedForRights: number;
  readonly refusedForCode: number;
  readonly refusedOwnApproval: number;
  readonly acts: number;
  /** Of the acts: by a person's own account, in a session opened with a second factor, with a recovery code for it, through a token. */
  readonly actsNamed: number;
  readonly actsWithFactor: number;
  readonly actsWithRecoveryCode: number;
  readonly actsByToken: number;
  readonly people: number;
  /** Entries of what was done on the server's command line, where no second factor is asked for. */
  readonly commandLine: number;
  readonly privileged: number;
  /** Of the privileged acts: confirmed with a fresh code, with a reason, with a ticket, complete (person, session, grant, permission, reason). */
  readonly privilegedConfirmed: number;
  readonly privilegedReasoned: number;
  readonly privilegedTicketed: number;
  readonly privilegedComplete: number;
  /** Of the kinds that always ask for a fresh code. */
  readonly alwaysAsking: number;
  readonly alwaysAskingConfirmed: number;
  /** Of the kinds with a rule for a second person. */
  readonly approvable: number;
  readonly approvableApproved: number;
  readonly exports: number;
  readonly exportsApproved: number;
  readonly emergencyActs: number;
  /** Answers that held personal fields, and the people who got them. */
  readonly readings: number;
  readonly readers: number;
  /** Searches over several tenants, and those confirmed with a fresh code. */
  readonly wideSearches: number;
  readonly wideSearchesConfirmed: number;
  readonly logReadings: number;
  readonly logExports: number;
}

const READING_OF_LOG = [EVENTS_READ.kind, REPORT_READ.kind, FLOWS_READ.kind, ANSWERS_READ.kind, 'log.entries.read'];
const EXPORT_OF_LOG = [EVENTS_EXPORTED.kind, EVIDENCE_BEGUN.kind];
const IS_READING = sql`kind = ${PERSONAL_FIELDS_READ.kind} and outcome = 'ok'`;
/** IDs of tenants that a reading's event names at most; beyond, only their number is kept. */
const TENANTS_NAMED = 200;

export async function readEvents(scope: AnswersScope, { names }: DeclaredFacts): Promise<EventFacts> {
  const named = (actions: readonly string[]) => sql`action = any(${[...actions]}::text[])`;
  const of = (condition: RawBuilder<unknown>): RawBuilder<unknown> => sql`count(*) filter (where ${condition})`;
  const act = sql`outcome = 'ok' and effect = 'write' and action is not null and kind <> ${requestFiled.kind}`;
  const privileged = sql`${act} and tier = 'privileged'`;
  const counts: Readonly<Record<Exclude<keyof EventFacts, 'people' | 'readers'>, RawBuilder<unknown>>> = {
    events: sql`count(*)`,
    refused: of(sql`outcome = 'denied'`),
    failed: of(sql`outcome = 'failed'`),
    refusedForRights: of(sql`outcome = 'denied' and reason_code in ('FORBIDDEN', 'NOT_FOUND')`),
    refusedForCode: of(sql`outcome = 'denied' and reason_code in ('STEP_UP_REQUIRED', 'STEP_UP_FAILED')`),
    refusedOwnApproval: of(sql`outcome = 'denied' and reason_code = 'SELF_APPROVAL'`),
    acts: of(act),
    // By what IDs of accounts look like: nobody who is not an account has one.
    actsNamed: of(sql`${act} and actor_id ~ '^[0-9a-f]{8}-'`),
    actsWithFactor: of(sql`${act} and second_factor is not null`),
    actsWithRecoveryCode: of(sql`${act} and second_factor = 'recovery-code'`),
    actsByToken: of(sql`${act} and token_id is not null`),
    commandLine: of(sql`surface = 'cli' and outcome = 'ok'`),
    privileged: of(privileged),
    privilegedConfirmed: of(sql`${privileged} and step_up_id is not null`),
    privilegedReasoned: of(sql`${privileged} and reason is not null`),
    privilegedTicketed: of(sql`${privileged} and ticket is not null`),
    privilegedComplete: of(sql`${privileged} and reason is not null and actor_id is not null and session_id is not null and permission is not null`),
    alwaysAsking: of(sql`${act} and ${named(names.codeAlways)}`),
    alwaysAskingConfirmed: of(sql`${act} and step_up_id is not null and ${named(names.codeAlways)}`),
    approvable: of(sql`${act} and ${named(names.approvable)}`),
    approvableApproved: of(sql`${act} and approval_id is not null and ${named(names.approvable)}`),
    exports: of(sql`${act} and ${named(names.exporting)}`),
    exportsApproved: of(sql`${act} and approval_id is not null and ${named(names.exporting)}`),
    emergencyActs: of(sql`${act} and break_glass_id is not null`),
    readings: of(IS_READING),
    wideSearches: of(sql`kind = ${recordsSearched.kind} and outcome = 'ok'`),
    wideSearchesConfirmed: of(sql`kind = ${recordsSearched.kind} and outcome = 'ok' and step_up_id is not null`),
    logReadings: of(sql`outcome = 'ok' and kind = any(${READING_OF_LOG}::text[])`),
    logExports: of(sql`outcome = 'ok' and kind = any(${EXPORT_OF_LOG}::text[])`),
  };
  const columns = Object.entries(counts);
  // By actor first, so that several workers count at once and people are counted without sorting events.
  const { rows } = await sql<EventFacts>`
    select ${sql.join(columns.map(([name]) => sql`coalesce(sum(${sql.id(name)}), 0)::int as ${sql.id(name)}`))},
      count(actor_id) filter (where acts > 0)::int as people, count(actor_id) filter (where readings > 0)::int as readers
    from (
      select actor_id, ${sql.join(columns.map(([name, counting]) => sql`${counting} as ${sql.id(name)}`))}
      from audit.event event where ${inPeriod(scope, sql`event.time`)} and ${ofTenant(scope, sql`event.tenant_id`)} group by actor_id) person`.execute(scope.tx);
  const [counted] = rows;
  if (!counted) throw new Error('An aggregate always gives a row');
  return scope.tenantId === null ? counted : { ...counted, ...(await withReadingsOfSeveral(scope, scope.tenantId)) };
}

/** A reading of several tenants' records belongs to none of them on the log: of one tenant it counts where it names that one, or more than it names. */
async function withReadingsOfSeveral(scope: AnswersScope, tenantId: string): Promise<Pick<EventFacts, 'readings' | 'readers'>> {
  const { rows } = await sql<Pick<EventFacts, 'readings' | 'readers'>>`
    select count(*)::int as readings, count(distinct actor_id)::int as readers from audit.event event
    where ${inPeriod(scope, sql`event.time`)} and ${IS_READING} and (
      tenant_id = ${tenantId}
      or (tenant_id is null and (detail @> ${JSON.stringify({ tenants: { ids: [tenantId] } })}::jsonb or detail #> '{tenants,count}' > to_jsonb(${TENANTS_NAMED}::int) or detail #> '{tenants,omitted}' is not null or detail ? 'omitted')))`.execute(
    scope.tx,
  );
  return rows[0] ?? { readings: 0, readers: 0 };
}
