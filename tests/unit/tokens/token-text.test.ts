import { modules } from '@sallyport/schema/index.ts';
import { inBoth, narrowTo } from '@sallyport/schema/policy/narrow.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import { covers, type TenantReach } from '@sallyport/schema/viewer.ts';
import { permissionsOfPeople } from '@sallyport/server/auth/tokens/make-tokens.ts';
import { hashToken, isTokenText, makeToken } from '@sallyport/server/auth/tokens/token-text.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('a token has its form and its checksum; a changed character is told without asking anybody', () => {
  for (let round = 0; round < 200; round += 1) {
    const { token, hash, hint } = makeToken();
    expect(isTokenText(token)).toBe(true);
    expect(hashToken(token)).toEqual(hash);
    expect(token.startsWith(hint) && hint.length <= 12).toBe(true);
    const at = 4 + (round % 49);
    const changed = token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1);
    expect(isTokenText(changed), changed).toBe(false);
  }
});

test('G07 nothing else is a token', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String()), (text) => !isTokenText(text) && !isTokenText(`slp_${text}`)));
});

const registry = registerModules(modules);
const names = [...registry.permissions.keys()];
const reach: fc.Arbitrary<TenantReach> = fc.oneof(
  fc.constant('global' as const),
  fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }).map((ids) => new Set(ids)),
);
const rights = fc.array(fc.tuple(fc.constantFrom(...names), reach)).map((pairs) => new Map(pairs));

test('G05 G06 whatever a scope names, what is left lies within the rights and within the scope', () => {
  fc.assert(
    fc.property(rights, fc.uniqueArray(fc.constantFrom(...names, 'no.such.thing')), reach, (held, permissions, scope) => {
      const left = narrowTo(held, { permissions, reach: scope }, registry.roles);
      return [...left].every(([name, where]) => {
        const own = held.get(name);
        const isGlobal = registry.permissions.get(name)?.reach === 'global';
        return own !== undefined && permissions.includes(name) && covers(own, where) && covers(scope, where) && (!isGlobal || scope === 'global');
      });
    }),
  );
});

test('G05 what is in both is in each', () => {
  fc.assert(
    fc.property(rights, rights, (one, other) =>
      [...inBoth(one, other)].every(([name, where]) => covers(one.get(name) ?? new Set(), where) && covers(other.get(name) ?? new Set(), where)),
    ),
  );
});

test('D18 G06 no permission by which anything is approved, and none to write where access is decided, can be put into a token', () => {
  const refused = permissionsOfPeople(registry);
  const approvers = [...registry.actions.values()].flatMap((action) => (action.approval ?? []).flatMap((rule) => rule.alternatives.map(({ approver }) => approver.name)));
  expect(approvers.length).toBeGreaterThan(2);
  for (const name of approvers) expect(refused.has(name), name).toBe(true);
  for (const { name, effect } of registry.permissions.values())
    if (effect === 'write' && /^(access|approvals|emergency|reviews|tokens)\./.test(name)) expect(refused.has(name), name).toBe(true);
  for (const name of ['accounts.tenant.read', 'people.password.send-reset', 'tokens.token.read', 'billing.invoice.refund']) expect(refused.has(name), name).toBe(false);
});
