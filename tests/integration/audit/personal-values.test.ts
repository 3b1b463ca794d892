import { randomUUID } from 'node:crypto';
import { commitmentTo } from '@sallyport/server/audit/conceal-values.ts';
import { createPersonalReads } from '@sallyport/server/audit/personal-reads.ts';
import type { Json } from '@sallyport/server/audit/plain-json.ts';
import { findDiscrepancies } from '@sallyport/server/audit/read-records.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { deleteValuesAsOwner } from '../../helpers/erase-values.ts';
import { billingOperator, openLog, refund } from './log-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

interface Side {
  readonly [field: string]: { readonly commitment?: string; readonly replaced?: boolean } | Json;
}

describe('H16 L14: personal and secret values', () => {
  const draft = refund({
    target: { type: 'person', id: 'person-1' },
    before: { email: 'siti@contoh.example', phone: null, apiKey: 'sk_live_1', plan: 'pro', unheard: 'canary' },
    after: { email: 'siti.baru@contoh.example', phone: '+62 812', apiKey: 'sk_live_2', plan: 'team', unheard: 'canary2' },
    classes: { email: 'personal', phone: 'personal', apiKey: 'secret', plan: 'internal' },
  });

  test('personal stands as a salted commitment, secret and unknown classes as nothing but the fact', async () => {
    const { id } = await openLog(database.app).append(database.app, draft);
    const { rows } = await sql<{ before: Side; after: Side; text: string }>`select before, after, event::text as text from audit.event event where id = ${id}`.execute(
      database.app,
    );
    const [event] = rows;
    expect(event?.before['plan']).toBe('pro');
    expect(event?.before['apiKey']).toEqual({ replaced: true });
    expect(event?.after['unheard']).toEqual({ replaced: true });
    expect(event?.before['email']).toEqual({ commitment: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    for (const value of ['siti', '+62 812', 'sk_live', 'canary']) expect(event?.text).not.toContain(value);

    const { rows: kept } = await sql<{ side: 'before' | 'after'; field: string; salt: Buffer; value: Json }>`select * from audit.personal_value where event_id = ${id}`.execute(
      database.owner,
    );
    expect(kept).toHaveLength(4);
    for (const { side, field, salt, value } of kept) expect(event?.[side][field]).toEqual(commitmentTo(salt, value));
  });

  test('erasing a person leaves every event and its canonical bytes as they were', async () => {
    const { rows: before } = await sql<{ all: string }>`select string_agg(encode(canonical, 'hex'), '' order by id) as all from audit.event`.execute(database.app);
    expect(await deleteValuesAsOwner(database.owner, 'person', 'person-1')).toBe(4);
    const { rows: after } = await sql<{ all: string }>`select string_agg(encode(canonical, 'hex'), '' order by id) as all from audit.event`.execute(database.app);
    expect(after).toEqual(before);
    expect(await findDiscrepancies(database.app).next()).toMatchObject({ done: true });
  });
});

describe('H05: reading personal fields', () => {
  const context = () => ({ viewer: billingOperator, correlationId: randomUUID(), surface: 'console' as const, ip: '127.0.0.1' });

  test('leaves one event for the request, with field names and targets and no value', async () => {
    const reads = createPersonalReads();
    const request = context();
    for (let index = 0; index < 300; index++) {
      reads.note('person', 'email', `person-${index}`, 'tenant-7');
      reads.note('person', 'phone', `person-${index}`, 'tenant-7');
    }
    reads.noteCondition('person', 'email');
    await reads.flush(openLog(database.app), request);
    await reads.flush(openLog(database.app), request);
    const { rows } = await sql<{ kind: string; fields_read: string[]; tenant_id: string; detail: { records: { person: { count: number; ids: string[] } } } }>`
      select kind, fields_read, tenant_id, detail from audit.event where correlation_id = ${request.correlationId}`.execute(database.app);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ kind: 'access.personal-fields.read', fields_read: ['person.email', 'person.phone'], tenant_id: 'tenant-7' });
    expect(rows[0]?.detail.records.person.count).toBe(300);
    expect(rows[0]?.detail.records.person.ids).toHaveLength(200);
  });

  test('H02 H18: listings of the log and refused fields are events of the same flush', async () => {
    const reads = createPersonalReads();
    const request = context();
    reads.noteListing('audit.events.read', ['actorId', 'time']);
    reads.refuse('people.person.read-contact', 'Person.email');
    reads.refuse('people.person.read-contact', 'Person.phone');
    await reads.flush(openLog(database.app), request);
    const { rows } = await sql<
      Record<string, unknown>
    >`select kind, outcome, reason_code, permission, detail from audit.event where correlation_id = ${request.correlationId} order by kind`.execute(database.app);
    expect(rows).toEqual([
      {
        kind: 'access.field.refused',
        outcome: 'denied',
        reason_code: 'FORBIDDEN',
        permission: 'people.person.read-contact',
        detail: { refused: { 'people.person.read-contact': ['Person.email', 'Person.phone'] } },
      },
      { kind: 'audit.events.read', outcome: 'ok', reason_code: null, permission: null, detail: { conditions: ['actorId', 'time'] } },
    ]);
  });

  test('nothing noted, nothing written; a log that can not be written withholds the answer', async () => {
    const reads = createPersonalReads();
    const request = context();
    await reads.flush(openLog(database.app), request);
    reads.note('person', 'email', 'person-1', null);
    await sql`revoke insert on audit.event from sallyport_app`.execute(database.owner);
    await expect(reads.flush(openLog(database.app), request)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    await sql`grant insert on audit.event to sallyport_app`.execute(database.owner);
    const { rows } = await sql`select 1 from audit.event where correlation_id = ${request.correlationId}`.execute(database.app);
    expect(rows).toEqual([]);
  });
});
