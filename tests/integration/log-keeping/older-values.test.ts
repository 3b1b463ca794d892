import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { composeEvent } from '@sallyport/server/audit/compose-event.ts';
import { appendStatement } from '@sallyport/server/audit/append-statement.ts';
import { CORE_MIGRATIONS, migrate, readMigrations } from '@sallyport/server/db/migrate.ts';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { administer } from '../../helpers/database.ts';
import { refund } from '../audit/log-fixture.ts';

test('H16 values that were written before there were subjects are found by theirs, and erased', { timeout: 60_000 }, async () => {
  const { adminUrl } = inject('database');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-migrations-'));
  await administer(adminUrl, `create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  try {
    for (const { file } of await readMigrations(CORE_MIGRATIONS)) if (file < '0025') await copyFile(new URL(file, CORE_MIGRATIONS.url), join(folder, file));
    await migrate(url.href, [{ ...CORE_MIGRATIONS, url: pathToFileURL(`${folder}/`) }]);
    await client.connect();
    const setting = { policyVersion: 'a'.repeat(64), environment: 'test', roles: new Map() };
    const draft = refund({
      target: { type: 'person', id: 'person-1' },
      before: { email: 'lama@contoh.example', 'productSession/session.1/x.ipAddress': '203.0.113.9' },
      after: { email: null },
      classes: { email: 'personal', 'productSession/session.1/x.ipAddress': 'personal' },
    });
    const { text, values } = appendStatement([composeEvent(draft, setting)]);
    await client.query(text, [...values]);
    expect(await migrate(url.href)).toEqual(expect.arrayContaining(['core/0025_log_keeping.sql', 'core/0028_two_people_for_keeping.sql']));
    const { rows } = await client.query('select side, field, subject_type as type, subject_id as id from audit.personal_value order by 1, 2');
    expect(rows).toEqual([
      { side: 'after', field: 'email', type: 'person', id: 'person-1' },
      { side: 'before', field: 'email', type: 'person', id: 'person-1' },
      { side: 'before', field: 'productSession/session.1/x.ipAddress', type: 'productSession', id: 'session.1/x' },
    ]);
    const erased = await client.query<{ erased: number }>(`select audit.delete_values('{"erased": {"person": ["person-1"]}}', '{}')::int as erased`);
    expect(erased.rows).toEqual([{ erased: 2 }]);
    await expect(client.query(`update audit.personal_value set value = '1'`)).rejects.toThrow(/append-only/);
  } finally {
    await client.end();
    await administer(adminUrl, `drop database ${name} with (force)`);
    await rm(folder, { recursive: true });
  }
});
