import { randomUUID } from 'node:crypto';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { findDiscrepancies } from '@sallyport/server/audit/read-records.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { beginLog } from '@sallyport/server/integrity/begin-log.ts';
import { createLogSigner } from '@sallyport/server/integrity/log-keys.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBooks, countDiscrepancies } from '../../harness/log-checks/check-books.ts';
import { sealAndSign } from '../../harness/tampering/grow-log.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

const SECRETS = { currentKeyId: 'test', keys: { test: Buffer.alloc(32, 7) } };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await beginLog(database.app, SECRETS, { configured: null, invented: 'log.example/clock' });
  // The clock of a database server that somebody sets: found before the real one, by whoever has this search path.
  await sql`create schema skew`.execute(database.owner);
  await sql`create table skew.setting (ahead interval not null)`.execute(database.owner);
  await sql`insert into skew.setting values ('0')`.execute(database.owner);
  await sql`create function skew.clock_timestamp() returns timestamptz language sql volatile as 'select pg_catalog.clock_timestamp() + ahead from skew.setting'`.execute(
    database.owner,
  );
  await sql`grant usage on schema skew to sallyport_app`.execute(database.owner);
  await sql`grant select on skew.setting to sallyport_app`.execute(database.owner);
});
afterAll(() => database?.drop());

test('H19 the clock jumps an hour on and back while events are written: the order of the log stays that of arrival, times are UTC, everything verifies', async () => {
  const address = new URL(database.appUrl);
  address.searchParams.set('options', '-c search_path=skew,pg_catalog');
  const pool = openPool({ connectionString: address.href, max: 4, applicationName: 'test-skewed' });
  const log = createAuditLog({ db: kyselyOn(pool), policy: { hash: 'a'.repeat(64) }, environment: 'test', roles: new Map() });
  const told: string[] = [];
  const arrived: (readonly string[])[] = [];
  try {
    for (const ahead of ['0', '1 hour', '-1 hour', '0', '-1 hour', '1 hour']) {
      await sql`update skew.setting set ahead = ${ahead}::interval`.execute(database.owner);
      const events = await Promise.all(
        Array.from({ length: 20 }, () =>
          log.record({ kind: 'billing.invoice.read', outcome: 'ok', effect: 'read', correlationId: randomUUID(), surface: 'api', ip: null, viewer: null }),
        ),
      );
      arrived.push(events.map(({ id }) => id));
      told.push(...events.map(({ id }) => id));
      await sealAndSign(database.app, createLogSigner(SECRETS));
    }
  } finally {
    await pool.end();
  }
  const { rows } = await sql<{ id: string; time: string; canonical: string }>`
    select event.id, event.time, convert_from(event.canonical, 'UTF8') as canonical from audit.leaf leaf join audit.event event on event.id = leaf.event_id order by leaf.log_index`.execute(
    database.owner,
  );
  // Rounds stand one behind the other, whatever their clocks said; only within one are events ordered by it.
  for (const [round, ids] of arrived.entries()) expect(new Set(rows.slice(round * 20, (round + 1) * 20).map(({ id }) => id))).toEqual(new Set(ids));
  const hours = arrived.map((_, round) => Math.round((Date.parse(rows[round * 20]?.time ?? '') - Date.parse(rows[0]?.time ?? '')) / 3_600_000));
  expect(hours).toEqual([0, 1, -1, 0, -1, 1]);
  for (const { time, canonical } of rows) {
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(canonical).toContain(`"time":"${time}"`);
  }
  const { discrepancies } = await checkBooks(database.ownerPool, { signed: [], witnessed: [], acknowledged: told });
  expect(countDiscrepancies(discrepancies)).toBe(0);
  const different: string[] = [];
  for await (const { id } of findDiscrepancies(database.owner)) different.push(id);
  expect(different).toEqual([]);
});
