import { Faker, en, id_ID } from '@faker-js/faker';
import type { Kysely } from 'kysely';
import type { SeedOptions } from '../../vocabulary/define-module.ts';
import { type DemoRow, daysFromDemoDay, insertDemoRows, readDemoTenants } from '../demo-rows.ts';

/** A past export for every third tenant or so, and one under way for the first. */
export async function seedDataExports(db: Kysely<unknown>, { seed }: SeedOptions): Promise<void> {
  const faker = new Faker({ locale: [id_ID, en], seed: seed + 5 });
  const exports: DemoRow[] = [];
  for (const [order, tenant] of (await readDemoTenants(db)).entries()) {
    if (order > 2 && !faker.datatype.boolean(0.35)) continue;
    const state = order === 0 ? 'ordered' : faker.helpers.arrayElement(['delivered', 'delivered', 'delivered', 'failed', 'withdrawn']);
    const daysAgo = order === 0 ? 0.2 : faker.number.float({ min: 3, max: 80 });
    exports.push({
      id: faker.string.uuid(),
      tenant_id: tenant.id,
      scope: order === 0 ? 'people' : faker.helpers.arrayElement(['people', 'billing', 'everything']),
      state,
      ordered_at: daysFromDemoDay(-daysAgo),
      delivered_at: state === 'delivered' ? daysFromDemoDay(-daysAgo + 0.3) : null,
      records: state === 'delivered' ? faker.number.int({ min: 20, max: 40_000 }) : null,
    });
  }
  await insertDemoRows(db, 'data_export', exports);
}
