import { codeAt, STEP_SECONDS } from '@sallyport/server/auth/totp.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';
import { CREATE_TOKEN, exchange, makeToken, TENANTS, tokenInput, toolWith } from '../tokens/token-fixture.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: true });
});
afterAll(() => gateway.close());

/** Every row of every table of the database as text, bytes in hexadecimal: what somebody holds who has stolen a dump. */
async function dump(): Promise<readonly { readonly table: string; readonly row: string }[]> {
  const { owner } = gateway.database;
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`.execute(owner);
  const found: { table: string; row: string }[] = [];
  for (const { schema, name } of tables) {
    const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.id(schema, name)} t`.execute(owner);
    found.push(...rows.map(({ row }) => ({ table: `${schema}.${name}`, row })));
  }
  return found;
}

/** A text as it could stand in a dump: plain, in hexadecimal, in base64, and without its padding or its prefix. */
const disguises = (text: string): readonly string[] => {
  const bytes = Buffer.from(text);
  return [text, bytes.toString('hex'), bytes.toString('base64').replaceAll('=', ''), bytes.toString('base64url')];
};

test('G09 H15 Inv14 a dump of the database holds no usable token, session, code or secret', async () => {
  const operator = await gateway.asRole('support-operator');
  const idempotencyKey = 'make-once';
  const asked = await operator.query(CREATE_TOKEN, { input: tokenInput({ permissions: ['accounts.tenant.read'], everywhere: true }) }, { idempotencyKey });
  const proof = await operator.stepUp(asked.errors[0]?.extensions.challenge ?? '');
  const made = await operator.query(CREATE_TOKEN, { input: tokenInput({ permissions: ['accounts.tenant.read'], everywhere: true }) }, { proof, idempotencyKey });
  const opaque = String(made.data?.['createToken'].token);
  const repeated = await operator.query(CREATE_TOKEN, { input: tokenInput({ permissions: ['accounts.tenant.read'], everywhere: true }) }, { proof, idempotencyKey });
  expect(repeated.data?.['createToken'].token).toBeNull();
  const { signed } = await exchange(gateway, { subject_token: opaque });
  const { token: revoked } = await makeToken(operator, { permissions: ['accounts.tenant.read'], everywhere: true });
  for (const text of [opaque, signed, revoked]) expect((await toolWith(gateway, text).query(TENANTS)).codes).toEqual([]);

  const rows = await dump();
  expect(rows.length).toBeGreaterThan(500);
  // The search finds what is there: a token's own hash, in the table that keeps it.
  const { rows: hashes } = await sql<{ hash: string }>`select encode(token_hash, 'hex') as hash from gateway.access_token`.execute(gateway.database.owner);
  expect(rows.filter(({ row }) => row.includes(hashes[0]?.hash ?? 'none')).map(({ table }) => table)).toEqual(['gateway.access_token']);

  const session = operator
    .cookie()
    .split('; ')
    .map((pair) => pair.split('=')[1] ?? '');
  const now = Math.floor(Date.now() / 1000);
  const codes = [-1, 0, 1].map((step) => codeAt(operator.person.totpSecret, now + step * STEP_SECONDS));
  const secrets = [opaque, opaque.slice(4), revoked.slice(4), signed, signed.split('.')[2] ?? '', proof, ...session, operator.person.totpSecret, operator.person.password];
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(8);
    for (const form of disguises(secret)) expect(rows.filter(({ row }) => row.toLowerCase().includes(form.toLowerCase())).map(({ table }) => table)).toEqual([]);
  }
  // Six digits stand in many a number; alone between other characters they stand nowhere but by chance of an amount or a time.
  const texts = rows.filter(({ table }) => table.startsWith('gateway.') || table.startsWith('audit.'));
  for (const code of codes) expect(texts.filter(({ row }) => new RegExp(`"${code}"|[,(]${code}[,)]`).test(row)).map(({ table }) => table)).toEqual([]);
  // The private key that signs is there, sealed: nothing of a private JWK can be read.
  const keys = rows.filter(({ table }) => table === 'gateway.signing_key');
  expect(keys).toHaveLength(1);
  expect(keys[0]?.row).not.toMatch(/""d""|"d":/);
});

test('G09 a hash is no token: presented as one it is refused', async () => {
  const { rows } = await sql<{
    hex: string;
    text: string;
  }>`select encode(token_hash, 'hex') as hex, rtrim(translate(encode(token_hash, 'base64'), '+/', '-_'), '=') as text from gateway.access_token limit 1`.execute(
    gateway.database.owner,
  );
  for (const text of [rows[0]?.hex ?? '', rows[0]?.text ?? '', `slp_${rows[0]?.text}`, `slp_${rows[0]?.text}000000`])
    expect((await toolWith(gateway, text).query(TENANTS)).codes).toEqual(['UNAUTHENTICATED']);
});

test('the serving role can widen, move or remove no token, and unmake no key', async () => {
  const attempts = [
    sql`update gateway.access_token set permissions = array['access.grant.give']`,
    sql`update gateway.access_token set expires_at = expires_at + interval '1 minute'`,
    sql`update gateway.access_token set token_hash = sha256('x')`,
    sql`delete from gateway.access_token`,
    sql`update gateway.signing_key set public_jwk = '{}'`,
    sql`delete from gateway.signing_key`,
    sql`update gateway.break_glass set reason = 'x'`,
    sql`delete from gateway.break_glass`,
  ];
  for (const attempt of attempts) await expect(attempt.execute(gateway.database.app)).rejects.toMatchObject({ code: '42501' });
});
