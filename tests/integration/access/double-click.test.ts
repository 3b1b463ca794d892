import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf, type Colleagues, openColleagues } from './colleagues.ts';

let house: Colleagues;
beforeAll(async () => {
  house = await openColleagues();
});
afterAll(() => house.close());

/** How often the database had to break a deadlock. Counts reach its statistics within a second of their transaction. */
async function deadlocks(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { rows } = await sql<{ deadlocks: string }>`select deadlocks::text from pg_stat_database where datname = current_database()`.execute(house.test.database.owner);
  return rows[0]?.deadlocks ?? '';
}

const ACTIVATE = 'mutation Act($input: ActivateBreakGlassInput!) { activateBreakGlass(input: $input) { status breakGlassUse { id } } }';
const END = 'mutation Act($input: EndBreakGlassInput!) { endBreakGlass(input: $input) { status } }';
const reviewed = (id: string) =>
  sql`
    update gateway.break_glass taken set reviewed_by = (select id from gateway.staff where id <> taken.staff_id limit 1), reviewed_at = clock_timestamp(), verdict = 'justified', review_comment = 'test'
    where id = ${id}`.execute(house.test.database.owner);

test('E12 K04 whoever ends an emergency by a double click ends it once, and no click is held up by a deadlock', async () => {
  const operator = await house.test.asRole('support-operator');
  const before = await deadlocks();
  for (let round = 0; round < 5; round += 1) {
    const taken = await operator.act(ACTIVATE, { input: { everywhere: true, minutes: 30, justification: { reason: 'Nobody else on call', ticket: 'INC-1' } } });
    const { id } = answerOf(taken, 'activateBreakGlass').breakGlassUse;
    const answers = await Promise.all(Array.from({ length: 4 }, () => operator.query(END, { input: { id } })));
    expect(answers.map(({ codes }) => codes.join()).sort()).toEqual(['', 'CONFLICT', 'CONFLICT', 'CONFLICT']);
    await reviewed(id);
  }
  expect(await deadlocks()).toBe(before);
});
