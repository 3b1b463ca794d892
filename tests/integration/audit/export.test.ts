import { randomUUID } from 'node:crypto';
import { restoreCell } from '@sallyport/server/audit/export-format.ts';
import { handleAuditExport } from '@sallyport/server/audit/handle-export.ts';
import type { TenantReach } from '@sallyport/schema/viewer.ts';
import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openLog, refund, viewerWith } from './log-fixture.ts';

let database: TestDatabase;
const correlationId = randomUUID();
const formula = '=HYPERLINK("http://evil.example";"x")';
beforeAll(async () => {
  database = await createTestDatabase();
  const log = openLog(database.app);
  for (let index = 0; index < 2100; index++)
    void log.record(refund({ correlationId, tenantId: index % 2 ? 'tenant-1' : 'tenant-2', target: { type: 'invoice', id: `invoice-${index}` }, reason: formula }));
  void log.record(refund({ correlationId, tenantId: null }));
  await log.drain();
});
afterAll(() => database?.drop());

const auditor = (reach: TenantReach, more: readonly string[] = ['audit.event.read-changes', 'audit.event.read-network']) =>
  viewerWith(new Map(['audit.event.read', 'audit.event.export', ...more].map((permission) => [permission, reach])));
const ask = async (query: string, viewer = auditor('global')) => {
  const facts = { correlationId: randomUUID(), surface: 'api' as const, ip: '127.0.0.1', userAgent: 'test' };
  const answer = handleAuditExport(new Request(`http://localhost/audit/export?${query}`), facts, viewer, { db: database.app, audit: openLog(database.app) });
  const events = async () =>
    (
      await sql<
        Record<string, unknown>
      >`select kind, outcome, reason_code, detail, fields_read from audit.event where correlation_id = ${facts.correlationId} order by sequence`.execute(database.app)
    ).rows;
  return { answer, events };
};

describe('export of the log', () => {
  test('J06 H18: CSV holds every matching event once, formulas defused, and stands on the log before and after', async () => {
    const { answer, events } = await ask(`format=csv&correlationId=${correlationId}`);
    const response = await answer;
    expect(response.headers.get('content-type')).toContain('text/csv');
    const rows = parse(await response.text(), { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(2101);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2101);
    expect(rows[0]?.['reason']).toMatch(/^'=/);
    expect(restoreCell(rows[0]?.['reason'] ?? '')).toBe(formula);
    expect(rows.every(({ time }, index) => index === 0 || (time ?? '') >= (rows[index - 1]?.['time'] ?? ''))).toBe(true);
    expect(await events()).toEqual([
      {
        kind: 'audit.events.exported',
        outcome: 'ok',
        reason_code: null,
        detail: { format: 'csv', conditions: ['correlationId'] },
        fields_read: ['auditEvent.ip', 'auditEvent.userAgent'],
      },
      { kind: 'audit.export.ended', outcome: 'ok', reason_code: null, detail: { format: 'csv', events: 2101 }, fields_read: null },
    ]);
  });

  test('JSON Lines of a reader of one tenant hold that tenant, without what they may not read', async () => {
    const { answer } = await ask(`format=jsonl&correlationId=${correlationId}`, auditor(new Set(['tenant-1']), []));
    const lines = (await (await answer).text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(1050);
    expect(new Set(lines.map((line) => line['tenantId']))).toEqual(new Set(['tenant-1']));
    expect(lines.some((line) => 'before' in line || 'ip' in line || 'detail' in line)).toBe(false);
  });

  test.each([
    ['targetType=invoice&targetId=invoice-7', 1],
    ['tenantId=tenant-2&outcome=ok&actorId=0199c0de-0000-7000-8000-000000000001', 1050],
    ['outcome=denied', 0],
    ['to=2020-01-01T00:00:00Z', 0],
    ['action=refundInvoice&kind=billing.invoice.refunded&from=2020-01-01T00:00:00%2B07:00', 2101],
  ])('filter %s gives %i events', async (query, count) => {
    const { answer } = await ask(`format=jsonl&correlationId=${correlationId}&${query}`);
    expect((await (await answer).text()).split('\n').length - 1).toBe(count);
  });

  test('who may read but not export is refused, and that is an event', async () => {
    const { answer, events } = await ask('format=csv', viewerWith(new Map([['audit.event.read', 'global' as const]])));
    await expect(answer).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await events()).toMatchObject([{ kind: 'audit.events.exported', outcome: 'denied', reason_code: 'FORBIDDEN' }]);
  });

  test.each(['format=xml', 'from=yesterday', 'nonsense=1', 'kind=a&kind=b', 'outcome=maybe'])('%s is BAD_INPUT and echoes no value', async (query) => {
    const refusal: unknown = await (await ask(query)).answer.catch((fault: unknown) => fault);
    expect(refusal).toMatchObject({ code: 'BAD_INPUT' });
    expect(JSON.stringify((refusal as { detail: unknown }).detail)).not.toMatch(/xml|yesterday|maybe|nonsense/);
  });

  test('a reader who goes away ends the export, and the log says so', async () => {
    const { answer, events } = await ask(`format=csv&correlationId=${correlationId}`);
    const reader = (await answer).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect.poll(async () => (await events()).at(-1)).toMatchObject({ kind: 'audit.export.ended', outcome: 'failed' });
  });

  test('H04: an export that can not be recorded sends nothing', async () => {
    await sql`revoke insert on audit.event from sallyport_app`.execute(database.owner);
    const { answer } = await ask('format=csv');
    await expect(answer).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    await sql`grant insert on audit.event to sallyport_app`.execute(database.owner);
  });
});
