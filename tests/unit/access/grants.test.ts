import { randomBytes } from 'node:crypto';
import { modules } from '@sallyport/schema/index.ts';
import { needsSecondPerson } from '@sallyport/schema/modules/access/give-grant.action.ts';
import { ADMINISTRATING_ROLES } from '@sallyport/schema/modules/access/last-administrator.ts';
import { FOR_EVERYONE, isAdministration } from '@sallyport/schema/modules/access/permissions.ts';
import { reachAsked } from '@sallyport/schema/modules/access/reach-asked.ts';
import { ROLE_NAMES } from '@sallyport/schema/policy/roles.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import { decidingPermissions } from '@sallyport/server/auth/deciding-permissions.ts';
import { totpFingerprint } from '@sallyport/server/auth/totp-fingerprint.ts';
import { makeTotpSecret } from '@sallyport/server/auth/totp.ts';
import { expect, test } from 'vitest';

const registry = registerModules(modules);

test('R13 D14 what takes two to be given: every role with power over access or with anything privileged', () => {
  for (const role of ROLE_NAMES) {
    const carried = registry.roles.get(role) ?? [];
    expect([role, needsSecondPerson({ role }, registry.roles)]).toEqual([role, carried.some((permission) => isAdministration(permission) || permission.tier === 'privileged')]);
  }
  const alone = ROLE_NAMES.filter((role) => !needsSecondPerson({ role }, registry.roles));
  expect(alone).toContain('support-viewer');
  for (const role of ['platform-admin', 'security-operator', 'billing-operator', 'production-engineer']) expect(alone).not.toContain(role);
});

test('F11 the roles that administer access are those that carry the right to give roles, and no other module can add one', () => {
  const carrying = ROLE_NAMES.filter((role) => registry.roles.get(role)?.some(({ name }) => name === 'access.grant.give'));
  expect([...ADMINISTRATING_ROLES].sort()).toEqual([...carrying].sort());
  expect(carrying.length).toBeGreaterThan(0);
});

test('R12 what everyone may do is about themselves: none of it administers access', () => {
  expect(FOR_EVERYONE.filter(isAdministration)).toEqual([]);
});

test('D10 every approver of the catalogue, and every write that governs access, is out of reach of an elevation', () => {
  const deciding = decidingPermissions(registry);
  for (const action of registry.actions.values())
    for (const { alternatives } of action.approval ?? []) for (const { approver } of alternatives) expect(deciding.has(approver.name), approver.name).toBe(true);
  for (const name of ['access.grant.give', 'access.staff.disable', 'approvals.request.decide', 'emergency.break-glass.use', 'reviews.item.decide', 'tokens.token.create'])
    expect(deciding.has(name), name).toBe(true);
  for (const name of ['accounts.tenant.suspend', 'billing.invoice.refund', 'accounts.tenant.read', 'access.grant.read']) expect(deciding.has(name), name).toBe(false);
});

test('a reach is either named or everywhere, never both and never neither', () => {
  expect(reachAsked({ everywhere: true })).toBe('global');
  expect(reachAsked({ tenants: ['a'] })).toEqual(new Set(['a']));
  expect(reachAsked({ everywhere: false, tenants: ['b', 'a'] })).toEqual(new Set(['a', 'b']));
  for (const wrong of [
    {},
    { everywhere: null, tenants: [] },
    { everywhere: true, tenants: ['a'] },
    { everywhere: false },
    { everywhere: false, tenants: [] },
    { everywhere: false, tenants: null },
  ])
    expect(() => reachAsked(wrong), JSON.stringify(wrong)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});

test('D02 an authenticator has one fingerprint under one key, and says nothing without it', () => {
  const keysOf = (key: Buffer) => ({ currentKeyId: 'k', keys: { k: key } });
  const [one, other] = [keysOf(randomBytes(32)), keysOf(randomBytes(32))];
  const secret = makeTotpSecret();
  expect(totpFingerprint(one, secret)).toEqual(totpFingerprint(one, secret));
  expect(totpFingerprint(one, secret)).toHaveLength(32);
  expect(totpFingerprint(one, secret)).not.toEqual(totpFingerprint(other, secret));
  expect(totpFingerprint(one, secret)).not.toEqual(totpFingerprint(one, makeTotpSecret()));
});
