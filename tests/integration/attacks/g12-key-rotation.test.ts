import { randomBytes } from 'node:crypto';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { listSigningKeys, type RotationOptions, rotateSigningKey, rotateSigningKeyWhenDue } from '@sallyport/server/auth/tokens/rotate-signing-key.ts';
import { createSigningKeys } from '@sallyport/server/auth/tokens/signing-keys.ts';
import { decodeProtectedHeader } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';
import { exchange, makeToken, TENANTS, toolWith } from '../tokens/token-fixture.ts';

const secretKeys = () => ({ currentKeyId: 'one', keys: { one: randomBytes(32) } });
const logOf = (database: TestDatabase) => createAuditLog({ db: database.app, policy: { hash: '0'.repeat(64) }, environment: 'test', roles: new Map() });

let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  token = (await makeToken(await gateway.asRole('support-operator'), { permissions: ['accounts.tenant.read'], everywhere: true, minutes: 60 })).token;
});
afterAll(() => gateway.close());

const kidOf = (signed: string): string => decodeProtectedHeader(signed).kid ?? '';
const publishedKids = async (): Promise<readonly string[]> => {
  const { keys } = (await (await toolWith(gateway, null).send('GET', '/.well-known/jwks.json')).json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
};

test('G12 the signing key rotates under load: old tokens stay valid, the new key is used, 0 false refusals', async () => {
  const first = (await exchange(gateway, { subject_token: token })).signed;
  let stop = false;
  const refusals: string[] = [];
  const issued: string[] = [first];
  let uses = 0;
  const worker = async (): Promise<void> => {
    while (!stop) {
      const { signed, body } = await exchange(gateway, { subject_token: token });
      if (signed === '') refusals.push(`exchange ${JSON.stringify(body)}`);
      else issued.push(signed);
      for (const text of [signed, issued[Math.floor(uses % issued.length)] ?? first, first]) {
        uses += 1;
        const { codes } = await toolWith(gateway, text).query(TENANTS);
        if (codes.length > 0) refusals.push(codes.join());
      }
    }
  };
  const workers = Array.from({ length: 6 }, worker);
  const rotations = 12;
  for (let turn = 0; turn < rotations; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await rotateSigningKey(gateway.database.app, logOf(gateway.database), gateway.keys, { atOnce: true });
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  stop = true;
  await Promise.all(workers);
  const kids = new Set(issued.map(kidOf));
  expect(refusals).toEqual([]);
  expect(uses).toBeGreaterThan(100);
  expect(kids.size).toBeGreaterThan(6);
  expect((await exchange(gateway, { subject_token: token })).signed).toSatisfy((last: string) => kidOf(last) !== kidOf(first));
  expect(await publishedKids()).toEqual(expect.arrayContaining([...kids]));
});

test('G12 the next key is published before it signs, and the one before accepted for longer than anything it signed lives', async () => {
  const before = kidOf((await exchange(gateway, { subject_token: token })).signed);
  const rotate = () => rotateSigningKey(gateway.database.app, logOf(gateway.database), gateway.keys);
  // Eight at once, as of eight gateways on one database, are one rotation.
  const answers = await Promise.all(Array.from({ length: 8 }, rotate));
  expect(new Set(answers.map(({ kid }) => kid)).size).toBe(1);
  const next = answers[0]?.kid ?? '';
  expect(kidOf((await exchange(gateway, { subject_token: token })).signed)).toBe(before);
  expect(await publishedKids()).toContain(next);
  const { rows } = await sql<{ ahead: number; kept: number }>`
    select extract(epoch from n.active_from - clock_timestamp())::float8 as ahead, extract(epoch from o.expires_at - n.active_from)::float8 as kept
    from gateway.signing_key n, gateway.signing_key o where n.kid = ${next} and o.kid = ${before}`.execute(gateway.database.owner);
  expect(rows[0]?.ahead).toBeGreaterThan(300);
  expect(rows[0]?.kept).toBeGreaterThan(900);
  await sql`update gateway.signing_key set active_from = active_from - interval '10 minutes', retired_at = retired_at - interval '10 minutes', expires_at = expires_at - interval '10 minutes' where kid in (${next}, ${before})`.execute(
    gateway.database.owner,
  );
  expect(kidOf((await exchange(gateway, { subject_token: token })).signed)).toBe(next);
});

test('a key that leaked signs and vouches for nothing from that moment on', async () => {
  const { signed } = await exchange(gateway, { subject_token: token });
  expect((await toolWith(gateway, signed).query(TENANTS)).codes).toEqual([]);
  const rotate = (options: RotationOptions = {}) => rotateSigningKey(gateway.database.app, logOf(gateway.database), gateway.keys, options);
  const states = async () => (await listSigningKeys(gateway.database.app)).map(({ state }) => state).filter((state) => state !== 'accepted' && state !== 'expired');
  await rotate();
  expect(await states()).toEqual(['waiting', 'signing']);
  // At once means instead of whichever was to come, too.
  await rotate({ atOnce: true });
  expect(await states()).toEqual(['signing']);
  expect((await toolWith(gateway, signed).query(TENANTS)).codes).toEqual([]);
  await rotate();
  await rotate({ compromised: true });
  expect(await states()).toEqual(['signing']);
  expect((await toolWith(gateway, signed).query(TENANTS)).codes).toEqual(['UNAUTHENTICATED']);
  expect(await publishedKids()).toHaveLength(1);
  const again = (await exchange(gateway, { subject_token: token })).signed;
  expect((await toolWith(gateway, again).query(TENANTS)).codes).toEqual([]);
});

test('K12 a gateway accepts at once what another one signed with a key that it has not seen, however many made-up keys are asked for beside', async () => {
  const database = await createTestDatabase();
  try {
    const audit = logOf(database);
    const secrets = secretKeys();
    const [one, other] = [createSigningKeys(database.app, audit, secrets), createSigningKeys(database.app, audit, secrets)];
    for (let turn = 0; turn < 6; turn += 1) {
      const madeUp = Array.from({ length: 50 }, (_, index) => other.publicKey(`${'x'.repeat(41)}${String(index).padStart(2, '0')}`));
      if (turn > 0) await rotateSigningKey(database.app, audit, secrets, { atOnce: true });
      const { kid } = await one.current();
      expect(await other.publicKey(kid), `turn ${turn}`).not.toBeNull();
      expect(await Promise.all(madeUp)).toEqual(madeUp.map(() => null));
    }
  } finally {
    await database.drop();
  }
});

test('the first key is one key, whoever asks first; after 90 days it is followed, and sealed under the current secret key', async () => {
  const database = await createTestDatabase();
  try {
    const audit = logOf(database);
    const secrets = secretKeys();
    const made = await Promise.all(Array.from({ length: 6 }, () => createSigningKeys(database.app, audit, secrets).current()));
    expect(new Set(made.map(({ kid }) => kid)).size).toBe(1);
    await rotateSigningKeyWhenDue(database.app, audit, secrets);
    expect(await listSigningKeys(database.app)).toHaveLength(1);
    await sql`update gateway.signing_key set active_from = clock_timestamp() - interval '91 days'`.execute(database.owner);
    const renewed = { currentKeyId: 'two', keys: { ...secrets.keys, two: randomBytes(32) } };
    await Promise.all([rotateSigningKeyWhenDue(database.app, audit, renewed), rotateSigningKeyWhenDue(database.app, audit, renewed)]);
    expect((await listSigningKeys(database.app)).map(({ state }) => state)).toEqual(['waiting', 'signing']);
    const { rows } = await sql<{ key_id: string }>`select distinct key_id from gateway.signing_key`.execute(database.owner);
    expect(rows).toEqual([{ key_id: 'two' }]);
    const withoutOld = { currentKeyId: 'two', keys: { two: renewed.keys.two } };
    expect((await createSigningKeys(database.app, audit, withoutOld).current()).kid).toBe(made[0]?.kid);
  } finally {
    await database.drop();
  }
});
