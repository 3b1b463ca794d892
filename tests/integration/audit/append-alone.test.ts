import { randomUUID } from 'node:crypto';
import { appendStatement } from '@sallyport/server/audit/append-statement.ts';
import { type ComposedEvent, composeEvent } from '@sallyport/server/audit/compose-event.ts';
import { findDiscrepancies } from '@sallyport/server/audit/read-records.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { refund, ROLES } from './log-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const compose = (members: Parameters<typeof refund>[0]): ComposedEvent => composeEvent(refund(members), { policyVersion: 'a'.repeat(64), environment: 'test', roles: ROLES });
const drafts = [
  {},
  { before: { amount: '12.50', note: 'with "quotes" \\ and \n lines', nothing: null }, after: { amount: null }, detail: { nested: { deep: [1, 2.5, true, null] } } },
  { fieldsRead: ['a.b', 'c{d},"e"'], outcome: 'failed' as const, reasonCode: 'INTERNAL' as const, reason: "it's 100 % \u{1f600} {} \\x00" },
  { outcome: 'denied' as const, tenantId: null, effect: 'read' as const },
  { outcome: 'previewed' as const, effect: 'read' as const },
];

async function append(events: readonly ComposedEvent[]): Promise<string> {
  const { text, values, name } = appendStatement(events);
  await database.appPool.query({ text, values: [...values] });
  return name;
}

test('H01 H22: an event appended alone and one appended with others are the same row, byte for byte but for the time', async () => {
  for (const draft of drafts) {
    const id = randomUUID();
    const event = compose({ ...draft, id, correlationId: randomUUID() });
    expect(await append([event])).toBe('audit-append-one');
    const other = compose({});
    expect(await append([event, other])).toBe('audit-append');
    const { rows } = await sql<{ row: Record<string, unknown>; bytes: string; leaf: boolean }>`
      select to_jsonb(e) - 'sequence' - 'time' - 'canonical' as row, convert_from(e.canonical, 'UTF8') as bytes,
        exists (select from audit.unsealed u where u.event_id = e.id and u.time = e.time and u.retention = e.retention and u.leaf_hash = sha256('\\x00'::bytea || e.canonical)) as leaf
      from audit.event e where id = ${id}`.execute(database.owner);
    expect(rows).toHaveLength(2);
    expect(rows[1]?.row).toEqual(rows[0]?.row);
    const withoutTime = rows.map(({ bytes }) => bytes.replace(/"time":"[^"]+"/, ''));
    expect(withoutTime[1]).toBe(withoutTime[0]);
    expect(rows.map(({ leaf }) => leaf)).toEqual([true, true]);
  }
  const pages = findDiscrepancies(database.app);
  const { done, value } = await pages.next();
  expect(done, JSON.stringify(value)).toBe(true);
});

test('L14: an event with personal values keeps them beside it, appended alone too', async () => {
  const event = compose({ before: { email: 'a@b.example' }, after: { email: null }, classes: { email: 'personal' } });
  expect(await append([event])).toBe('audit-append');
  const { rows } = await sql<{ many: number }>`select count(*)::int as many from audit.personal_value where event_id = ${event.record.id}`.execute(database.owner);
  expect(rows[0]?.many).toBeGreaterThan(0);
});
