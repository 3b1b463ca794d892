import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@sallyport/server/db/embedded.ts';
import { expect, inject, test } from 'vitest';
import { countDiscrepancies, type Discrepancies } from '../../harness/log-checks/check-books.ts';
import { makeTemplate } from '../../harness/log-checks/make-template.ts';
import { runLogKills } from '../../harness/log-kills/scenario.ts';

// The short forms. `node tests/harness/log-kills/run.ts` is the full one; its figures stand in tests/harness/README.md.
const { adminUrl, template } = inject('database');
const none = (discrepancies: Discrepancies): Record<string, number> => Object.fromEntries(Object.keys(discrepancies).map((name) => [name, 0]));

test('H06 H07 kill -9 of one of two gateways amid writes and seals: the tree fits its events, and all that was told, signed or seen from outside is in it', {
  timeout: 180_000,
}, async () => {
  const report = await runLogKills({ adminUrl, template, victim: 'gateway', kills: 2 });
  expect(report.discrepancies).toEqual(none(report.discrepancies));
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report.witnessed).toBeGreaterThan(0);
});

test.runIf(process.platform === 'linux')('H06 K02 kill -9 of the database server with all its processes: the same', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-log-kill-'));
  // A server of its own: the other tests need theirs.
  const embedded = await startEmbedded(folder);
  try {
    const report = await runLogKills({ adminUrl: embedded.urlOf('postgres'), template: await makeTemplate(embedded), victim: 'database', kills: 2 });
    expect(report.discrepancies).toEqual(none(report.discrepancies));
    expect(report.cutOff).toBeGreaterThan(0);
  } finally {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('H06 found: a gateway that signs a head before its commit', { timeout: 300_000 }, async () => {
  const fault = new URL('../../harness/faults/signs-before-commit.ts', import.meta.url);
  // The kill has to fall between signature and commit, and an event to come between those that were signed: a round may miss.
  let found = 0;
  for (let round = 0; round < 5 && found === 0; round += 1) {
    const { discrepancies } = await runLogKills({ adminUrl, template, victim: 'gateway', kills: 5, fault });
    expect(countDiscrepancies({ ...discrepancies, forkedSignatures: 0 })).toBe(0);
    found = discrepancies.forkedSignatures;
  }
  expect(found).toBeGreaterThan(0);
});
