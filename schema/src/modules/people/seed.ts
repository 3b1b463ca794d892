import { Faker, en, id_ID } from '@faker-js/faker';
import type { Kysely } from 'kysely';
import type { SeedOptions } from '../../vocabulary/define-module.ts';
import { type DemoRow, daysFromDemoDay, insertDemoRows, readDemoTenants, reference } from '../demo-rows.ts';

/** What real tables hold: quotes, formulas, markup, right-to-left marks, emoji, very long names. */
const AWKWARD_NAMES = [
  "Siti Nur'aini O'Brien",
  '=1+1',
  '<img src=x onerror=alert(1)>',
  'Dewi \u200fعائشة\u200e Lestari',
  'Budi 😀 Santoso',
  'Raden Mas Haryo Kusumo Adiningrat Wijaya Kusuma Negara Putra Pertama dari Surakarta Hadiningrat',
  '@SUM(1,2)',
  'Null',
];

const DEVICES = ['Chrome on Windows', 'Firefox on Linux', 'Safari on macOS', 'Product app on Android', 'Product app on iOS'] as const;
const ROLES_AFTER_OWNER = ['admin', 'billing', 'security'] as const;

/** People with memberships and open sessions. About 12 people a tenant; 2 % belong to a second tenant as well. */
export async function seedPeople(db: Kysely<unknown>, { seed }: SeedOptions): Promise<void> {
  const faker = new Faker({ locale: [id_ID, en], seed: seed + 1 });
  const tenants = await readDemoTenants(db);
  const people: DemoRow[] = [];
  const memberships: DemoRow[] = [];
  const sessions: DemoRow[] = [];
  for (const [order, tenant] of tenants.entries()) {
    const members = Math.min(tenant.seatLimit - 1, faker.number.int({ min: 5, max: 19 }));
    for (let index = 0; index < members; index += 1) {
      const number = people.length + 1;
      const id = faker.string.uuid();
      const [first, last] = [faker.person.firstName(), faker.person.lastName()];
      // The owner and the next two are always people on whom every act can be shown.
      const state =
        index < 3
          ? 'active'
          : faker.helpers.weightedArrayElement([
              { value: 'active', weight: 80 },
              { value: 'invited', weight: 10 },
              { value: 'locked', weight: 4 },
              { value: 'deactivated', weight: 6 },
            ]);
      const signsIn = state === 'active' || state === 'locked';
      const method = signsIn && (index < 2 || faker.datatype.boolean(0.6)) ? faker.helpers.arrayElement(['totp', 'totp', 'passkey', 'sms']) : null;
      const createdDaysAgo = faker.number.float({ min: 30, max: Math.max(31, tenant.ageDays) });
      people.push({
        id,
        reference: reference('PSN-', 6, number),
        tenant_id: tenant.id,
        display_name: (index === 4 && AWKWARD_NAMES[order - 3]) || `${first} ${last}`,
        email: `${first}.${last}${number}@${tenant.code.toLowerCase()}.example`.toLowerCase().replaceAll(' ', ''),
        phone: faker.datatype.boolean(0.9) ? `+62 8${faker.string.numeric(2)} ${faker.string.numeric(4)} ${faker.string.numeric(4)}` : null,
        state,
        locale: faker.datatype.boolean(0.8) ? 'id' : 'en',
        mfa_enabled: method !== null,
        mfa_method: method,
        mfa_enrolment_required: false,
        password_reset_required: false,
        last_sign_in_at: signsIn ? daysFromDemoDay(-faker.number.float({ min: 0.01, max: 29 })) : null,
        created_at: daysFromDemoDay(-createdDaysAgo),
      });
      memberships.push({
        id: faker.string.uuid(),
        tenant_id: tenant.id,
        person_id: id,
        org_role: index === 0 ? 'owner' : (ROLES_AFTER_OWNER[index - 1] ?? (faker.datatype.boolean(0.1) ? 'admin' : 'member')),
        joined_at: daysFromDemoDay(-createdDaysAgo),
      });
      const elsewhere = tenants[(order + 1) % tenants.length];
      if (index > 2 && elsewhere && elsewhere !== tenant && faker.datatype.boolean(0.02)) {
        memberships.push({
          id: faker.string.uuid(),
          tenant_id: elsewhere.id,
          person_id: id,
          org_role: 'member',
          joined_at: daysFromDemoDay(-faker.number.float({ min: 1, max: 30 })),
        });
      }
      const open = signsIn ? faker.number.int({ min: index < 3 ? 1 : 0, max: 3 }) : 0;
      for (let at = 0; at < open; at += 1) {
        const startedDaysAgo = faker.number.float({ min: 0.1, max: 12 });
        sessions.push({
          id: faker.string.uuid(),
          tenant_id: tenant.id,
          person_id: id,
          client: faker.helpers.arrayElement(['web', 'web', 'android', 'ios', 'api']),
          device: faker.helpers.arrayElement(DEVICES),
          ip_address: faker.internet.ipv4(),
          started_at: daysFromDemoDay(-startedDaysAgo),
          last_seen_at: daysFromDemoDay(-faker.number.float({ min: 0, max: startedDaysAgo })),
          expires_at: daysFromDemoDay(365 + at),
        });
      }
    }
  }
  await insertDemoRows(db, 'person', people);
  await insertDemoRows(db, 'membership', memberships);
  await insertDemoRows(db, 'product_session', sessions);
}
