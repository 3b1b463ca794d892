import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, createAccessFixture } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Of the median: on a busy machine medians wander by some milliseconds, while a password that is not looked at saves nearly all of it. */
const MOST_APART = 0.2;

// A repeat is allowed for a busy machine; work left out for some would show in every one.
test('A09 known, unknown, invited and disabled people take the same time (medians of interleaved tries differ by less than 5 ms, or a fifth)', { retry: 2 }, async () => {
  const [known, invited, disabled] = [await fixture.addPerson(), await fixture.addPerson({ state: 'invited' }), await fixture.addPerson({ state: 'disabled' })];
  const emails = { known: known.email, invited: invited.email, disabled: disabled.email, unknown: 'nobody-of-this-name@sallyport.example' };
  const times: Record<string, number[]> = { known: [], invited: [], disabled: [], unknown: [] };
  for (let round = 0; round < 45; round += 1) {
    if (round % 5 === 0) await sql`delete from gateway.attempt_budget`.execute(fixture.database.owner);
    for (const [who, email] of Object.entries(emails)) {
      const begun = performance.now();
      const answer = await fixture.client().send('/auth/sign-in', { email, password: 'a password that is wrong' });
      if (round > 2) times[who]?.push(performance.now() - begun);
      expect(answer.code).toBe('UNAUTHENTICATED');
    }
  }
  const medians = Object.values(times).map(median);
  expect(Math.max(...medians) - Math.min(...medians)).toBeLessThan(Math.max(5, MOST_APART * median(medians)));
});
