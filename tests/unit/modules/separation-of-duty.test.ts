import { productModules as modules } from '@sallyport/schema/index.ts';
import { ROLE_NAMES, type RoleName } from '@sallyport/schema/policy/roles.ts';
import { expect, test } from 'vitest';

const permissionsOf = (role: RoleName) => modules.flatMap((module) => module.roles[role] ?? []);
const namesOf = (role: RoleName): string[] => permissionsOf(role).map((permission) => permission.name);
const acts = modules.flatMap((module) => module.actions);
const personalPermissions = modules.flatMap((module) =>
  module.resources.flatMap((resource) => Object.values(resource.fields).flatMap((field) => (field.class === 'personal' ? [field.access.name] : []))),
);

test('viewing roles hold no act at all (R4, R12, V1, C5)', () => {
  for (const role of ['support-viewer', 'customer-success', 'compliance-auditor'] as const) {
    expect(
      permissionsOf(role)
        .filter((permission) => permission.effect === 'write')
        .map((permission) => permission.name),
      role,
    ).toEqual([]);
  }
});

test('viewing roles and the platform admin read nothing personal (R17, L14)', () => {
  for (const role of ['support-viewer', 'customer-success', 'compliance-auditor', 'platform-admin', 'production-engineer'] as const) {
    expect(
      namesOf(role).filter((name) => personalPermissions.includes(name)),
      role,
    ).toEqual([]);
  }
});

test('the billing operator adjusts money and touches nothing about sign-in (R3)', () => {
  const names = namesOf('billing-operator');
  expect(names).toEqual(expect.arrayContaining(['billing.invoice.refund', 'billing.credit.adjust']));
  expect(names.filter((name) => /^(people|security-settings)\./.test(name) || name.includes('export'))).toEqual([]);
});

test('who may approve an act may not do it, in any role (R11, R13)', () => {
  for (const action of acts) {
    const approvers = new Set((action.approval ?? []).flatMap((rule) => rule.alternatives.map(({ approver }) => approver.name)));
    for (const role of ROLE_NAMES) {
      const names = namesOf(role);
      expect(names.includes(action.permission.name) && names.some((name) => approvers.has(name)), `${role} ${action.name}`).toBe(false);
    }
  }
});

test('nobody has everything: no role holds more than half of what is privileged, and nothing is held by nobody (R6, R11)', () => {
  const all = modules.flatMap((module) => module.permissions);
  const privileged = all.filter((permission) => permission.tier === 'privileged');
  for (const role of ROLE_NAMES) expect(permissionsOf(role).filter((permission) => permission.tier === 'privileged').length, role).toBeLessThanOrEqual(privileged.length / 2);
  const held = new Set(ROLE_NAMES.flatMap(namesOf));
  expect(all.map((permission) => permission.name).filter((name) => !held.has(name))).toEqual([]);
});

test('who may act on a record may see it, and who sees a field sees its record', () => {
  for (const role of ROLE_NAMES) {
    const names = new Set(namesOf(role));
    for (const action of acts) if (names.has(action.permission.name)) expect(names, `${role} ${action.name}`).toContain(action.on.read.name);
    for (const module of modules)
      for (const resource of module.resources)
        for (const field of Object.values(resource.fields)) if (names.has(field.access.name)) expect(names, `${role} ${resource.name}`).toContain(resource.read.name);
  }
});

test('every role that sees people sees tenants, whose risk tier a person carries (C09)', () => {
  for (const role of ROLE_NAMES) if (namesOf(role).includes('people.person.read')) expect(namesOf(role), role).toContain('accounts.tenant.read');
});

test('routine repairs ask for no ceremony; what touches money or identity does (R5, S2, S7)', () => {
  for (const action of acts) {
    if (action.permission.tier === 'routine') expect([action.justification, action.sensitive, action.approval], action.name).toEqual(['none', 'never', undefined]);
    else expect(action.justification, action.name).toBe('reason-and-ticket');
  }
});

test('every text is there in both languages, and the button names act and object (U2)', () => {
  for (const action of acts) {
    for (const text of [action.label, action.description, action.confirm, action.done]) expect(text.en.trim() !== '' && text.id.trim() !== '', action.name).toBe(true);
    for (const text of [action.confirm.en, action.confirm.id]) expect(text, action.name).toMatch(/\{(title|tenant)\}/);
  }
});
