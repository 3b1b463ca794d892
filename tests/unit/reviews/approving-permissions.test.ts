import { modules } from '@sallyport/schema/index.ts';
import { APPROVING } from '@sallyport/schema/modules/reviews/subjects.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import { accessReviewSchedules } from '@sallyport/server/jobs/reviews/review-schedules.ts';
import { scheduledItems } from '@sallyport/server/jobs/schedules.ts';
import { expect, test } from 'vitest';

const registry = registerModules(modules);

test('W2: every right by which some act is approved is one that a campaign about approvers finds, and no act of its own is', () => {
  const approvers = new Set([...registry.actions.values()].flatMap((action) => (action.approval ?? []).flatMap((rule) => rule.alternatives.map(({ approver }) => approver.name))));
  expect(approvers.size).toBeGreaterThan(0);
  for (const name of approvers) expect(name).toMatch(new RegExp(APPROVING));
  for (const action of registry.actions.values()) expect(action.permission.name).not.toMatch(new RegExp(APPROVING));
});

test('the jobs of access reviews come by the minute and by the hour, under names that the queue takes', () => {
  const schedules = accessReviewSchedules(registry.roles);
  expect(schedules.map(({ every }) => every)).toEqual(['minute', 'hour']);
  expect(scheduledItems(schedules, new Set())).toHaveLength(2);
});

test('W4: who may decide on access under review sees it, and whoever starts or closes a campaign may decide', () => {
  for (const [role, permissions] of registry.roles) {
    const names = new Set(permissions.map(({ name }) => name));
    if (names.has('reviews.item.decide')) expect(names, role).toContain('reviews.item.read');
    for (const name of ['reviews.campaign.start', 'reviews.campaign.close'])
      if (names.has(name)) expect([...names], role).toEqual(expect.arrayContaining(['reviews.item.decide', 'reviews.campaign.read']));
  }
});
