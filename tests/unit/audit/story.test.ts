import { type StoryEvent, storyOf, type StoryTexts } from '@sallyport/schema/modules/audit/story.ts';
import type { TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import { describe, expect, test } from 'vitest';

const ayu = { id: 'staff-1', email: 'ayu@sallyport.example', displayName: 'Ayu Lestari', personId: 'staff-1' };
const viewer = (rights: [string, TenantReach][]): Viewer => ({
  actor: ayu,
  subject: ayu,
  token: null,
  breakGlass: null,
  grants: [],
  rights: new Map(rights),
  session: { id: 's', mode: 'normal', secondFactor: 'totp', ip: '::1', createdAt: '', expiresAt: '' },
});
const auditor = viewer([
  ['audit.event.read', 'global'],
  ['audit.event.read-changes', 'global'],
]);

const event = (members: Partial<StoryEvent>): StoryEvent => ({
  id: 'e',
  time: '2026-11-21T09:00:00.000000Z',
  kind: 'billing.invoice.refunded',
  outcome: 'ok',
  reasonCode: null,
  surface: 'console',
  actorId: 'staff-1',
  actorName: 'Ayu Lestari',
  subjectId: 'staff-1',
  subjectName: 'Ayu Lestari',
  role: 'billing-operator',
  grantId: 'g',
  sessionId: 's',
  tokenId: null,
  breakGlassId: null,
  secondFactor: 'totp',
  action: 'refundInvoice',
  permission: 'billing.invoice.refund',
  effect: 'write',
  tenantId: 'tenant-7',
  targetType: 'invoice',
  targetId: 'invoice-1',
  reason: null,
  ticket: null,
  approvalId: null,
  stepUpId: null,
  policyVersion: 'a'.repeat(64),
  before: null,
  after: null,
  fieldsRead: null,
  logIndex: 7,
  covered: true,
  ...members,
});
const texts: StoryTexts = {
  labelOfKind: (kind) => (kind === 'billing.invoice.refunded' ? { en: 'Invoice refunded', id: 'Tagihan dikembalikan' } : null),
  labelOfAction: () => ({ en: 'Refund invoice', id: 'Kembalikan tagihan' }),
  labelOfRole: () => ({ en: 'Billing Operator', id: 'Operator Penagihan' }),
  fieldReach: (_resource, field) => (field === 'status' ? new Set(['tenant-7']) : null),
};

const refund = [
  event({ outcome: 'denied', reasonCode: 'STEP_UP_REQUIRED', reason: 'Charged twice', ticket: 'SUP-1' }),
  event({
    time: '2026-11-21T09:00:20.500000Z',
    kind: 'access.step-up.verified',
    action: 'refundInvoice',
    effect: null,
    tenantId: null,
    targetType: null,
    targetId: null,
    role: null,
  }),
  event({
    time: '2026-11-21T09:00:21.000000Z',
    reason: 'Charged twice',
    ticket: 'SUP-1',
    stepUpId: 'step-1',
    before: { status: 'paid', email: { commitment: 'sha256:x' }, secret: { replaced: true }, 'creditEntry/c-1.amount': null },
    after: { status: 'refunded', email: { commitment: 'sha256:y' }, secret: { replaced: true }, 'creditEntry/c-1.amount': 5 },
  }),
  event({
    time: '2026-11-21T09:00:22.000000Z',
    kind: 'jobs.message.delivered',
    surface: 'job',
    actorId: 'worker',
    actorName: 'Background worker',
    subjectId: null,
    subjectName: null,
    action: null,
    effect: null,
    targetType: 'outgoingMessage',
    targetId: 'm-1',
  }),
];

describe('L1 L2 L17: the story of one correlation ID', () => {
  const story = storyOf('c-1', refund, auditor, texts);

  test('answers who, what, which tenant and object, why, approved under which policy', () => {
    expect(story?.answers).toEqual({
      who: 'Ayu Lestari',
      what: { en: 'Invoice refunded', id: 'Tagihan dikembalikan' },
      tenant: 'tenant-7',
      target: 'invoice invoice-1',
      why: 'Charged twice · SUP-1',
      approvedUnder: {
        en: 'Policy aaaaaaaaaaaa, by the role Billing Operator (billing.invoice.refund), confirmed by step-up step-1',
        id: 'Kebijakan aaaaaaaaaaaa, dengan peran Operator Penagihan (billing.invoice.refund), dikonfirmasi dengan step-up step-1',
      },
    });
  });

  test('tells the steps in order with the time since the start, the refusal in its own words', () => {
    expect(story?.steps.map((step) => step.sinceStartMilliseconds)).toEqual([0, 20500, 21000, 22000]);
    expect(story?.steps[0]?.words).toEqual({ en: 'Refund invoice: a fresh code was asked for (STEP_UP_REQUIRED)', id: 'Kembalikan tagihan: kode baru diminta (STEP_UP_REQUIRED)' });
    expect(story?.endedAt).toBe('2026-11-21T09:00:22.000000Z');
  });

  test('L14: personal and secret values are masked even for an auditor, other records keep their name', () => {
    expect(story?.steps[2]?.changes).toEqual([
      { resource: 'creditEntry', id: 'c-1', field: 'amount', before: null, after: '5', masked: false },
      { resource: 'invoice', id: 'invoice-1', field: 'email', before: null, after: null, masked: true },
      { resource: 'invoice', id: 'invoice-1', field: 'secret', before: null, after: null, masked: true },
      { resource: 'invoice', id: 'invoice-1', field: 'status', before: 'paid', after: 'refunded', masked: false },
    ]);
  });

  test('who may not read changes sees those of the fields that they may read anyway', () => {
    const told = storyOf('c-1', refund, viewer([['audit.event.read', new Set(['tenant-7'])]]), texts);
    expect(told?.steps[2]?.changes.map(({ field, masked }) => [field, masked])).toEqual([
      ['amount', true],
      ['email', true],
      ['secret', true],
      ['status', false],
    ]);
  });

  test('only refusals make a story too, an acting subject is named, nothing makes none', () => {
    const told = storyOf('c-1', [event({ outcome: 'denied', reasonCode: 'FORBIDDEN', subjectId: 'staff-2', subjectName: 'Budi' })], auditor, texts);
    expect(told?.answers.what.en).toBe('Refund invoice: refused, the right was missing (FORBIDDEN)');
    expect(told?.answers.who).toBe('Ayu Lestari (as Budi)');
    expect(storyOf('c-1', [], auditor, texts)).toBeNull();
  });

  test.each([
    [{ reasonCode: null }, 'Refund invoice: refused'],
    [{ reasonCode: 'SELF_APPROVAL' }, 'Refund invoice: refused, nobody approves their own (SELF_APPROVAL)'],
    [{ reasonCode: 'toString' }, 'Refund invoice: refused (toString)'],
    [{ reasonCode: 'BAD_INPUT', action: null, kind: 'gateway.request.refused' }, 'gateway.request.refused: the input was not right (BAD_INPUT)'],
    [{ reasonCode: null, action: null, kind: 'gateway.request.refused' }, 'gateway.request.refused'],
    [{ outcome: 'failed' as const, reasonCode: 'INTERNAL' }, 'Refund invoice: failed (INTERNAL)'],
  ])('a refusal says why, and says so once: %j', (members, expected) => {
    expect(storyOf('c-1', [event({ outcome: 'denied', ...members })], auditor, texts)?.steps[0]?.words.en).toBe(expected);
  });
});
