import { createHash } from 'node:crypto';
import { canonicalText, type EventRecord } from '@sallyport/server/audit/event-record.ts';
import { mappedKinds } from '@sallyport/server/evidence/ocsf/kind-rules.ts';
import { ocsfLine, toOcsf } from '@sallyport/server/evidence/ocsf/to-ocsf.ts';
import { describe, expect, test } from 'vitest';
import { bareRecord, fullRecord, kinds, outcomes, recordsOf } from './sample-records.ts';

/** Every text and number within a value, with the names of the members that are not ours to rename. */
function leavesOf(value: unknown): readonly (string | number | boolean)[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value === 'object') return Object.entries(value).flatMap(([name, member]) => [name, ...leavesOf(member)]);
  return [value as string | number | boolean];
}

const valuesOf = (record: Partial<EventRecord>): readonly (string | number | boolean)[] => Object.values(record).flatMap(leavesOf);

describe('4.12: the mapping to OCSF', () => {
  test('every kind of the catalogue has a rule of its own, and no rule is for a kind that is not there', () => {
    expect(kinds.filter((kind) => !mappedKinds.includes(kind))).toEqual([]);
    expect(mappedKinds.filter((kind) => !kinds.includes(kind))).toEqual([]);
  });

  test.each(kinds)('%s loses nothing that the log says', (kind) => {
    const faulty: object[] = [];
    for (const outcome of outcomes)
      for (const record of recordsOf(kind, outcome)) {
        const event = toOcsf(record);
        const kept = new Set(leavesOf(event).map(String));
        // The outcome and the version of the form are numbers or words of OCSF's own.
        const { outcome: _, ...told } = record;
        const lost = valuesOf(told).filter((value) => !kept.has(String(value)));
        const { uid, correlation_uid: story, event_code: code, original_time: time } = event.metadata;
        const inPlace = uid === record.id && story === record.correlationId && code === kind && time === record.time && event.unmapped['outcome'] === outcome;
        if (lost.length > 0 || !inPlace) faulty.push({ record, lost, inPlace });
      }
    expect(faulty.slice(0, 3)).toEqual([]);
  });

  test('the same record gives the same line, in whatever order its members stand, and is left as it was', () => {
    for (const kind of kinds) {
      const record = Object.freeze(fullRecord(kind, 'ok'));
      const before = canonicalText(record);
      const turned = Object.fromEntries(Object.entries(record).reverse()) as unknown as EventRecord;
      expect(ocsfLine(turned)).toBe(ocsfLine(record));
      expect(canonicalText(record)).toBe(before);
      expect(ocsfLine(record).indexOf('\n')).toBe(ocsfLine(record).length - 1);
    }
  });

  test('H08: an event names the canonical bytes that it was derived from', () => {
    const record = fullRecord('billing.invoice.refunded', 'ok');
    const bytes = Buffer.from(canonicalText(record));
    expect(toOcsf(record)).toMatchObject({ raw_data_hash: { algorithm_id: 3, value: createHash('sha256').update(bytes).digest('hex') }, raw_data_size: bytes.length });
    expect(toOcsf({ ...record, reason: 'another' }).raw_data_hash.value).not.toBe(toOcsf(record).raw_data_hash.value);
  });

  test('times are the milliseconds of the log, never rounded up, whatever the machine is set to', () => {
    for (const [time, milliseconds] of [
      ['1970-01-01T00:00:00.000999Z', 0],
      ['2026-11-21T09:06:48.123999Z', 1_795_252_008_123],
      ['2026-12-31T23:59:59.999999Z', 1_798_761_599_999],
    ] as const)
      expect(toOcsf({ ...bareRecord('audit.events.read', 'ok'), time })).toMatchObject({
        time: milliseconds,
        timezone_offset: 0,
        metadata: { logged_time: milliseconds, original_time: time },
      });
  });

  test('a preview never carries the type of the act that it shows, nor Success', () => {
    for (const kind of kinds) {
      const shown = toOcsf(fullRecord(kind, 'previewed'));
      expect(shown).toMatchObject({ activity_id: 99, status_id: 99, status: 'Previewed', severity: 'Informational' });
      expect(shown.type_uid % 100).toBe(99);
    }
  });

  test.each([
    ['access.password.refused', 'denied', 300201, 'Failure'],
    ['access.session.started', 'ok', 300201, 'Success'],
    ['access.session.ended', 'ok', 300202, 'Success'],
    ['access.grant.given', 'ok', 300716, 'Success'],
    ['access.grant.given', 'denied', 300716, 'Failure'],
    ['access.staff.disabled', 'ok', 300705, 'Success'],
    ['tokens.token.created', 'ok', 300718, 'Success'],
    ['emergency.break-glass.started', 'ok', 300303, 'Success'],
    ['approvals.request.denied', 'ok', 300411, 'Success'],
    ['accounts.tenant.suspended', 'failed', 300412, 'Failure'],
    ['billing.invoice.refunded', 'ok', 600303, 'Success'],
    ['access.personal-fields.read', 'ok', 600302, 'Success'],
    ['gateway.process.started', 'ok', 600203, 'Success'],
  ])('%s, %s is of type %i, a %s', (kind, outcome, type, status) => {
    expect(toOcsf(fullRecord(kind, outcome))).toMatchObject({ type_uid: type, status });
  });

  test('what was refused or failed is never less severe than what was done', () => {
    for (const kind of kinds) {
      const [done = 0, denied = 0, failed = 0] = ['ok', 'denied', 'failed'].map((outcome) => toOcsf(fullRecord(kind, outcome)).severity_id);
      expect(denied).toBeGreaterThanOrEqual(Math.max(done, 2));
      expect(failed).toBeGreaterThanOrEqual(Math.max(done, 3));
    }
    expect(toOcsf(fullRecord('emergency.break-glass.started', 'ok')).severity).toBe('High');
    expect(toOcsf(fullRecord('log.verification.ended', 'failed')).severity).toBe('Critical');
    expect(toOcsf({ ...fullRecord('billing.invoice.refunded', 'denied'), reasonCode: 'STEP_UP_REQUIRED' }).severity).toBe('Low');
  });

  test('nobody is named whom the event does not name', () => {
    const other = { ...fullRecord('access.session.ended', 'ok'), targetType: 'session', targetId: 'of somebody else', detail: { why: 'person-disabled' } };
    expect(toOcsf(other)).toMatchObject({ user: { name: 'Unknown', type_id: 0 }, session: { uid: 'of somebody else' }, actor: { user: { uid: other.actorId } } });
    expect(toOcsf({ ...other, detail: { why: 'person-disabled', staffId: 'somebody else' } })).toMatchObject({
      user: { uid: 'somebody else', type: 'User' },
      actor: { user: { uid: other.actorId } },
    });
    const revoked = { ...fullRecord('tokens.token.revoked', 'ok'), targetType: 'accessToken', targetId: 'token', detail: { staffId: 'its maker' } };
    expect(toOcsf(revoked).user).toEqual({ uid: 'its maker', type: 'User', type_id: 1, programmatic_credentials: [{ uid: 'token', type: 'Access token' }] });
    expect(toOcsf({ ...other, targetId: other.sessionId ?? '' }).user).toMatchObject({ uid: other.actorId });
    const byClock = {
      ...bareRecord('emergency.break-glass.ended', 'ok'),
      actorId: 'worker',
      actorName: 'Background worker',
      sessionId: 'of the owner',
      detail: { staffId: 'owner' },
    };
    expect(toOcsf(byClock)).toMatchObject({ actor: { user: { uid: 'worker', type: 'System' } }, user: { uid: 'owner' }, unmapped: { sessionId: 'of the owner' } });
    expect(toOcsf(byClock).actor).not.toHaveProperty('session');
  });

  test('an act on an access right names role and person; one on a record names the record', () => {
    const given = fullRecord('access.grant.given', 'ok');
    expect(toOcsf(given)).toMatchObject({
      user: { uid: given.detail?.['staffId'] },
      iam_roles: [{ name: 'billing-operator' }],
      actor: { session: { is_mfa: true, credential_uid: given.tokenId } },
    });
    const renewed = toOcsf({ ...bareRecord('access.staff.enrolment-renewed', 'ok'), targetType: 'staffMember', targetId: 'somebody' });
    expect(renewed).toMatchObject({ user: { uid: 'somebody' }, auth_factors: [{ factor_type_id: 11 }, { factor_type_id: 7, is_totp: true }] });
    const refunded = fullRecord('billing.invoice.refunded', 'denied');
    expect(toOcsf(refunded)).toMatchObject({
      api: { operation: 'doSomething', response: { error: 'FORBIDDEN' } },
      resources: [{ uid: refunded.targetId, type: 'invoice', role: 'Target' }],
      status_code: 'FORBIDDEN',
      metadata: { tenant_uid: 'tenant-7' },
    });
    const filed = fullRecord('approvals.request.filed', 'ok');
    expect(toOcsf(filed)).toMatchObject({
      entity: { uid: filed.approvalId, type: 'approvalRequest' },
      comment: filed.reason,
      unmapped: { targetType: 'invoice', before: filed.before },
    });
  });

  test("names of an object's own prototype are no kinds, and what no rule knows is API activity by its effect", () => {
    for (const kind of ['constructor', '__proto__', 'toString', 'music.track.renamed']) {
      expect(toOcsf({ ...bareRecord(kind, 'ok'), effect: 'write' }).type_uid).toBe(600303);
      expect(toOcsf({ ...bareRecord(kind, 'ok'), effect: 'read' }).type_uid).toBe(600302);
      expect(toOcsf(bareRecord(kind, 'ok')).type_uid).toBe(600300);
    }
  });
});
