import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { spareEmergency, spareGrant, spareReview, spareToken } from '../harness/core-records.ts';

const DIGEST = '0'.repeat(64);

/**
 * Rows of the gateway's own modules for people to see or not to see: tokens, grants that give nothing, emergencies that are over,
 * reviews, mails, requests with and without decisions. None of it changes what anybody may do.
 */
export async function addCoreRows(superuser: pg.Pool, staffIds: readonly string[], tenantIds: readonly string[], approvers: readonly string[]): Promise<void> {
  // Seen now and for hours: the time of last use stays still while questions are asked.
  await superuser.query(`update gateway.session set last_seen_at = clock_timestamp() + interval '6 hours', expires_at = clock_timestamp() + interval '12 hours'`);
  for (const [index, staffId] of staffIds.entries()) {
    const next = staffIds[(index + 1) % staffIds.length] ?? staffId;
    const { rows } = await superuser.query<{ id: string }>('select id from gateway.session where staff_id = $1 order by created_at desc limit 1', [staffId]);
    const actor = { staffId, sessionId: rows[0]?.id ?? randomUUID() };
    await spareToken(superuser, actor);
    await spareToken(superuser, actor, true);
    await spareGrant(superuser, { staffId, kind: 'elevation', revoked: true });
    await spareGrant(superuser, { staffId, revoked: true });
    await spareEmergency(superuser, actor, 'reviewed', next);
    if (index % 2 === 0) await spareEmergency(superuser, actor, 'over', next);
    await spareReview(superuser, staffId, index % 3 === 0, next);
    await addMail(superuser, staffId);
    for (let request = 0; request < 2; request += 1)
      await addRequest(superuser, {
        requesterId: staffId,
        tenantId: request === 0 ? (tenantIds[index % tenantIds.length] ?? null) : null,
        approver: approvers[(index * 2 + request) % approvers.length] ?? '',
        reviewerId: index % 2 === request ? next : null,
        ended: index % 3 === 1,
      });
  }
}

async function addMail(superuser: pg.Pool, staffId: string): Promise<void> {
  await superuser.query(
    `with said as (insert into gateway.outgoing_message (id, correlation_id, template, payload, delivered_at) values ($1, gen_random_uuid(), 'approval-requested', '{}', clock_timestamp()) returning id)
     insert into gateway.outgoing_mail (id, message_id, staff_id, to_address, subject, body, language) select gen_random_uuid(), id, $2, 'nobody@sallyport.example', 'A request waits', 'It waits.', 'en, id' from said`,
    [randomUUID(), staffId],
  );
}

interface Request {
  readonly requesterId: string;
  readonly tenantId: string | null;
  readonly approver: string;
  readonly reviewerId: string | null;
  readonly ended: boolean;
}

async function addRequest(superuser: pg.Pool, { requesterId, tenantId, approver, reviewerId, ended }: Request): Promise<void> {
  const id = randomUUID();
  await superuser.query(
    `insert into gateway.approval_request (id, requester_id, session_id, second_factor, surface, ip, correlation_id, action, permission, target_type, target_id, target_title, tenant_id, reason, ticket,
       arguments, argument_digest, policy_version, rule, changes, shown_digest, expires_at)
     values ($1, $2, gen_random_uuid(), 'totp', 'console', '127.0.0.1', gen_random_uuid(), 'adjustCredit', 'billing.credit.adjust', 'tenant', $3, 'Tenant', $3, 'Asked by the oracle', 'TEST-8',
       '{}', $4, $4, $5, '[]', $4, clock_timestamp() + interval '1 day')`,
    [id, requesterId, tenantId, DIGEST, JSON.stringify({ stated: { en: 'always', id: 'selalu' }, alternatives: [{ approver, quorum: 1 }], denials: 1, expiresAfterMinutes: 1440 })],
  );
  if (reviewerId !== null)
    await superuser.query(
      `insert into gateway.approval_review (id, request_id, reviewer_id, decision, comment, shown_digest, session_id) values (gen_random_uuid(), $1, $2, $3, 'Seen', $4, gen_random_uuid())`,
      [id, reviewerId, ended ? 'deny' : 'approve', DIGEST],
    );
  if (ended)
    await superuser.query(`insert into gateway.approval_ending (request_id, state, ended_by, cause) values ($1, $2, $3, null)`, [
      id,
      reviewerId === null ? 'cancelled' : 'denied',
      reviewerId ?? requesterId,
    ]);
}
