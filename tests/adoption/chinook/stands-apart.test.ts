import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedDemo } from '@sallyport/server/cli/seed-demo.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { modules } from './index.ts';
import { loadChinook } from './load-chinook.ts';
import { describeWithChinook } from './open-chinook.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Names of this database's own things; what a project that does not know it can't hold. */
const OURS = /chinook|InvoiceLineId|SupportRepId/i;

describe('adopting a database', () => {
  it('takes this folder alone: no source, migration or test elsewhere names it', async () => {
    const { stdout } = await promisify(execFile)('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
    const elsewhere = stdout.split('\n').filter((path) => /\.(ts|tsx|mjs|json|sql|ya?ml)$|^\.ci\//.test(path) && !path.startsWith('tests/adoption/'));
    expect(elsewhere.length).toBeGreaterThan(200);
    const naming: string[] = [];
    for (const path of elsewhere) if (OURS.test(await readFile(join(ROOT, path), 'utf8').catch(() => ''))) naming.push(path);
    expect(naming).toEqual([]);
  });

  it('uses the public vocabulary alone: no part of the engine, the server or our product', async () => {
    const folder = new URL('./', import.meta.url);
    const sources = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'open-chinook.ts');
    expect(sources.length).toBeGreaterThan(8);
    for (const name of sources) {
      const imported = [...(await readFile(new URL(name, folder), 'utf8')).matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
      for (const word of imported) expect(word, name).toMatch(/^(\.\/[\w.-]+\.ts|kysely|node:(fs\/promises|url)|@sallyport\/schema\/(vocabulary\/[\w-]+|errors)\.ts)$/);
    }
  });
});

await describeWithChinook('the demo seed and tables that the seed itself makes', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());
  const seed = () =>
    seedDemo(database.owner, {
      modules,
      local: true,
      options: { tenants: 12, seed: 1 },
      seedStaff: (_db, tenantIds) => Promise.resolve(expect(tenantIds.slice(0, 3)).toEqual(['1', '2', '3'])),
    });

  it('refuses a database in which the shop is at home already, and leaves it as it is', async () => {
    await loadChinook(database.owner);
    await expect(seed()).rejects.toThrow('holds rows that the demo did not write');
    const { rows } = await sql`select 1 from chinook."Invoice"`.execute(database.owner);
    expect(rows.length).toBe(412);
    await sql`drop schema chinook cascade`.execute(database.owner);
  });

  it('loads it once, in keys that count as numbers', async () => {
    expect(await seed()).toBe(true);
    expect(await seed()).toBe(false);
    const { rows } = await sql<{
      rows: number;
    }>`select sum(n_live)::int as rows from (select count(*) as n_live from chinook."Customer" union all select count(*) from chinook."Invoice" union all select count(*) from chinook."InvoiceLine") t`.execute(
      database.owner,
    );
    expect(rows[0]?.rows).toBe(59 + 412 + 2240);
  });
});
