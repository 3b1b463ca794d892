import { randomBytes, randomUUID } from 'node:crypto';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { type Kysely, sql } from 'kysely';
import { openLog } from '../audit/log-fixture.ts';
import type { TestGateway } from '../../helpers/gateway.ts';

/** What a forger with nothing but the serving login writes; each part can be left out or be another. */
export interface Forgery {
  /** How many years the act sets for the class `reading`, and what the request showed. */
  readonly years: number;
  readonly shown: number;
  readonly targetId: string;
  /** Of which record the request shows the change. */
  readonly shownId: string;
  /** An erasure in place of setting the period: whose values go, and the event's detail. */
  readonly erasure: { readonly type: string; readonly id: string; readonly subjects: unknown; readonly detail: Readonly<Record<string, unknown>> } | null;
  readonly rule: Readonly<Record<string, unknown>>;
  readonly minutesToLive: number;
  readonly requester: string;
  readonly reviewer: string;
  readonly reviewed: 'approve' | 'deny' | null;
  readonly reviewOf: 'this' | 'another';
  readonly requesterProof: 'spent' | 'unspent' | 'none';
  readonly approverProof: 'spent' | 'spent-before' | 'none';
  readonly session: 'live' | 'ended' | 'read-only';
  /** When the filing reaches the log: in a commit of its own and signed, with the act, sealed by the forger with the act (behind a savepoint, with others' commits between), or never. */
  readonly filing: 'signed' | 'with-the-act' | 'sealed-with-the-act' | 'sealed-behind-a-savepoint' | 'never';
  /** Whether the act comes first, is looked at with all that it takes, and what it takes is then undone. */
  readonly undone: boolean;
  readonly filedBy: 'requester' | 'reviewer';
  readonly approvalEvent: boolean;
  readonly actEvent: 'true' | 'other-years' | 'none';
  readonly ending: 'executed' | 'cancelled' | null;
}

export const COMPLETE: Omit<Forgery, 'requester' | 'reviewer'> = {
  years: 3,
  shown: 3,
  targetId: 'reading',
  shownId: 'reading',
  erasure: null,
  rule: { stated: { en: 'x', id: 'x' }, alternatives: [{ approver: 'log.keeping.approve', quorum: 1 }], denials: 1, expiresAfterMinutes: 60 },
  minutesToLive: 60,
  reviewed: 'approve',
  reviewOf: 'this',
  requesterProof: 'spent',
  approverProof: 'spent',
  session: 'live',
  filing: 'signed',
  undone: false,
  filedBy: 'requester',
  approvalEvent: true,
  actEvent: 'true',
  ending: 'executed',
};

const DIGEST = 'a'.repeat(64);
const ACTION = 'setRetentionPeriod';

