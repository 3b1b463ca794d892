import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, SESSION_COOKIE, signIn, type TestPerson } from '../auth/access-fixture.ts';
import { bindingOf, challengeFor, claim, DIGEST, stepUp, viewerOf } from '../auth/step-up-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

async function proven(person?: TestPerson) {
  const someone = person ?? (await fixture.addPerson());
  const client = await signIn(fixture, someone);
  const answer = await stepUp(client, await challengeFor(fixture, client), await fixture.codeOf(someone));
  await fixture.forgetStep(someone);
  return { person: someone, client, proof: String(answer.body['proof']), expiresAt: String(answer.body['expiresAt']), viewer: await viewerOf(client) };
}

test('B12 Inv6 a proof fits its action, target and arguments only, and misfits do not spend it', async () => {
  const { proof, viewer } = await proven();
  for (const changed of [{ action: 'adjustCredit' }, { targetId: 'invoice-2' }, { targetId: null }, { targetType: 'tenant' }, { actionDigest: 'cd'.repeat(32) }]) {
    expect(await claim(fixture, proof, bindingOf(viewer, changed)), JSON.stringify(changed)).toBeNull();
  }
  expect(await claim(fixture, proof, bindingOf(viewer))).toEqual({ stepUpId: expect.any(String) });
});

test('B13 a proof works once: sequentially, and among 20 parallel uses', async () => {
  const { proof, viewer } = await proven();
  const claims = await Promise.all(Array.from({ length: 20 }, () => claim(fixture, proof, bindingOf(viewer))));
  expect(claims.filter((claimed) => claimed !== null)).toHaveLength(1);
  expect(await claim(fixture, proof, bindingOf(viewer))).toBeNull();
});

test('B13 a proof whose transaction rolled back is still unspent', async () => {
  const { proof, viewer } = await proven();
  await expect(
    fixture.database.app.transaction().execute(async (tx) => {
      expect(await fixture.authentication.stepUp.claimProof(tx, proof, bindingOf(viewer))).not.toBeNull();
      throw new Error('the act failed');
    }),
  ).rejects.toThrow('the act failed');
  expect(await claim(fixture, proof, bindingOf(viewer))).not.toBeNull();
});

test('B14 a proof is of no use to another person, to another session of the same person, or when it is guessed', async () => {
  const { proof, viewer, person } = await proven();
  const stranger = await viewerOf(await signIn(fixture, await fixture.addPerson()));
  const second = await viewerOf(await signIn(fixture, person));
  for (const other of [stranger, second, { ...second, session: viewer.session, actor: stranger.actor }]) expect(await claim(fixture, proof, bindingOf(other))).toBeNull();
  for (const guess of ['', 'x', 'A'.repeat(43), randomUUID(), proof.slice(0, -1)]) expect(await claim(fixture, guess, bindingOf(viewer))).toBeNull();
  expect(await claim(fixture, proof, bindingOf(viewer))).not.toBeNull();
});

test("B14 a challenge is answered in its own session only, and a stranger's answer costs its owner nothing", async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  const challenge = await challengeFor(fixture, client);
  const other = await fixture.addPerson();
  expect((await stepUp(await signIn(fixture, other), challenge, await fixture.codeOf(other))).code).toBe('STEP_UP_FAILED');
  expect((await stepUp(await signIn(fixture, person), challenge, await fixture.codeOf(person))).code).toBe('STEP_UP_FAILED');
  expect((await stepUp(client, challenge, await fixture.codeOf(person))).code).toBeNull();
});

test("B11 Inv15 a proof lives five minutes by the database's clock: one second before it works, one after it does not", async () => {
  const { proof, viewer, expiresAt } = await proven();
  const now = await fixture.epoch();
  expect(Date.parse(expiresAt) / 1000 - now).toSatisfy((left: number) => left > 297 && left <= 300);
  const age = (seconds: number) =>
    sql`update gateway.step_up set expires_at = clock_timestamp() + make_interval(secs => ${seconds}) where session_id = ${viewer.session.id}`.execute(fixture.database.owner);
  await age(0);
  expect(await claim(fixture, proof, bindingOf(viewer))).toBeNull();
  await age(1);
  expect(await claim(fixture, proof, bindingOf(viewer))).not.toBeNull();
});

test('B11 a challenge is answered once, and not after five minutes', async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  const challenge = await challengeFor(fixture, client);
  expect((await stepUp(client, challenge, await fixture.codeOf(person))).code).toBeNull();
  await fixture.forgetStep(person);
  expect((await stepUp(client, challenge, await fixture.codeOf(person))).code).toBe('STEP_UP_FAILED');
  const late = await challengeFor(fixture, client);
  await sql`update gateway.step_up set expires_at = clock_timestamp() where verified_at is null`.execute(fixture.database.owner);
  expect((await stepUp(client, late, await fixture.codeOf(person))).code).toBe('STEP_UP_FAILED');
});

test("B15 a caller can't ask for a longer or lower confirmation: further fields are BAD_INPUT", async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  const challenge = await challengeFor(fixture, client);
  for (const extra of [{ maxAge: 86_400 }, { method: 'password' }, { actionDigest: DIGEST }]) {
    expect((await client.send('/auth/step-up', { challenge, code: await fixture.codeOf(person), ...extra })).code).toBe('BAD_INPUT');
  }
});

test("A02 S3 the old cookie is dead after a step-up; session, challenges and proofs stay the same session's", async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  const old = client.cookies.get(SESSION_COOKIE) ?? '';
  const before = await viewerOf(client);
  const answer = await stepUp(client, await challengeFor(fixture, client), await fixture.codeOf(person));
  expect(client.cookies.get(SESSION_COOKIE)).not.toBe(old);
  expect((await viewerOf(client)).session).toEqual(before.session);
  expect(await claim(fixture, String(answer.body['proof']), bindingOf(await viewerOf(client)))).not.toBeNull();
  const thief = fixture.client();
  thief.cookies.set(SESSION_COOKIE, old);
  expect(await codeOfRefusal(thief.viewer())).toBe('UNAUTHENTICATED');
  expect((await fixture.logged('access.step-up.verified')).length).toBeGreaterThan(0);
});
