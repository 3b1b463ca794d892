import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf, type Colleagues, openColleagues } from '../access/colleagues.ts';

let house: Colleagues;
beforeAll(async () => {
  house = await openColleagues();
});
afterAll(() => house.close());

/** Enrols an account as whoever saw its link would: the link of the name is used, at the time given. What the new authenticator is does not matter here. */
async function enrolledBy(maker: string, name: string, daysAgo: number): Promise<void> {
  const { rows } = await sql`
    insert into gateway.enrolment_link (id, staff_id, purpose, token_hash, expires_at, used_at, made_by)
    values (gen_random_uuid(), ${await house.idOf(name)}, 'invitation', sha256(gen_random_uuid()::text::bytea), clock_timestamp() + interval '3 days',
      clock_timestamp() - make_interval(days => ${daysAgo}), ${await house.idOf(maker)}) returning id`.execute(house.test.database.owner);
  expect(rows).toHaveLength(1);
}

const forget = () => sql`delete from gateway.enrolment_link where made_by is not null`.execute(house.test.database.owner);

/** Files a request for an elevation, and has somebody try to approve it. */
async function decided(asks: string, approves: string): Promise<readonly string[]> {
  const [requester, reviewer] = [await house.signIn(asks), await house.signIn(approves)];
  const filed = await house.act(requester, 'requestElevation', { everywhere: false, tenants: [house.tenants[0]], permissions: ['accounts.tenant.suspend'], minutes: 15 });
  const { approvalRequest } = answerOf(filed, 'requestElevation');
  const { codes } = await house.approve(reviewer, approvalRequest.id);
  if (codes.length > 0) await house.send(requester, 'cancelRequest', { id: approvalRequest.id, justification: undefined });
  return codes;
}

const [SITI, WAHYU, LESTARI, DEWI] = ['Siti Rahmawati', 'Wahyu Setiawan', 'Lestari Handayani', 'Dewi Lestari'];

test('D02 B17 an administrator who has enrolled for a colleague approves neither with that account nor what it asks for, nor does one such account for another', async () => {
  await enrolledBy(SITI, LESTARI, 1);
  await enrolledBy(SITI, DEWI, 29);
  expect(await decided(SITI, LESTARI)).toEqual(['SELF_APPROVAL']);
  expect(await decided(DEWI, SITI)).toEqual(['SELF_APPROVAL']);
  expect(await decided(DEWI, LESTARI)).toEqual(['SELF_APPROVAL']);
  // Whoever has no hand in it is a second person, and so is everybody after thirty days.
  expect(await decided(DEWI, WAHYU)).toEqual([]);
  await forget();
  await enrolledBy(SITI, LESTARI, 31);
  expect(await decided(SITI, LESTARI)).toEqual([]);
  await forget();
});

test('D02 a chain of links leads back to whoever began it, and a circle of them ends', async () => {
  await enrolledBy(SITI, WAHYU, 2);
  await enrolledBy(WAHYU, LESTARI, 1);
  expect(await decided(SITI, LESTARI)).toEqual(['SELF_APPROVAL']);
  await enrolledBy(LESTARI, SITI, 1);
  expect(await decided(WAHYU, LESTARI)).toEqual(['SELF_APPROVAL']);
  await forget();
});

test('D02 B17 an enrolment link names who saw it, and one made on the machine nobody', async () => {
  const makersOfIntan = async () =>
    (
      await sql<{
        maker: string | null;
      }>`select made_by::text as maker from gateway.enrolment_link where staff_id = ${await house.idOf('Intan Maharani')} order by expires_at`.execute(house.test.database.owner)
    ).rows.map(({ maker }) => maker);
  expect(await makersOfIntan()).toEqual([null]);
  const siti = await house.signIn(SITI);
  const made = await siti.act('mutation Act($input: MakeEnrolmentLinkInput!) { makeEnrolmentLink(input: $input) { status enrolmentLink } }', {
    input: { id: await house.idOf('Intan Maharani'), justification: { reason: 'The first one lapsed' } },
  });
  expect(answerOf(made, 'makeEnrolmentLink')).toMatchObject({ status: 'EXECUTED', enrolmentLink: expect.stringContaining('/enrol#') });
  expect((await makersOfIntan()).toSorted()).toEqual([await house.idOf(SITI), null].toSorted());
});
