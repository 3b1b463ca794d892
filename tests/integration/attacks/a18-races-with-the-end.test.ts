import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, signIn, startSignIn } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

test('A18 rights read again inside a transaction: whoever ends the session waits for that transaction, and afterwards they are gone', async () => {
  const person = await fixture.addPerson({ grants: [{ role: 'support-viewer', tenants: 'global' }] });
  const client = await signIn(fixture, person);
  const viewer = await client.viewer();
  if (viewer === null) throw new Error('no viewer');
  const order: string[] = [];
  let ending: Promise<unknown> = Promise.resolve();
  await fixture.database.app.transaction().execute(async (tx) => {
    const again = await fixture.authentication.reloadViewer(tx, viewer);
    expect(again).toEqual(viewer);
    ending = client.send('/auth/sign-out', {}).then(() => order.push('signed out'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    order.push('committed');
  });
  await ending;
  expect(order).toEqual(['committed', 'signed out']);
  expect(await fixture.database.app.transaction().execute((tx) => fixture.authentication.reloadViewer(tx, viewer))).toBeNull();
});

test('A18 A05 a revocation under way is waited for and then seen: no right survives its commit', async () => {
  const person = await fixture.addPerson({
    grants: [
      { role: 'support-viewer', tenants: 'global' },
      { role: 'billing-operator', tenants: ['t-1'] },
    ],
  });
  const viewer = await (await signIn(fixture, person)).viewer();
  if (viewer === null) throw new Error('no viewer');
  let reload: Promise<unknown> = Promise.resolve();
  await fixture.database.owner.transaction().execute(async (tx) => {
    await sql`update gateway.access_grant set revoked_at = clock_timestamp() where staff_id = ${person.id} and role = 'billing-operator'`.execute(tx);
    reload = fixture.database.app
      .transaction()
      .execute((inner) => fixture.authentication.reloadViewer(inner, viewer))
      .then((again) => again?.grants.map(({ role }) => role));
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  expect(await reload).toEqual(['support-viewer']);
});

test('A18 a person disabled between password and code gets no session', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await startSignIn(client, person);
  const code = await fixture.codeOf(person);
  const [answer] = await Promise.all([
    client.send('/auth/totp', { code }),
    sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where id = ${person.id}`.execute(fixture.database.owner),
  ]);
  const alive = answer.code === null ? await codeOfRefusal(client.viewer()) : 'UNAUTHENTICATED';
  expect(alive).toBe('UNAUTHENTICATED');
  expect((await startSignIn(fixture.client(), person)).code).toBe('UNAUTHENTICATED');
});

test('A18 sign-outs against rotations of the cookie, side by side: nothing deadlocks and the session is over at the end', async () => {
  for (let round = 0; round < 5; round += 1) {
    const person = await fixture.addPerson();
    const client = await signIn(fixture, person);
    const viewer = await client.viewer();
    if (viewer === null) throw new Error('no viewer');
    const reading = Array.from({ length: 4 }, () => fixture.database.app.transaction().execute((tx) => fixture.authentication.reloadViewer(tx, viewer)));
    const code = await fixture.codeOf(person);
    await Promise.all([...reading, client.send('/auth/recovery-codes', { code }), client.send('/auth/sign-out', {})]);
    expect(await fixture.database.app.transaction().execute((tx) => fixture.authentication.reloadViewer(tx, viewer))).toBeNull();
  }
});
