import { randomUUID } from 'node:crypto';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { type Kysely, sql } from 'kysely';
import { appendInThePast } from '../../helpers/past-events.ts';
import { billingOperator } from '../audit/log-fixture.ts';
import type { EvidenceHouse } from './evidence-house.ts';

const APPROVED = { approvalId: '0199c0de-0000-7000-8000-0000000000aa' } as const;
const EXPORT = { kind: 'data-exports.export.ordered', action: 'orderDataExport', permission: 'data-exports.export.order' } as const;
const READING = { kind: 'access.personal-fields.read', fieldsRead: ['person.email'] } as const;
const BY_TOKEN = { ...billingOperator, token: { id: 'token-1', name: 'ledger', expiresAt: '2026-11-21T10:00:00.000000Z' } };
const BY_RECOVERY_CODE = { ...billingOperator, session: { ...billingOperator.session, secondFactor: 'recovery-code' as const } };

function without(draft: AuditEventDraft, ...members: readonly (keyof AuditEventDraft)[]): AuditEventDraft {
  const left = { ...draft };
  for (const member of members) Reflect.deleteProperty(left, member);
  return left;
}

/** A draft whose act names no fresh code: members that are left out can't be taken away by spreading. */
export const withoutCode = (draft: AuditEventDraft): AuditEventDraft => without(draft, 'stepUpId');

/** Something of every kind that answers count, for three tenants and for none, and the same before the period. */
export async function writeEvents(house: EvidenceHouse, draft: (members: Partial<AuditEventDraft>) => AuditEventDraft): Promise<void> {
  const bare = (members: Partial<AuditEventDraft>): AuditEventDraft => without(draft(members), 'stepUpId', 'action', 'permission', 'effect', 'tier', 'reach');
  const [one = '', two = '', three = ''] = house.tenants;
  const drafts: AuditEventDraft[] = [];
  for (const [index, tenantId] of [one, two, three, null].entries()) {
    for (let count = 0; count <= index; count++) drafts.push(draft({ tenantId }), draft({ tenantId, ...APPROVED }));
    drafts.push(
      withoutCode(draft({ tenantId, action: 'resendInvoice', tier: 'routine' })),
      withoutCode(draft({ tenantId, viewer: BY_TOKEN, action: 'suspendTenant' })),
      draft({ tenantId, viewer: BY_RECOVERY_CODE, action: 'resetMfa' }),
      draft({ tenantId, ...EXPORT, ...APPROVED }),
      draft({ tenantId, breakGlassId: '0199c0de-0000-7000-8000-0000000000bb' }),
      draft({ tenantId, kind: 'approvals.request.filed' }),
      draft({ tenantId, outcome: 'previewed' }),
      draft({ tenantId, outcome: 'denied', reasonCode: 'FORBIDDEN' }),
      draft({ tenantId, outcome: 'denied', reasonCode: 'STEP_UP_REQUIRED' }),
      draft({ tenantId, outcome: 'denied', reasonCode: 'SELF_APPROVAL' }),
      draft({ tenantId, outcome: 'failed', reasonCode: 'UNAVAILABLE' }),
      bare({ tenantId, ...READING }),
      bare({ tenantId, kind: 'audit.evidence.begun' }),
      bare({ tenantId, kind: 'log.key.added', surface: 'cli', viewer: null, actorId: 'command-line', actorName: 'Command line' }),
    );
  }
  drafts.push(
    draft({ tenantId: null, kind: 'gateway.records.searched-across-tenants', action: 'people', effect: 'read' }),
    // Records of several tenants were answered at once: the event belongs to none of them.
    bare({ tenantId: null, ...READING, detail: { tenants: { count: 2, ids: [one, two] } } }),
    bare({ tenantId: null, ...READING, detail: { tenants: { count: 250, ids: [three] } } }),
    // So many that their list was left out, and one that has nothing to do with the first tenant.
    bare({ tenantId: null, ...READING, detail: { tenants: { omitted: 'size', bytes: 20_000, sha256: 'a'.repeat(64) } } }),
    bare({ tenantId: null, ...READING, detail: { tenants: { count: 2, ids: [two, three] } } }),
  );
  for (const each of drafts) void house.log.record(each);
  await house.log.drain();
  // More than a year ago: no figure of the last 90 days may count them.
  for (const tenantId of [one, null]) {
    await appendInThePast(house.test.database.owner, '2025-03-14T09:26:53.589793Z', { tenantId });
    await appendInThePast(house.test.database.owner, '2025-03-14T09:26:53.689793Z', { tenantId, outcome: 'denied', reasonCode: 'FORBIDDEN' });
  }
}

