import { Faker, en, id_ID } from '@faker-js/faker';
import type { Kysely } from 'kysely';
import type { SeedOptions } from '../../vocabulary/define-module.ts';
import { type DemoRow, daysFromDemoDay, insertDemoRows, readDemoTenants, reference } from '../demo-rows.ts';

/** Up to three webhooks a tenant, single sign-on for the larger plans, an MFA policy for everyone. */
export async function seedSecuritySettings(db: Kysely<unknown>, { seed }: SeedOptions): Promise<void> {
  const faker = new Faker({ locale: [id_ID, en], seed: seed + 3 });
  const webhooks: DemoRow[] = [];
  const secrets: DemoRow[] = [];
  const connections: DemoRow[] = [];
  const policies: DemoRow[] = [];
  for (const [order, tenant] of (await readDemoTenants(db)).entries()) {
    const domain = `${tenant.code.toLowerCase()}.example`;
    const topics = faker.helpers.arrayElements(['invoices', 'people', 'usage', 'security'], { min: order < 3 ? 1 : 0, max: 3 });
    for (const topic of topics) {
      const id = faker.string.uuid();
      const status = faker.helpers.weightedArrayElement([
        { value: 'active', weight: 84 },
        { value: 'failing', weight: 10 },
        { value: 'disabled', weight: 6 },
      ]);
      const createdDaysAgo = faker.number.float({ min: 20, max: Math.max(21, tenant.ageDays) });
      webhooks.push({
        id,
        reference: reference('WHK-', 6, webhooks.length + 1),
        tenant_id: tenant.id,
        url: `https://hooks.${domain}/${topic}`,
        topic,
        status,
        failures_last_day: status === 'failing' ? faker.number.int({ min: 3, max: 500 }) : 0,
        last_delivery_at: daysFromDemoDay(-faker.number.float({ min: 0.001, max: 3 })),
        secret_generation: 1,
        secret_rotated_at: daysFromDemoDay(-createdDaysAgo),
        created_at: daysFromDemoDay(-createdDaysAgo),
      });
      // Demo keys sign nothing: as bytea in PostgreSQL's hex form.
      secrets.push({ webhook_id: id, signing_key: `\\x${faker.string.hexadecimal({ length: 64, casing: 'lower', prefix: '' })}` });
    }
    if (order < 3 || tenant.plan === 'business' || tenant.plan === 'enterprise') {
      const status =
        order < 3
          ? 'active'
          : faker.helpers.weightedArrayElement([
              { value: 'active', weight: 80 },
              { value: 'unverified', weight: 12 },
              { value: 'failing', weight: 8 },
            ]);
      const changedDaysAgo = faker.number.float({ min: 5, max: 80 });
      connections.push({
        id: faker.string.uuid(),
        reference: reference('SSO-', 5, order + 1),
        tenant_id: tenant.id,
        protocol: faker.helpers.arrayElement(['saml', 'oidc']),
        issuer_url: `https://identity.${domain}`,
        entity_id: `urn:${domain}:product`,
        enforced: status === 'active' && faker.datatype.boolean(0.5),
        status,
        last_verified_at: status === 'unverified' ? null : daysFromDemoDay(-faker.number.float({ min: 0.1, max: 4 })),
        changed_at: daysFromDemoDay(-changedDaysAgo),
      });
    }
    policies.push({
      id: faker.string.uuid(),
      reference: reference('MFP-', 5, order + 1),
      tenant_id: tenant.id,
      requirement: faker.helpers.arrayElement(['optional', 'administrators', 'everyone']),
      sms_allowed: faker.datatype.boolean(0.3),
      grace_period_days: faker.helpers.arrayElement([0, 7, 14, 30]),
      remember_device_days: faker.helpers.arrayElement([0, 7, 30]),
      changed_at: daysFromDemoDay(-faker.number.float({ min: 5, max: 80 })),
    });
  }
  await insertDemoRows(db, 'webhook', webhooks);
  await insertDemoRows(db, 'webhook_secret', secrets);
  await insertDemoRows(db, 'sso_configuration', connections);
  await insertDemoRows(db, 'mfa_policy', policies);
}
