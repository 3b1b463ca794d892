import { LogFault } from '@sallyport/server/transparency/log-fault.ts';
import { expect, inject, test } from 'vitest';
import { countDiscrepancies } from '../../harness/log-checks/check-books.ts';
import type { Defence } from '../../harness/log-checks/weaken.ts';
import { runWriters } from '../../harness/log-writers/scenario.ts';

// The short form. `node tests/harness/log-writers/run.ts` is the full one; its figures stand in tests/harness/README.md.
const { adminUrl, template } = inject('database');

test('H07 eight writers in two processes, both sealing: one leaf for each event, no gap, every checkpoint continues the one before', { timeout: 120_000 }, async () => {
  const report = await runWriters({ adminUrl, template, writers: 8, events: 500 });
  expect(report.discrepancies).toEqual(Object.fromEntries(Object.keys(report.discrepancies).map((name) => [name, 0])));
  expect({ told: report.told, size: report.size }).toEqual({ told: 4000, size: 4000 });
  for (const signed of report.signedBy) expect(signed).toBeGreaterThan(0);
});

test.each<readonly [Defence]>([['row lock'], ['size of the head'], ['count of leaves']])(
  'H07 without its %s the tree still does not fork: another line holds',
  { timeout: 120_000 },
  async (defence) => {
    const report = await runWriters({ adminUrl, template, writers: 8, events: 60, everyMs: 1, without: [defence] });
    expect(countDiscrepancies(report.discrepancies)).toBe(0);
    expect(report.size).toBe(report.told);
  },
);

/** A tree in pieces may be one that no integrator signs any more: then it ends with that, and there are no books to look at. */
async function refusals(fault: Error): Promise<number> {
  if (fault instanceof LogFault || /malformed-tile|do not lead to the root/.test(fault.message)) return 1;
  throw fault;
}

test('H07 found: two integrators at a tree without any of these lines', { timeout: 120_000 }, async () => {
  const without: readonly Defence[] = ['row lock', 'unique indexes', 'count of leaves', 'size of the head'];
  // Two rounds have to overlap: a try may miss.
  let found = 0;
  for (let turn = 0; turn < 5 && found === 0; turn += 1) {
    found = await runWriters({ adminUrl, template, writers: 8, events: 100, everyMs: 1, without }).then(({ discrepancies }) => countDiscrepancies(discrepancies), refusals);
  }
  expect(found).toBeGreaterThan(0);
});
