import { modules } from '@sallyport/schema/index.ts';
import { adjustCredit } from '@sallyport/schema/modules/billing/adjust-credit.action.ts';
import { refundInvoice } from '@sallyport/schema/modules/billing/refund-invoice.action.ts';
import { resetMfa } from '@sallyport/schema/modules/people/reset-mfa.action.ts';
import { changeSsoConfiguration } from '@sallyport/schema/modules/security-settings/change-sso-configuration.action.ts';
import { ROLE_NAMES } from '@sallyport/schema/policy/roles.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { bindingRule } from '@sallyport/server/gates/pass-gates.ts';
import { expect, test } from 'vitest';

interface Known {
  readonly input?: Readonly<Record<string, unknown>>;
  readonly target?: Readonly<Record<string, unknown>>;
  readonly highRisk?: boolean;
}

/** How many people it takes, by the facts that rules look at; nobody is 0. */
function quorum(action: ActionDeclaration, { input = {}, target = {}, highRisk = false }: Known): number {
  const facts = { input, target, tenants: [{ id: 'here', highRisk }] } as unknown as Parameters<typeof bindingRule>[1];
  return bindingRule(action, facts)?.alternatives[0].quorum ?? 0;
}

test.each([
  ['250000000.00', '0.00', 0],
  ['250000000.01', '0.00', 1],
  ['1.00', '250000000.00', 1],
  ['1250000000.00', '0.00', 1],
  ['1250000000.01', '0.00', 2],
  ['1000000000.00', '250000000.01', 2],
])('A1 D14 a refund of %s after %s of the same invoice takes %i', (amount, amountRefunded, people) => {
  expect(quorum(refundInvoice, { input: { amount }, target: { amountRefunded } })).toBe(people);
});

test.each([
  ['-250000000.00', '0.00', 0],
  ['-250000000.01', '0.00', 1],
  ['50000000.00', '200000000.01', 1],
  ['-1000000000.00', '250000000.01', 2],
])('A1 D14 credit of %s after %s within 24 hours takes %i', (amount, creditAdjustedToday, people) => {
  expect(quorum(adjustCredit, { input: { amount }, target: { creditAdjustedToday } })).toBe(people);
});

test.each([resetMfa, changeSsoConfiguration])('A1 G9 what lets people in takes one more where the tenant is of high risk: $name', (action) => {
  expect([quorum(action, { highRisk: true }), quorum(action, { highRisk: false })]).toEqual([1, 0]);
});

test('A6 R11 for every rule there is a role that may approve, reads what it approves, and may not do it', () => {
  for (const action of modules.flatMap((module) => module.actions))
    for (const { alternatives } of action.approval ?? [])
      for (const { approver } of alternatives) {
        const approving = ROLE_NAMES.filter((role) => modules.some((module) => module.roles[role]?.some(({ name }) => name === approver.name)));
        expect(approving.length, `${action.name}: ${approver.name}`).toBeGreaterThan(0);
        const held = (role: (typeof ROLE_NAMES)[number]): ReadonlySet<string> =>
          new Set(modules.flatMap((module) => [...(module.roles[role] ?? []), ...(module.everyone ?? [])]).map(({ name }) => name));
        for (const role of approving) {
          expect(held(role).has(action.on.read.name), `${role} reads ${action.on.name}`).toBe(true);
        }
      }
});
