import type { EventRecord } from '@sallyport/server/audit/event-record.ts';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';

/** Every kind of the catalogue (schema/generated/audit-events.json), as the modules declare it at this moment. */
export const kinds: readonly string[] = buildGatewaySchema(modules).catalogue.events.map(({ kind }) => kind);
export const outcomes = ['ok', 'denied', 'failed', 'previewed'] as const;

const ID = '0199f0aa-1111-7222-8333-444455556666';

/** What every event has, and nothing else. */
export const bareRecord = (kind: string, outcome: string): EventRecord => ({
  formatVersion: 1,
  id: ID,
  time: '2026-11-21T09:06:48.123456Z',
  correlationId: '5f0c1f5e-9f9e-4d3f-8a53-0c8a3b3b7d11',
  kind,
  outcome,
  surface: 'api',
  environment: 'test',
  policyVersion: 'a'.repeat(64),
});

/** An event with every member that there is, texts as long and strange as the log lets them be. */
export const fullRecord = (kind: string, outcome: string): EventRecord => ({
  ...bareRecord(kind, outcome),
  reasonCode: 'FORBIDDEN',
  surface: 'console',
  actorId: '11111111-1111-4111-8111-111111111111',
  actorName: '株式会社 "Ayu" \\u{202e} 👩‍💻 '.repeat(8),
  subjectId: '22222222-2222-4222-8222-222222222222',
  subjectName: 'Somebody else',
  role: 'support-operator',
  grantId: '33333333-3333-4333-8333-333333333333',
  sessionId: '44444444-4444-4444-8444-444444444444',
  tokenId: '55555555-5555-4555-8555-555555555555',
  breakGlassId: '66666666-6666-4666-8666-666666666666',
  secondFactor: 'totp',
  ip: '2001:db8::7',
  userAgent: 'Mozilla/5.0 (x)'.repeat(20),
  action: 'doSomething',
  permission: 'WRITE_SOMETHING',
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  tenantId: 'tenant-7',
  targetType: 'invoice',
  targetId: 'i'.repeat(200),
  reason: 'Charged twice, see "the ticket"; line 2 – été '.repeat(43),
  ticket: 'SUP-4711',
  approvalId: '77777777-7777-4777-8777-777777777777',
  stepUpId: '88888888-8888-4888-8888-888888888888',
  before: { status: 'paid', 'invoiceLine/1.amount': null, nested: { deep: [1, 2.5, true, null, { a: [] }] } },
  after: { status: 'refunded', amount: '9007199254740993', email: { commitment: 'ab'.repeat(32) } },
  fieldsRead: ['person.email', 'person.name'],
  detail: { staffId: '99999999-9999-4999-8999-999999999999', role: 'billing-operator', secondFactor: 'recovery-code', __proto__x: 1, counts: { FORBIDDEN: 2 ** 40 } },
});

/** Records that are easy to get wrong, for each kind and outcome. */
export function recordsOf(kind: string, outcome: string): readonly EventRecord[] {
  const bare = bareRecord(kind, outcome);
  const full = fullRecord(kind, outcome);
  const variants: readonly Partial<EventRecord>[] = [
    { targetType: 'staffMember', targetId: full.detail?.['staffId'] as string },
    { targetType: 'person', targetId: 'person-1' },
    { targetType: 'session', targetId: full.sessionId ?? '' },
    { targetType: 'session', targetId: 'another' },
    { targetType: 'accessToken', targetId: 'token-1' },
    { targetType: 'approvalRequest', targetId: full.approvalId ?? '' },
    { targetType: 'tenant', targetId: 'tenant-7' },
    { targetType: 'tenant' },
    { targetId: 'without a type' },
    { ip: '' },
    { ip: 'not an address' },
    { ip: '::ffff:10.0.0.1' },
    { ip: 'fe80::1%eth0' },
    { ip: 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255' },
    { ip: '2001:0db8:0000:0000:0000:0000:0000:0001%a-very-long-zone' },
    { actorId: 'worker', actorName: 'Background worker', surface: 'job' },
    { actorId: 'only-an-id' },
    { actorName: 'Only a name' },
    { action: '', reason: '', ticket: '', targetType: '', targetId: '', userAgent: '', sessionId: '' },
    { detail: { staffId: 7, role: ['x'], secondFactor: 'carrier pigeon' } },
    { before: {}, after: {}, fieldsRead: [], detail: {} },
    { effect: 'neither', tier: 'routine' },
  ];
  return [
    bare,
    full,
    ...variants.flatMap((variant) => [
      { ...bare, ...variant },
      { ...full, ...variant },
    ]),
  ];
}
