import { changeSsoConfiguration } from '@sallyport/schema/modules/security-settings/change-sso-configuration.action.ts';
import { rotateWebhookSecret } from '@sallyport/schema/modules/security-settings/rotate-webhook-secret.action.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../helpers/database.ts';
import { NO_SERVICES } from '../../helpers/services.ts';
import { factsFor, openDemoCompany, readOne, runEffect } from './demo-company.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDemoCompany();
});
afterAll(() => database.drop());

const configurationThat = async (condition: ReturnType<typeof sql<boolean>>): Promise<string> =>
  (await readOne(database.app, sql<{ id: string }>`select id from product.sso_configuration where ${condition} order by reference limit 1`)).id;

test('a rotated secret is 32 random bytes, replaces the old one, and is shown once and nowhere else', async () => {
  const { id } = await readOne(database.app, sql<{ id: string }>`select id from product.webhook order by reference limit 1`);
  const seen = new Set<string>();
  for (let round = 0; round < 2; round += 1) {
    const tx = await database.app.startTransaction().execute();
    const effect = await rotateWebhookSecret.run(tx, await factsFor(tx, rotateWebhookSecret, id, {}), NO_SERVICES);
    await tx.commit().execute();
    const secret = effect.once?.['secret'] ?? '';
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    seen.add(secret);
    // The delivery service, which is not the gateway, finds exactly these bytes.
    const stored = await readOne(database.owner, sql<{ key: string }>`select encode(signing_key, 'base64') as key from product.webhook_secret where webhook_id = ${id}`);
    expect(`whsec_${stored.key}`).toBe(secret);
    expect(JSON.stringify([effect.changes, effect.outbox])).not.toContain(stored.key);
  }
  expect(seen.size).toBe(2);
  expect(await readOne(database.app, sql`select secret_generation from product.webhook where id = ${id}`)).toEqual({ secret_generation: 3 });
});

test('another identity provider is unverified and not enforced until a sign-in proves it', async () => {
  const id = await configurationThat(sql`enforced`);
  await runEffect(database.app, changeSsoConfiguration, id, { issuerUrl: 'https://login.other.example' }, async (tx) => {
    expect(await readOne(tx, sql`select issuer_url, status, enforced, last_verified_at, changed_at = now() as just_now from product.sso_configuration where id = ${id}`)).toEqual({
      issuer_url: 'https://login.other.example',
      status: 'unverified',
      enforced: false,
      last_verified_at: null,
      just_now: true,
    });
    await expect(changeSsoConfiguration.run(tx, await factsFor(tx, changeSsoConfiguration, id, { enforced: true }), NO_SERVICES)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      detail: { issues: [{ path: 'input.enforced' }] },
    });
  });
});

test('a verified provider can be enforced and released without being verified again', async () => {
  const id = await configurationThat(sql`status = 'active' and not enforced`);
  await runEffect(database.app, changeSsoConfiguration, id, { enforced: true }, async (tx) => {
    expect(await readOne(tx, sql`select status, enforced from product.sso_configuration where id = ${id}`)).toEqual({ status: 'active', enforced: true });
    await changeSsoConfiguration.run(tx, await factsFor(tx, changeSsoConfiguration, id, { enforced: false }), NO_SERVICES);
    expect(await readOne(tx, sql`select status, enforced from product.sso_configuration where id = ${id}`)).toEqual({ status: 'active', enforced: false });
  });
});

test.each(['http://login.other.example', 'javascript:alert(1)', 'https://user:word@login.other.example', 'https://login.other.example/#x', 'not an address'])(
  'the issuer %s is refused without being repeated',
  async (issuerUrl) => {
    const id = await configurationThat(sql`true`);
    const refusal = await runEffect(database.app, changeSsoConfiguration, id, { issuerUrl }).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code: 'BAD_INPUT', detail: { issues: [{ path: 'input.issuerUrl' }] } });
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain(issuerUrl);
  },
);

test('changing nothing is refused', async () => {
  await expect(runEffect(database.app, changeSsoConfiguration, await configurationThat(sql`true`), {})).rejects.toMatchObject({ code: 'BAD_INPUT' });
});
