import { randomUUID } from 'node:crypto';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { findDiscrepancies } from '@sallyport/server/audit/read-records.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openLog, refund } from './log-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const countOf = async (correlationId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from audit.event where correlation_id = ${correlationId}`.execute(database.app);
  return rows[0]?.count ?? -1;
};
const eventOf = async (id: string): Promise<Record<string, unknown>> => {
  const { rows } = await sql<Record<string, unknown>>`select * from audit.event where id = ${id}`.execute(database.app);
  return rows[0] ?? {};
};
const checkWholeLog = async (): Promise<number> => {
  const pages = findDiscrepancies(database.app);
  for (;;) {
    const { done, value } = await pages.next();
    if (done) return value.checked;
    expect.fail(`columns and canonical bytes of ${value.id} differ`);
  }
};

describe('append', () => {
  test('H01 L11: an event carries who, grant used, where, what, why, before and after, policy and environment', async () => {
    const draft = refund();
    const { id } = await openLog(database.app).append(database.app, draft);
    const event = await eventOf(id);
    expect(event).toMatchObject({
      actor_name: 'Ayu Lestari',
      subject_name: 'Ayu Lestari',
      role: 'billing-operator',
      grant_id: 'grant-tenant-7',
      session_id: 'session-1',
      second_factor: 'totp',
      ip: '127.0.0.1',
      surface: 'console',
      action: 'refundInvoice',
      permission: 'billing.invoice.refund',
      effect: 'write',
      reach: 'tenant',
      tier: 'privileged',
      tenant_id: 'tenant-7',
      target_type: 'invoice',
      target_id: 'invoice-1',
      reason: 'Charged twice',
      ticket: 'SUP-1234',
      step_up_id: 'step-up-1',
      policy_version: 'a'.repeat(64),
      environment: 'test',
      correlation_id: draft.correlationId,
      before: draft.before,
      after: draft.after,
      outcome: 'ok',
      reason_code: null,
    });
    expect(event['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test('H01: an append inside a transaction that is rolled back leaves nothing', async () => {
    const draft = refund({ before: { email: 'a@b.example' }, after: {}, classes: { email: 'personal' } });
    await expect(
      database.app.transaction().execute(async (tx) => {
        await openLog(database.app).append(tx, draft);
        throw new Error('business failed');
      }),
    ).rejects.toThrow('business failed');
    expect(await countOf(draft.correlationId)).toBe(0);
  });

  test('H04: without the right to insert, append and record refuse with AUDIT_UNAVAILABLE and the change rolls back', async () => {
    const draft = refund();
    await sql`revoke insert on audit.event from sallyport_app`.execute(database.owner);
    await sql`create table gateway.probe (id int); `.execute(database.owner);
    try {
      await expect(openLog(database.app).record(draft)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
      await expect(
        database.app.transaction().execute(async (tx) => {
          await sql`insert into gateway.probe values (1)`.execute(tx);
          await openLog(database.app).append(tx, draft);
        }),
      ).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    } finally {
      await sql`grant insert on audit.event to sallyport_app`.execute(database.owner);
    }
    const { rows } = await sql`select * from gateway.probe`.execute(database.owner);
    expect(rows).toEqual([]);
    expect(await countOf(draft.correlationId)).toBe(0);
  });

  test('H15: the refusal of a failed append repeats nothing of the row', async () => {
    const refusal: unknown = await openLog(database.app)
      .record(refund({ correlationId: 'not-a-uuid', reason: 'canary-4711' }))
      .catch((fault: unknown) => fault);
    expect(refusal).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(`${String(refusal)} ${JSON.stringify(refusal)} ${String((refusal as Error).cause)}`).not.toContain('canary');
  });
});

describe('record', () => {
  test('H02: 500 records at once are all durable, each once, in far fewer commits', async () => {
    const log = openLog(database.app);
    const correlationId = randomUUID();
    const { rows: before } = await sql<{ xid: string }>`select pg_snapshot_xmax(pg_current_snapshot())::text as xid`.execute(database.app);
    const events = await Promise.all(Array.from({ length: 500 }, (_, index) => log.record(refund({ correlationId, detail: { index } }))));
    const { rows: after } = await sql<{ xid: string }>`select pg_snapshot_xmax(pg_current_snapshot())::text as xid`.execute(database.app);
    expect(new Set(events.map(({ id }) => id)).size).toBe(500);
    expect(await countOf(correlationId)).toBe(500);
    expect(Number(after[0]?.xid) - Number(before[0]?.xid)).toBeLessThan(20);
  });

  test('one event that can not be stored fails alone', async () => {
    const log = openLog(database.app);
    const good = refund();
    const results = await Promise.allSettled([log.record(good), log.record(refund({ correlationId: 'not-a-uuid' })), log.record(good)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await countOf(good.correlationId)).toBe(2);
  });

  test('K13: drain waits for what is queued', async () => {
    const log = openLog(database.app);
    const draft = refund();
    const pending = log.record(draft);
    await log.drain();
    expect(await countOf(draft.correlationId)).toBe(1);
    await pending;
  });
});

describe('what is stored', () => {
  const awkward: Record<string, unknown> = {
    null: null,
    empty: '',
    float: 0.1,
    tiny: 5e-324,
    huge: 1.7976931348623157e308,
    'negative zero': -0,
    'beyond int': 2 ** 60,
    bigint: 12345678901234567890n,
    date: new Date('2026-11-21T09:06:48.123Z'),
    emoji: '👩‍👩‍👧 🇮🇩',
    combining: 'e\u0301',
    precomposed: '\u00e9',
    rtl: '\u202eevil',
    nul: 'a\u0000b',
    'lone surrogate': '\ud800x',
    newline: 'line\r\nnext\u2028',
    quote: '"\\/',
    nested: { b: [1, null, { z: undefined, a: true }], a: {} },
    __proto__x: 1,
    '\u{10000}': 'above BMP',
    '\ufb33': 'BMP high',
    time: '","time":"',
  };

  test('H08: recomputed canonical bytes equal the stored ones for every row, Unicode, floats, null against missing included', async () => {
    const log = openLog(database.app);
    const classes = Object.fromEntries(Object.keys(awkward).map((field) => [field, 'internal' as const]));
    const bare: AuditEventDraft = {
      kind: 'access.session.refused',
      outcome: 'denied',
      reasonCode: 'UNAUTHENTICATED',
      correlationId: randomUUID().toUpperCase(),
      surface: 'api',
      ip: null,
      viewer: null,
    };
    await log.append(database.app, refund({ before: awkward, after: { ...awkward, null: undefined }, classes, detail: { userAgent: 'curl/8', deep: awkward } }));
    await log.append(database.app, refund({ before: {}, after: {}, detail: {}, fieldsRead: [] }));
    await log.append(database.app, refund({ after: { name: 'Ayu', secret: 'x', unheard: 1 }, classes: { name: 'personal', secret: 'secret' } }));
    await log.append(database.app, bare);
    await Promise.all(Array.from({ length: 50 }, () => log.record(bare)));
    expect(await checkWholeLog()).toBeGreaterThan(50);
  });

  test('H08: values other than those that no database can hold come back as they were', async () => {
    const { id } = await openLog(database.app).append(
      database.app,
      refund({ after: awkward, classes: Object.fromEntries(Object.keys(awkward).map((field) => [field, 'internal' as const])) }),
    );
    const event = await eventOf(id);
    expect(event['after']).toMatchObject({
      null: null,
      float: 0.1,
      tiny: 5e-324,
      emoji: awkward['emoji'],
      rtl: '\u202eevil',
      newline: 'line\r\nnext\u2028',
      bigint: '12345678901234567890',
      nul: 'a\ufffdb',
    });
  });

  test('H08: an edited column is found, whoever edited it', async () => {
    const { id } = await openLog(database.app).append(database.app, refund());
    await sql`alter table audit.event disable trigger event_rows_stay`.execute(database.owner);
    await sql`update audit.event set reason = 'nothing to see' where id = ${id}`.execute(database.owner);
    const { value } = await findDiscrepancies(database.app).next();
    expect(value).toEqual({ id });
    await sql`update audit.event set reason = 'Charged twice' where id = ${id}`.execute(database.owner);
    await sql`alter table audit.event enable always trigger event_rows_stay`.execute(database.owner);
    await checkWholeLog();
  });

  test('H14: line breaks, ANSI escapes, direction marks and a 1 MB user agent are stored escaped and bounded', async () => {
    const { id } = await openLog(database.app).append(
      database.app,
      refund({ reason: 'paid\r\n2026 fake line \u001b[31mred\u001b[0m \u202etxt.exe', ticket: '"}\u0000{"', detail: { userAgent: 'x'.repeat(1_000_000), note: 'a\nb' } }),
    );
    const event = await eventOf(id);
    expect(event['reason']).toBe('paid\\u{000d}\\u{000a}2026 fake line \\u{001b}[31mred\\u{001b}[0m \\u{202e}txt.exe');
    expect(event['ticket']).toBe('"}\\u{0000}{"');
    expect(String(event['user_agent'])).toHaveLength(300);
    expect(event['detail']).toEqual({ note: 'a\\u{000a}b' });
  });

  test('H14: an event with megabytes in every place still fits 64 KiB and parses back to itself', async () => {
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`field${index}`, 'é'.repeat(5000)]));
    const { id } = await openLog(database.app).append(
      database.app,
      refund({
        before: fields,
        after: fields,
        classes: Object.fromEntries(Object.keys(fields).map((field) => [field, 'internal'])),
        detail: fields,
        reason: '€'.repeat(9000),
        fieldsRead: Array.from({ length: 5000 }, (_, index) => `person.field${index}`),
      }),
    );
    const event = await eventOf(id);
    expect((event['canonical'] as Buffer).byteLength).toBeLessThan(64 * 1024);
    expect(Array.from(String(event['reason']))).toHaveLength(2000);
    await checkWholeLog();
  });
});
