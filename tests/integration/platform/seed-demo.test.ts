import { seedDemo } from '@sallyport/server/cli/seed-demo.ts';
import { modules } from '@sallyport/schema/index.ts';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const options = { tenants: 12, seed: 1 };
const count = async (table: string): Promise<number> =>
  (await sql<{ count: number }>`select count(*)::int as count from ${sql.table(table)}`.execute(database.owner)).rows[0]?.count ?? -1;

describe('the demo', () => {
  test('is written once; who starts again finds what is there', async () => {
    const seedStaff = vi.fn(async () => undefined);
    const seed = { modules, options, local: true, seedStaff };
    expect(await seedDemo(database.owner, seed)).toBe(true);
    expect(await count('product.tenant')).toBe(12);
    expect(await seedDemo(database.owner, seed)).toBe(false);
    expect(await count('product.tenant')).toBe(12);
    expect(seedStaff).toHaveBeenCalledOnce();
    expect(seedStaff.mock.calls[0]).toHaveLength(2);
  });

  test('of two that start at once, one writes', async () => {
    const seed = { modules, options, local: true, seedStaff: async () => undefined };
    expect((await Promise.all([seedDemo(database.owner, seed), seedDemo(database.owner, seed)])).toSorted()).toEqual([false, true]);
  });

  test('that is cut short leaves nothing behind', async () => {
    const seedStaff = async (): Promise<never> => {
      throw new Error('cut short');
    };
    await expect(seedDemo(database.owner, { modules, options, local: true, seedStaff })).rejects.toThrow('cut short');
    expect(await count('product.tenant')).toBe(0);
  });

  test('is refused for a database on another machine', async () => {
    await expect(seedDemo(database.owner, { modules, options, local: false, seedStaff: async () => undefined })).rejects.toThrow(/on another machine/);
  });

  test('is refused for a database that holds people already', async () => {
    await sql`insert into gateway.staff (id, email, display_name) values (gen_random_uuid(), 'a@b.example', 'A')`.execute(database.owner);
    await expect(seedDemo(database.owner, { modules, options, local: true, seedStaff: async () => undefined })).rejects.toThrow('gateway.staff of this one holds rows');
  });

  test('is refused for a database that holds rows of the product already', async () => {
    await modules.find((module) => module.seed)?.seed?.(database.owner, { tenants: 1, seed: 2 });
    await expect(seedDemo(database.owner, { modules, options, local: true, seedStaff: async () => undefined })).rejects.toThrow('product.tenant of this one holds rows');
  });
});
