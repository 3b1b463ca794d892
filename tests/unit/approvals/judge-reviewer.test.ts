import { modules } from '@sallyport/schema/index.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import { humanBehind, isOneHand, isSamePerson, type JudgedRequest, judgeReviewer } from '@sallyport/server/gates/approvals/judge-reviewer.ts';
import type { HeldGrant, PersonNow } from '@sallyport/server/gates/approvals/people-now.ts';
import { expect, test } from 'vitest';

const { roles } = registerModules(modules);

const grant = (role: string, more: Partial<HeldGrant> = {}): HeldGrant => ({
  id: role,
  kind: 'standing',
  role,
  permissions: null,
  reach: 'global',
  reason: 'test',
  grantedBy: null,
  expiresAt: null,
  fromRequester: false,
  ...more,
});
const person = (id: string, more: Partial<PersonNow> = {}): PersonNow => ({
  id,
  personId: id,
  email: `${id}@sallyport.example`,
  displayName: id,
  active: true,
  totpFingerprint: null,
  enrolledThrough: [],
  grants: [grant('platform-admin')],
  ...more,
});
const request = { rule: { alternatives: [{ approver: 'billing.credit.approve-adjustment', quorum: 1 }] }, tenantId: 't1', reads: ['accounts.tenant.read-credit'] };
const dewi = person('dewi', { grants: [] });
const told = (reviewer: PersonNow, asked: JudgedRequest = request): string => {
  const verdict = judgeReviewer(roles, asked, dewi, reviewer);
  return verdict.allowed ? verdict.approvers.join() : [verdict.code, verdict.permission].filter(Boolean).join(' ');
};

test.each<[string, Partial<PersonNow>, string]>([
  ['somebody else with the right', {}, 'billing.credit.approve-adjustment'],
  ['an account of the same person', { personId: 'dewi' }, 'SELF_APPROVAL'],
  ['the same mailbox under a tag', { email: 'DEWI+other@sallyport.example' }, 'SELF_APPROVAL'],
  ['an account enrolled with a link that the requester saw', { enrolledThrough: ['dewi'] }, 'SELF_APPROVAL'],
  ['a disabled account', { active: false }, 'FORBIDDEN billing.credit.approve-adjustment'],
  ['no right', { grants: [grant('billing-operator')] }, 'FORBIDDEN billing.credit.approve-adjustment'],
  ['a right for another tenant', { grants: [grant('platform-admin', { reach: new Set(['t2']) })] }, 'FORBIDDEN billing.credit.approve-adjustment'],
  ['a right for this tenant', { grants: [grant('platform-admin', { reach: new Set(['t1']) })] }, 'billing.credit.approve-adjustment'],
  ['a right from the requester', { grants: [grant('platform-admin', { fromRequester: true })] }, 'SELF_APPROVAL'],
  [
    'a right from the requester beside one that is not',
    { grants: [grant('platform-admin', { fromRequester: true }), grant('platform-admin')] },
    'billing.credit.approve-adjustment',
  ],
  ['a right by emergency', { grants: [grant('platform-admin', { kind: 'break-glass' })] }, 'FORBIDDEN billing.credit.approve-adjustment'],
  [
    'the single permission without reading what it is about',
    { grants: [grant('permissions', { permissions: ['billing.credit.approve-adjustment'] })] },
    'FORBIDDEN accounts.tenant.read-credit',
  ],
  [
    'the single permissions to read and to approve',
    { grants: [grant('permissions', { permissions: ['billing.credit.approve-adjustment', 'accounts.tenant.read-credit'] })] },
    'billing.credit.approve-adjustment',
  ],
])('D01 D02 D15 %s', (_, more, expected) => {
  expect(told(person('siti', more))).toBe(expected);
});

test('D12 a request of no tenant, or of several, is for those who hold the right everywhere', () => {
  const everywhere = { ...request, tenantId: null, reads: [] };
  expect(told(person('siti', { grants: [grant('platform-admin', { reach: new Set(['t1']) })] }), everywhere)).toContain('FORBIDDEN');
  expect(told(person('siti'), everywhere)).toBe('billing.credit.approve-adjustment');
});

test('D02 accounts that share nothing are two people; one authenticator, known of both, is one', () => {
  const unknown = { totpFingerprint: null };
  expect(isSamePerson(person('a', unknown), person('b', unknown))).toBe(false);
  expect(isSamePerson(person('a', { totpFingerprint: 'ff' }), person('b', { totpFingerprint: 'ff' }))).toBe(true);
  expect(isSamePerson(person('a', { totpFingerprint: 'ff' }), person('b', { totpFingerprint: 'fe' }))).toBe(false);
  expect(isSamePerson(person('a+x', {}), person('a+y', {}))).toBe(true);
  // Linked through a third: the mailbox of one, the authenticator of the other.
  const [one, between, other, stranger] = [person('a', { totpFingerprint: 'ff' }), person('a+x'), person('c', { totpFingerprint: 'ff' }), person('d')];
  const people = [other, stranger, between, one];
  expect(new Set([one, between, other].map((each) => humanBehind(each, people))).size).toBe(1);
  expect(humanBehind(stranger, people)).toBe('d');
  expect(isSamePerson(person('a', { email: 'a@one.example' }), person('b', { email: 'a@two.example' }))).toBe(false);
});

test('D02 B17 whoever saw the link by which an account was enrolled is taken for its human, in either direction and between two such accounts', () => {
  const [maker, one, other, stranger] = [person('a'), person('b', { enrolledThrough: ['a'] }), person('c', { enrolledThrough: ['a'] }), person('d', { enrolledThrough: ['x'] })];
  for (const [requester, reviewer] of [
    [maker, one],
    [one, maker],
    [one, other],
  ] as const)
    expect(judgeReviewer(roles, request, requester, reviewer)).toEqual({ allowed: false, code: 'SELF_APPROVAL' });
  expect(isOneHand(one, stranger)).toBe(false);
  expect(judgeReviewer(roles, request, one, stranger).allowed).toBe(true);
  // A quorum of two is two humans.
  const people = [stranger, other, one];
  expect(humanBehind(one, people)).toBe(humanBehind(other, people));
  expect(humanBehind(stranger, people)).toBe('d');
});
