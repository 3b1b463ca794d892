import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

const QUERY = '{ logIntegrity { size hours { hour size checkpoints } streams { name kind destination format nextIndex behindEvents behindSeconds failingSince problem served } } }';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
}, 120_000);
afterAll(() => gateway?.close());

test('tells hour by hour what was signed, after the last checkpoint before the day, and how far each receiver lags (L2, L16)', async () => {
  const { owner } = gateway.database;
  const auditor = await gateway.asRole('compliance-auditor');
  await gateway.gateway.integrity.sealNow();
  const [head] = (await sql<{ origin: string; size: number; root: Buffer }>`select origin, size, root from audit.log_head`.execute(owner)).rows;
  if (!head) throw new Error('The log has begun');
  for (const [size, age] of [
    [0, '40 hours'],
    [1, '30 hours'],
    [2, '5 hours'],
  ] as const)
    await sql`
      insert into audit.checkpoint (origin, size, root, note, signed_at) values ('elsewhere.example', ${size}, ${head.root}, 'old', clock_timestamp() - ${age}::interval)`.execute(
      owner,
    );
  await sql`
    insert into gateway.log_stream (name, kind, destination, format, next_index, served_at, failing_since, problem) values
      ('http-0123456789ab', 'http', 'siem.example', 'ocsf', 1, clock_timestamp(), clock_timestamp() - interval '1 hour', 'HTTP_503'),
      ('file-0123456789ab', 'file', 'events', 'canonical', ${head.size}, clock_timestamp() - interval '6 minutes', null, null),
      ('file-ba9876543210', 'file', 'gone', 'canonical', 0, clock_timestamp() - interval '31 days', null, null)`.execute(owner);

  const { data, codes } = await auditor.query(QUERY);
  expect(codes).toEqual([]);
  const { hours, streams, size } = (data ?? {})['logIntegrity'] as { size: number; hours: { hour: string; size: number }[]; streams: Record<string, unknown>[] };
  // Of what is older than the day the newest alone: it is where the day began.
  expect(hours.map((hour) => hour.size).slice(0, 2)).toEqual([1, 2]);
  expect(hours.map(({ hour }) => hour)).toEqual(hours.map(({ hour }) => hour).toSorted());
  expect(hours.every(({ hour }) => new Date(hour).getUTCMinutes() === 0)).toBe(true);
  expect(hours.at(-1)?.size).toBeGreaterThanOrEqual(head.size);
  expect(streams.map(({ destination }) => destination)).toEqual(['events', 'siem.example']);
  expect(streams[0]).toMatchObject({ served: false, failingSince: null });
  expect(streams[1]).toMatchObject({ served: true, problem: 'HTTP_503', behindEvents: size - 1 });
  expect(streams[1]?.['behindSeconds']).toBeGreaterThan(0);

  const viewer = await gateway.asRole('support-viewer');
  expect((await viewer.query(QUERY)).codes).toContain('FORBIDDEN');
});
