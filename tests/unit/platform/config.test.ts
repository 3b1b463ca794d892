import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@sallyport/server/config.ts';
import { readSecretKeys } from '@sallyport/server/secret-keys.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CANARY = 'canary-7f3a';

describe('configuration', () => {
  test('nothing set is a safe start on loopback', () => {
    expect(readConfig({})).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      publicUrl: null,
      secureCookies: false,
      seed: 'demo',
      environment: 'local',
      development: false,
      databaseUrl: null,
    });
  });

  test('a mail server comes whole, with its password from a file where asked', async () => {
    expect(readConfig({}).mail).toBeNull();
    const path = join(folder, 'smtp-url');
    await writeFile(path, `smtps://user:${CANARY}@mail.example.com:465\n`);
    const { mail } = readConfig({ SMTP_URL_FILE: path, MAIL_FROM: 'sallyport@example.com' });
    expect([mail?.server.hostname, mail?.server.password, mail?.from]).toEqual(['mail.example.com', CANARY, 'sallyport@example.com']);
  });

  test('H21 the store of the log has no bound but its disk unless one is set', () => {
    expect([readConfig({}).logStoreLimitBytes, readConfig({ LOG_STORE_LIMIT_BYTES: '50000000000' }).logStoreLimitBytes]).toEqual([null, 50_000_000_000]);
  });

  test('another database is not seeded unless asked', () => {
    expect(readConfig({ DATABASE_URL: 'postgres://a@localhost/x' }).seed).toBe('none');
    expect(readConfig({ DATABASE_URL: 'postgres://a@localhost/x', SEED: 'demo' }).seed).toBe('demo');
  });

  test.each([
    [{ LOG_STORE_LIMIT_BYTES: '80%' }, /^LOG_STORE_LIMIT_BYTES has to be/],
    [{ LOG_STORE_LIMIT_BYTES: '0' }, /^LOG_STORE_LIMIT_BYTES has to be/],
    [{ LOG_STORE_LIMIT_BYTES: '-100000000' }, /^LOG_STORE_LIMIT_BYTES has to be/],
    [{ LOG_STORE_LIMIT_BYTES: '1e12' }, /^LOG_STORE_LIMIT_BYTES has to be/],
    [{ PORT: 'eighty' }, /^PORT /],
    [{ PORT: '70000' }, /^PORT /],
    [{ HOST: '0.0.0.0' }, /^PUBLIC_URL is needed/],
    [{ MAIL_FROM: 'sallyport@example.com' }, /^MAIL_FROM is set without SMTP_URL/],
    [{ SMTP_URL: 'smtps://mail.example.com' }, /^MAIL_FROM is needed/],
    [{ SMTP_URL: `http://mail.example.com/${CANARY}`, MAIL_FROM: 'a@example.com' }, /^SMTP_URL is not the address/],
    [{ SMTP_URL: `smtps://u:${CANARY}@mail.example.com/?tls.rejectUnauthorized=false`, MAIL_FROM: 'a@example.com' }, /^SMTP_URL has to be/],
    [{ SMTP_URL: `smtps://u:%E0${CANARY}@mail.example.com`, MAIL_FROM: 'a@example.com' }, /^SMTP_URL holds/],
    [{ SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: 'a@example.com, b@example.com' }, /^MAIL_FROM has to be/],
    [{ SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: 'Sallyport <a@example.com>' }, /^MAIL_FROM has to be/],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'http://admin.example.com' }, /^PUBLIC_URL is http/],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://admin.example.com', NODE_ENV: 'development' }, /^NODE_ENV is development/],
    [{ PUBLIC_URL: 'https://admin.example.com/path' }, /^PUBLIC_URL has to be an origin/],
    [{ PUBLIC_URL: `https://someone:${CANARY}@admin.example.com` }, /^PUBLIC_URL has to be an origin/],
    [{ DATABASE_URL: `mysql://root:${CANARY}@localhost/x` }, /^DATABASE_URL is not a PostgreSQL/],
    [{ DATABASE_URL: `postgres://root:${CANARY}@localhost` }, /^DATABASE_URL names no database/],
    [{ DATABASE_URL_FILE: '/does/not/exist' }, /^DATABASE_URL_FILE names a file .*ENOENT/],
    [{ DATABASE_URL: `postgres://a:${CANARY}@localhost/x`, DATABASE_URL_FILE: '/x' }, /^DATABASE_URL_FILE is set, and DATABASE_URL too/],
    [{ SEED: 'everything' }, /^SEED has to be one of demo, none/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL has to be one of/],
    [{ ENVIRONMENT: 'Über Prod' }, /^ENVIRONMENT has to be/],
    [{ TRUSTED_PROXIES: 'everyone' }, /^TRUSTED_PROXIES has to be/],
  ])('%j is refused by name, and no secret is repeated (H15)', (environment, expected) => {
    const refusal = (): unknown => readConfig(environment);
    expect(refusal).toThrow(expected);
    expect(refusal).not.toThrow(CANARY);
  });

  test('a secret may come from a file', async () => {
    const path = join(folder, 'address');
    await writeFile(path, 'postgres://a:b@localhost/x\n');
    expect(readConfig({ DATABASE_URL_FILE: path }).databaseUrl).toBe('postgres://a:b@localhost/x');
  });
});

describe('key file', () => {
  test('is made on the first start, for us alone, and stays the same', async () => {
    const config = { keyFile: join(folder, 'keys.json'), makesKeyFile: true };
    const first = await readSecretKeys(config);
    expect(first.keys[first.currentKeyId]).toHaveLength(32);
    expect(await readSecretKeys(config)).toEqual(first);
  });

  test('that everybody can read is refused', async () => {
    const path = join(folder, 'open.json');
    await readSecretKeys({ keyFile: path, makesKeyFile: true });
    await chmod(path, 0o644);
    await expect(readSecretKeys({ keyFile: path, makesKeyFile: true })).rejects.toThrow(/^KEY_FILE .* can be read by everybody/);
  });

  test.each([
    ['nonsense', 'not a key file'],
    ['{"currentKeyId":"a","keys":{}}', 'not among the keys'],
    ['{"currentKeyId":"a","keys":{"a":"c2hvcnQ="}}', '32 bytes'],
  ])('%s is refused', async (content, expected) => {
    const path = join(folder, 'bad.json');
    await writeFile(path, content);
    await chmod(path, 0o600);
    await expect(readSecretKeys({ keyFile: path, makesKeyFile: false })).rejects.toThrow(expected);
  });

  test('named but missing is refused, not made', async () => {
    await expect(readSecretKeys({ keyFile: join(folder, 'missing.json'), makesKeyFile: false })).rejects.toThrow(/^KEY_FILE names a file that is not there/);
  });
});