/** Sets the period as a request that nobody made and nobody approved. Rejects where the database does. @returns the request's ID. */
export async function forge({ gateway, database: { app } }: TestGateway, forgery: Forgery): Promise<string> {
  const { requester, reviewer } = forgery;
  const [requestId, correlationId, stepUpId, sessionId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const log = openLog(app);
  const common = { outcome: 'ok', correlationId, surface: 'console', ip: '127.0.0.1', viewer: null, approvalId: requestId, action: ACTION } as const;
  const filed: AuditEventDraft = { ...common, kind: 'approvals.request.filed', actorId: forgery.filedBy === 'requester' ? requester : reviewer };

  await insertSession(app, sessionId, reviewer, forgery.session);
  if (forgery.requesterProof !== 'none')
    await insertProof(app, { id: stepUpId, staffId: requester, sessionId, action: ACTION, targetId: 'reading', spent: forgery.requesterProof === 'spent' });
  if (forgery.approverProof === 'spent-before')
    await insertProof(app, { id: randomUUID(), staffId: reviewer, sessionId, action: 'approveRequest', targetId: requestId, spent: true });
  await sql`
    insert into gateway.approval_request (id, requested_at, requester_id, session_id, second_factor, surface, ip, step_up_id, correlation_id, action, permission, target_type, target_id,
      reason, arguments, argument_digest, policy_version, rule, changes, shown_digest, expires_at)
    select ${requestId}, now - interval '2 hours', ${requester}, ${sessionId}, 'totp', 'console', '127.0.0.1', ${forgery.requesterProof === 'none' ? null : stepUpId}, ${correlationId}, ${ACTION},
      'log.retention.set', 'retentionPeriod', ${forgery.targetId}, 'forged', '{}', ${DIGEST}, ${DIGEST}, ${JSON.stringify(forgery.rule)}::jsonb,
      ${JSON.stringify(changesOf(forgery))}::jsonb, ${DIGEST},
      now + make_interval(mins => ${forgery.minutesToLive}) from clock_timestamp() now`.execute(app);
  if (forgery.filing === 'signed') {
    await log.append(app, filed);
    await gateway.integrity.sealNow();
  }

  const { erasure } = forgery;
  await app.transaction().execute(async (tx) => {
    if (forgery.filing.endsWith('with-the-act')) await log.append(tx, filed);
    if (forgery.filing === 'sealed-with-the-act') await sealAlone(tx);
    if (forgery.filing === 'sealed-behind-a-savepoint') {
      await sql`savepoint sealing`.execute(tx);
      await log.append(tx, filed);
      await sealAlone(tx);
      await sql`release savepoint sealing`.execute(tx);
      // Transactions that begin and commit meanwhile: the forger's own numbers lie below theirs.
      for (let others = 0; others < 3; others++) await sql`insert into gateway.installation (name, value) values (${randomUUID()}, 'true')`.execute(app);
    }
    const act = () =>
      erasure
        ? sql`select audit.erase_values(${erasure.type}, ${erasure.id}, ${JSON.stringify(erasure.subjects)}::jsonb, '{}', ${requestId}, ${requester}, 'x', null, gen_random_uuid())`.execute(
            tx,
          )
        : sql`select audit.set_retention_period('reading', ${forgery.years}, ${requestId})`.execute(tx);
    if (forgery.undone) {
      await act();
      await sql`savepoint everything`.execute(tx);
    }
    if (forgery.approverProof === 'spent') await insertProof(tx, { id: randomUUID(), staffId: reviewer, sessionId, action: 'approveRequest', targetId: requestId, spent: true });
    if (forgery.reviewed)
      await sql`
        insert into gateway.approval_review (id, request_id, reviewer_id, decision, shown_digest, session_id)
        values (${randomUUID()}, ${requestId}, ${reviewer}, ${forgery.reviewed}, ${forgery.reviewOf === 'this' ? DIGEST : 'b'.repeat(64)}, ${sessionId})`.execute(tx);
    if (forgery.approvalEvent) await log.append(tx, { ...common, kind: 'approvals.request.approved', actorId: reviewer });
    const actId = randomUUID();
    if (forgery.actEvent !== 'none') {
      const years = forgery.actEvent === 'true' ? forgery.years : forgery.years + 1;
      await log.append(tx, {
        ...common,
        id: actId,
        kind: 'log.retention.set',
        actorId: requester,
        before: { years: 2 },
        after: { years },
        classes: { years: 'internal' },
        ...(forgery.erasure ? { detail: forgery.erasure.detail } : {}),
      });
    }
    if (forgery.ending)
      await sql`insert into gateway.approval_ending (request_id, state, ended_by, audit_event_id) values (${requestId}, ${forgery.ending}, ${reviewer}, ${actId})`.execute(tx);
    if (!forgery.undone) return void (await act());
    await sql`set constraints all immediate`.execute(tx);
    await sql`rollback to savepoint everything`.execute(tx);
  });
  return requestId;
}

function changesOf({ shownId, shown, erasure }: Forgery): readonly unknown[] {
  if (!erasure) return [{ resource: 'retentionPeriod', id: shownId, field: 'years', before: 2, after: shown }];
  const made = { resource: 'logErasure', id: randomUUID(), before: null };
  return [
    { ...made, field: 'recordType', after: erasure.type },
    { ...made, field: 'recordId', after: erasure.id },
  ];
}

async function insertSession(app: Kysely<unknown>, id: string, staffId: string, state: Forgery['session']): Promise<void> {
  await sql`
    insert into gateway.session (id, staff_id, token_hash, stage, mode, second_factor, expires_at, ended_at, end_reason, ip, user_agent)
    values (${id}, ${staffId}, ${randomBytes(32)}, 'full', ${state === 'read-only' ? 'read-only' : 'normal'}, 'totp', clock_timestamp() + interval '1 hour',
      ${state === 'ended' ? sql`clock_timestamp()` : null}, ${state === 'ended' ? 'signed-out' : null}, '127.0.0.1', 'forger')`.execute(app);
}

interface Proof {
  readonly id: string;
  readonly staffId: string;
  readonly sessionId: string;
  readonly action: string;
  readonly targetId: string;
  readonly spent: boolean;
}

async function insertProof(db: Kysely<unknown>, { id, staffId, sessionId, action, targetId, spent }: Proof): Promise<void> {
  await sql`
    insert into gateway.step_up (id, staff_id, session_id, action, target_type, target_id, action_digest, challenge_hash, proof_hash, expires_at, verified_at, consumed_at)
    values (${id}, ${staffId}, ${sessionId}, ${action}, 'x', ${targetId}, 'x', ${randomBytes(32)}, ${randomBytes(32)}, clock_timestamp() + interval '5 minutes', clock_timestamp(),
      ${spent ? sql`clock_timestamp()` : null})`.execute(db);
}

/** Puts what waits into the tree and keeps a checkpoint of it whose signature is worthless, within a transaction. */
async function sealAlone(tx: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ first: number | null; leaves: Buffer | null }>`select first, leaf_hashes as leaves from audit.seal(4096)`.execute(tx);
  const { first = null, leaves = null } = rows[0] ?? {};
  if (first === null || leaves === null) throw new Error('somebody else seals');
  const [size, root] = [Number(first) + leaves.length / 32, randomBytes(32)];
  await sql`select audit.advance(${first}, ${size}, ${root}, ${root}, '{}', '{}', '{}')`.execute(tx);
  await sql`select audit.keep_checkpoint((select origin from audit.log_head), ${size}, ${root}, 'worthless')`.execute(tx);
}
