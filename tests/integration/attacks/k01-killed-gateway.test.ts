import { expect, inject, test } from 'vitest';
import { runKillScenario } from '../../harness/kill-scenario.ts';

// The short form. `node tests/harness/kill.ts --kills 20` is the full one; its figures stand in tests/harness/README.md.
const { adminUrl, template } = inject('database');

test('K01 H06 Inv1 kill -9 of a real gateway amid writes: no change without event, no event without change, nothing acknowledged is lost', { timeout: 120_000 }, async () => {
  const report = await runKillScenario({ adminUrl, template, kills: 3 });
  expect(report).toMatchObject({
    imbalance: { changesWithoutEvent: 0, eventsWithoutChange: 0, changesTwice: 0, messagesLostOrTwice: 0, balancesWrong: 0 },
    acknowledgedButLost: 0,
    notOnce: 0,
    unexpected: [],
  });
  expect(report.repeated).toBeGreaterThan(0);
});

test('K01 found: a gateway that writes the event in a commit of its own', { timeout: 120_000 }, async () => {
  const fault = new URL('../../harness/faults/event-outside-transaction.ts', import.meta.url);
  // A kill has to fall between two commits: some rounds may miss.
  let found = 0;
  for (let round = 0; round < 6 && found === 0; round += 1) found = (await runKillScenario({ adminUrl, template, kills: 3, fault })).imbalance.eventsWithoutChange;
  expect(found).toBeGreaterThan(0);
});
