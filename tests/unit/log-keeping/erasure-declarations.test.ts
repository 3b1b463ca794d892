import { defineAction } from '@sallyport/schema/vocabulary/define-action.ts';
import { defineResource } from '@sallyport/schema/vocabulary/define-resource.ts';
import { modules } from '@sallyport/schema/index.ts';
import { erasePerson } from '@sallyport/schema/modules/people/erase-person.action.ts';
import { membership } from '@sallyport/schema/modules/people/membership.resource.ts';
import { person } from '@sallyport/schema/modules/people/person.resource.ts';
import { ROLE_NAMES } from '@sallyport/schema/policy/roles.ts';
import { expect, test } from 'vitest';

test('H16 a resource that can be erased says so of every personal field, and of columns only', () => {
  const { erasure = {} } = person;
  expect(() => defineResource({ ...person, erasure: { displayName: erasure['displayName'] ?? null, email: null } } as never)).toThrow(/phone is personal, and erasing leaves it/);
  expect(() => defineResource({ ...person, erasure: { ...erasure, tenantRiskTier: null } } as never)).toThrow(/tenantRiskTier, which is no column/);
  expect(() => defineResource({ ...person, erasure: { ...erasure, shoeSize: null } } as never)).toThrow(/shoeSize, which is no column/);
});

test('H16 an act that erases is on a record that can be', () => {
  expect(() => defineAction({ ...erasePerson, on: membership } as never)).toThrow(/does not say what stands in place/);
  for (const alone of [{ sensitive: 'never' }, { sensitive: { when: () => true } }, { approval: [] }, { approval: undefined }])
    expect(() => defineAction({ ...erasePerson, ...alone } as never)).toThrow(/takes a fresh code and a second person/);
});

test('R11 H20 in no role, what lets go of something of the log is both asked for and approved', () => {
  const keeping = modules
    .flatMap((module) => module.actions)
    .filter(({ name }) => ['pruneLogSegment', 'setRetentionPeriod', 'releaseLegalHold', 'eraseLogSubject', 'erasePerson'].includes(name));
  expect(keeping).toHaveLength(5);
  for (const action of keeping) {
    const approvers = (action.approval ?? []).flatMap((rule) => rule.alternatives.map(({ approver }) => approver.name));
    expect(approvers.length, action.name).toBeGreaterThan(0);
    expect([action.sensitive, action.justification, action.refusedUnder], action.name).toEqual(['always', 'reason-and-ticket', ['token', 'break-glass']]);
    for (const role of ROLE_NAMES) {
      const held = modules.flatMap((module) => module.roles[role] ?? []).map(({ name }) => name);
      expect(held.includes(action.permission.name) && held.some((name) => approvers.includes(name)), `${role} ${action.name}`).toBe(false);
    }
  }
});