/**
 * Grants, tokens, emergencies, reviews and requests, as the gateway leaves them, with each ending there is.
 * @param leaver address of the account that is disabled.
 */
export async function writeRows(owner: Kysely<unknown>, tenants: readonly string[], leaver: string): Promise<void> {
  const { rows: staff } = await sql<{ id: string }>`select id::text from gateway.staff where email <> ${leaver} order by email`.execute(owner);
  const person = (at: number): string => staff[at % staff.length]?.id ?? '';
  const [one = '', two = ''] = tenants;
  const reaches = [
    { global: false, of: [one] },
    { global: false, of: [two] },
    { global: true, of: [] },
  ];
  for (const [at, { global, of }] of reaches.entries()) {
    const grant = (kind: string, started: string, ends: string | null, revoked: string | null = null) =>
      sql<{ id: string }>`
        insert into gateway.access_grant (id, staff_id, role, is_global, tenant_ids, reason, kind, created_at, activated_at, expires_at, revoked_at)
        select ${randomUUID()}, ${person(at)}, 'support-viewer', ${global}, ${of}::text[], 'test', ${kind}, started, started, started + ${ends}::interval, started + ${revoked}::interval
        from (select clock_timestamp() - ${started}::interval as started) clock returning id::text`.execute(owner);
    await grant('standing', '3 days', '30 days');
    await grant('standing', '2 days', null);
    await grant('standing', '200 days', '300 days');
    await grant('elevation', '4 days', '40 minutes');
    await grant('standing', '5 days', '60 days', '1 day');
    await sql`
      insert into gateway.access_grant (id, staff_id, role, is_global, tenant_ids, reason, kind, created_at, activated_at, activate_before, minutes)
      values (${randomUUID()}, ${person(at)}, 'support-viewer', ${global}, ${of}::text[], 'test', 'elevation', clock_timestamp() - interval '1 hour', null, clock_timestamp() + interval '1 day', 90)`.execute(
      owner,
    );
    for (const minutes of [15, 240])
      await sql`
        insert into gateway.access_token (id, staff_id, session_id, name, token_hash, hint, permissions, is_global, tenant_ids, reason, created_at, expires_at)
        select ${randomUUID()}, ${person(at)}, ${randomUUID()}, 'test', sha256(${randomUUID()}::text::bytea), 'sp_test', '{billing.invoice.read}', ${global}, ${of}::text[], 'test', made, made + make_interval(mins => ${minutes}::int)
        from (select clock_timestamp() - interval '6 days' as made) clock`.execute(owner);
    const emergency = async (days: number, minutes: number, reviewedAfter: string | null, verdict: string | null) => {
      const { rows } = await grant('break-glass', `${days} days`, '30 minutes');
      await sql`
        insert into gateway.break_glass (id, staff_id, person_id, session_id, correlation_id, reason, ticket, is_global, tenant_ids, started_at, ends_at, ended_at, end_reason, reviewed_by, reviewed_at, verdict, review_comment)
        select ${rows[0]?.id}, ${person(at)}, ${person(at)}, ${randomUUID()}, ${randomUUID()}, 'test', 'T-1', ${global}, ${of}::text[], started, started + interval '30 minutes', started + make_interval(mins => ${minutes}::int), 'ended-by-owner',
          case when ${verdict}::text is not null then ${person(at + 5)}::uuid end, started + ${reviewedAfter}::interval, ${verdict}, case when ${verdict}::text is not null then 'seen' end
        from (select clock_timestamp() - make_interval(days => ${days}::int) as started) clock`.execute(owner);
    };
    await emergency(9, 12, '3 hours', 'justified');
    await emergency(10, 25, '30 hours', 'not-justified');
    await emergency(11, 7, null, null);
    const review = async (daysAgo: number, items: readonly { readonly outcome: string | null; readonly decision: string | null; readonly late: boolean }[]) => {
      const { rows } = await sql<{ id: string }>`
        insert into gateway.access_review (id, title, kind, scope, owner_id, created_at, days, deadline, closed_at, cadence, correlation_id)
        select ${randomUUID()}, 'test', 'grants', '{}', ${person(0)}, closed - interval '14 days', 14, closed, closed, 'once', ${randomUUID()} from (select clock_timestamp() - make_interval(days => ${daysAgo}::int) as closed) clock returning id::text`.execute(
        owner,
      );
      for (const { outcome, decision, late } of items) {
        const subject = await grant('standing', '150 days', '300 days');
        await sql`
          insert into gateway.access_review_item (id, review_id, subject_type, subject_id, staff_id, title, snapshot, used_permissions, unused_permissions, decision, decided_by, decided_at, reason, outcome, outcome_at)
          select ${randomUUID()}, ${rows[0]?.id}, 'grant', ${subject.rows[0]?.id}, ${person(at)}, 'test', '{}', '{}', '{}', ${decision},
            case when ${decision}::text is not null then ${person(at + 3)}::uuid end, case when ${decision}::text is not null then clock_timestamp() - make_interval(days => ${daysAgo}::int) ${late ? sql`+ interval '1 hour'` : sql`- interval '1 day'`} end,
            case when ${decision}::text is not null then 'seen' end, ${outcome}, case when ${outcome}::text is not null then clock_timestamp() end`.execute(owner);
      }
    };
    await review(20, [
      { decision: 'keep', outcome: 'kept', late: false },
      { decision: 'revoke', outcome: 'revoked', late: false },
      { decision: 'keep', outcome: 'kept', late: true },
      { decision: null, outcome: 'revoked-at-deadline', late: false },
      { decision: null, outcome: 'already-ended', late: false },
    ]);
    await review(120, [{ decision: 'keep', outcome: 'kept', late: false }]);
  }
  for (const [at, tenantId] of [one, two, null].entries())
    for (const [nth, state] of ['executed', 'executed', 'denied', 'expired', null].entries()) {
      const { rows } = await sql<{ id: string }>`
        insert into gateway.approval_request (id, requested_at, requester_id, session_id, second_factor, surface, ip, correlation_id, action, permission, target_type, tenant_id, reason, arguments, argument_digest, policy_version, rule, changes, shown_digest, expires_at)
        values (${randomUUID()}, clock_timestamp() - interval '2 days', ${person(at)}, ${randomUUID()}, 'totp', 'console', '127.0.0.1', ${randomUUID()}, 'refundInvoice', 'billing.invoice.refund', 'invoice', ${tenantId}, 'test', '{}', ${'a'.repeat(64)}, ${'b'.repeat(64)},
          '{"alternatives": [{"approver": "billing.refund.approve", "quorum": 1}], "denials": 1}', '[]', ${'c'.repeat(64)}, clock_timestamp() - interval '1 day') returning id::text`.execute(
        owner,
      );
      const id = rows[0]?.id;
      // The second of them was carried out without anybody's approval: what must not happen has to show.
      if (state === 'executed' && nth === 0)
        await sql`insert into gateway.approval_review (id, request_id, reviewer_id, decision, shown_digest, session_id) values (${randomUUID()}, ${id}, ${person(at + 7)}, 'approve', ${'c'.repeat(64)}, ${randomUUID()})`.execute(
          owner,
        );
      if (state !== null)
        await sql`insert into gateway.approval_ending (request_id, state, ended_at) values (${id}, ${state}, clock_timestamp() - interval '1 day')`.execute(owner);
    }
  for (const [days, intact] of [
    [3, false],
    [1, true],
    [300, true],
  ] as const)
    await sql`
      insert into gateway.log_verification (id, started_at, ended_at, size, checked, intact)
      values (${randomUUID()}, clock_timestamp() - make_interval(days => ${days}::int), clock_timestamp() - make_interval(days => ${days}::int) + interval '1 minute', 100, 100, ${intact})`.execute(
      owner,
    );
  await sql`
    insert into gateway.anchor (name, kind, last_size, last_at, failing_since)
    values ('file', 'file', 10, clock_timestamp(), null), ('hook', 'webhook', 10, clock_timestamp(), clock_timestamp()), ('old', 'witness', 1, clock_timestamp() - interval '200 days', null)`.execute(
    owner,
  );
  await sql`
    insert into gateway.log_stream (name, kind, destination, format, served_at, failing_since, problem)
    values ('http-0123456789ab', 'http', 'siem.example', 'ocsf', clock_timestamp(), null, null), ('file-0123456789ab', 'file', 'log.jsonl', 'canonical', clock_timestamp() - interval '9 days', null, null)`.execute(
    owner,
  );
  for (const tenantId of [one, two, null])
    await sql`
      insert into audit.erasure (id, record_type, record_id, tenant_id, values_erased, reason, erased_by, correlation_id, subjects)
      values (${randomUUID()}, 'person', 'gone', ${tenantId}, 3, 'asked for', ${person(0)}, ${randomUUID()}, '{}')`.execute(owner);
  await sql`
    insert into gateway.access_grant (id, staff_id, role, is_global, tenant_ids, reason, created_at, expires_at)
    select ${randomUUID()}, id, 'support-viewer', true, '{}', 'test', clock_timestamp() - interval '100 days', clock_timestamp() + interval '100 days' from gateway.staff where email = ${leaver}`.execute(
    owner,
  );
  await sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() - interval '2 days' where email = ${leaver}`.execute(owner);
}
