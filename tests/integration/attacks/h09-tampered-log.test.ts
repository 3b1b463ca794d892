import { expect, inject, test } from 'vitest';
import { KINDS, runTampering } from '../../harness/tampering/scenario.ts';

// The short form. `node tests/harness/tampering/run.ts` is the full one; its figures stand in tests/harness/README.md.
const { adminUrl, template } = inject('database');
const PLACES = 2;

test('H09 H10 meddling with the database as superuser shows offline, each kind; what was signed with a stolen key, or restored, only by what was kept outside', {
  timeout: 300_000,
}, async () => {
  const { kinds, faults } = await runTampering({ adminUrl, template, events: 500, places: PLACES });
  expect(faults).toEqual([]);
  expect(Object.values(kinds).map(({ found }) => found)).toEqual(KINDS.map(() => PLACES));
  // Without the outside these get through: the check is what finds them, not something else.
  for (const name of ['rewrite whole tail', 'delete all after a checkpoint', 'restore old backup']) expect(kinds[name]?.foundWithoutOutside, name).toBe(0);
});
