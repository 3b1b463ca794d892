import { PACK_FILES } from '@sallyport/server/evidence/pack/pack-contents.ts';
import type { TrustPolicy } from '@sallyport/server/transparency/open-checkpoint.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestClient } from '../../helpers/gateway.ts';
import { askForPack, eventsOf, rowsOf, textOf, trustIn, unpack, verifyPack, withEvents } from './evidence-packs.ts';
import { type EvidenceScene, type ExpectedEvent, openEvidenceScene, type Played, SCENARIOS } from './scenarios.ts';

const REPORT = `query ($selection: AuditReportSelection!) { auditReport(selection: $selection) {
  counts { events done refused failed previewed readings stories tenants approvals isComplete }
  stories(first: 2, steps: 1000) { nextCursor nodes { correlationId leftOut steps { id kind outcome tenantId fieldsRead logIndex covered } } }
  policies { hash events } approvals { id state requesterName decisions { reviewerName decision } } sessions { id events startedAt }
  deliveries { template tenantId deliveredAt } readings { eventId fields } refusals { eventId } tenants { id } people { id events } log { size checkpointSize } } }`;

let scene: EvidenceScene;
let auditor: TestClient;
let policy: TrustPolicy;
const times: number[] = [];

beforeAll(async () => {
  scene = await openEvidenceScene();
  auditor = await scene.client('compliance-auditor');
  policy = await trustIn(scene.test);
}, 60_000);
afterAll(() => scene?.close());

interface TrueEvent {
  readonly id: string;
  readonly kind: string;
  readonly outcome: ExpectedEvent[1];
  readonly tenantId: string | null;
  readonly approvalId: string | null;
  readonly sessionId: string | null;
  readonly fieldsRead: readonly string[] | null;
}

/** The ground truth: what the table holds under the correlation ID, once what is expected and every message has arrived. */
async function truth({ correlationId }: Played, expected: readonly ExpectedEvent[]): Promise<readonly TrueEvent[]> {
  const read = async (): Promise<readonly TrueEvent[]> => {
    const { rows } = await sql<TrueEvent>`
      select id::text, kind, outcome, tenant_id as "tenantId", approval_id as "approvalId", session_id as "sessionId", fields_read as "fieldsRead"
      from audit.event where correlation_id = ${correlationId} order by sequence`.execute(scene.test.database.owner);
    return rows;
  };
  const waiting = sql<{ waiting: number }>`
    select (select count(*) from graphile_worker.jobs)::int + (select count(*) from gateway.outgoing_message where delivered_at is null)::int as waiting`;
  await until(async () => isSubsequence(expected, await read()));
  await until(async () => (await waiting.execute(scene.test.database.owner)).rows[0]?.waiting === 0);
  return await read();
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 20_000; !(await isSo()); await new Promise((resolve) => setTimeout(resolve, 50)))
    if (performance.now() > end) throw new Error('What was expected did not come');
}

function isSubsequence(expected: readonly ExpectedEvent[], events: readonly { readonly kind: string; readonly outcome: string }[]): boolean {
  let found = 0;
  for (const event of events) if (expected[found]?.[0] === event.kind && expected[found]?.[1] === event.outcome) found += 1;
  return found === expected.length;
}

const ids = (events: readonly { readonly id?: unknown }[]): readonly string[] => events.map(({ id }) => String(id)).sort();

test('there are twenty scenarios at least, each about something else', () => {
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(20);
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
});

describe.each(SCENARIOS)('$name', ({ expected, play }) => {
  let played: Played;
  let events: readonly TrueEvent[];
  beforeAll(async () => {
    played = await play(scene);
    events = await truth(played, expected);
    await scene.test.gateway.integrity.sealNow();
  }, 60_000);

  test('L5 L15 L17 C1 no. 11: the report holds what happened, in order, and no other tenant', async () => {
    const started = performance.now();
    const { data, codes } = await auditor.query(REPORT, { selection: { correlationId: played.correlationId.toUpperCase() } });
    times.push(performance.now() - started);
    expect(codes).toEqual([]);
    const { stories, counts, tenants, approvals, readings, refusals, sessions, deliveries, policies } = data?.['auditReport'] ?? {};
    expect(stories.nodes).toHaveLength(1);
    expect(stories.nextCursor).toBeNull();
    const { steps, leftOut, correlationId } = stories.nodes[0];
    expect([correlationId, leftOut]).toEqual([played.correlationId, 0]);
    expect(steps.map(({ id }: TrueEvent) => id)).toEqual(events.map(({ id }) => id));
    expect(isSubsequence(expected, steps)).toBe(true);
    expect(steps.every((step: { covered: boolean; logIndex: number | null }) => step.covered && step.logIndex !== null)).toBe(true);

    const others = new Set(steps.map(({ tenantId }: TrueEvent) => tenantId).filter((tenantId: string | null) => tenantId !== null && tenantId !== played.tenantId));
    expect([...others]).toEqual([]);
    expect(tenants.filter(({ id }: { id: string }) => id !== played.tenantId)).toEqual([]);
    expect(deliveries.filter(({ tenantId }: TrueEvent) => tenantId !== null && tenantId !== played.tenantId)).toEqual([]);

    const count = (outcome: string): number => events.filter((event) => event.outcome === outcome).length;
    expect(counts).toMatchObject({
      events: events.length,
      done: count('ok'),
      refused: count('denied'),
      failed: count('failed'),
      previewed: count('previewed'),
      isComplete: true,
      stories: 1,
    });
    expect(counts.readings).toBe(events.filter(({ fieldsRead }) => fieldsRead?.length).length);
    expect(readings).toHaveLength(counts.readings);
    expect(refusals).toHaveLength(count('denied') + count('failed'));
    expect(ids(sessions)).toEqual([...new Set(events.flatMap(({ sessionId }) => sessionId ?? []))].sort());
    expect(ids(approvals)).toEqual([...new Set(events.flatMap(({ approvalId }) => approvalId ?? []))].sort());
    expect(deliveries).toHaveLength(events.filter(({ kind }) => kind === 'jobs.message.delivered').length);
    expect(policies.reduce((sum: number, each: { events: number }) => sum + each.events, 0)).toBe(events.length);
  });

  test('C1 C2 no. 12: its evidence pack holds the same, verifies offline, and names any one row that is altered or dropped', { timeout: 60_000 }, async () => {
    const pack = await askForPack(auditor, { correlationId: played.correlationId });
    expect(pack.code).toBeNull();
    expect(pack.headers.get('x-total-events')).toBe(String(events.length));
    const parts = await unpack(pack.bytes);
    expect(ids(eventsOf(parts))).toEqual(ids(events));
    const intact = await verifyPack(pack.bytes, policy);
    expect(intact).toMatchObject({ intact: true, kind: 'pack', entries: events.length, faults: [] });

    const indexes = (JSON.parse(textOf(parts, PACK_FILES.proof)) as { indexes: number[] }).indexes;
    const asked = [...new Set(events.flatMap(({ approvalId }) => approvalId ?? []))].sort();
    expect(ids(rowsOf(parts, PACK_FILES.approvals))).toEqual(asked);
    for (const [place, index] of indexes.entries()) {
      const altered = await verifyPack(await withEvents(parts, (lines) => lines.with(place, lines[place]?.replace(/"surface":"[a-z]+"/, '"surface":"cli"') ?? '')), policy);
      const dropped = await verifyPack(await withEvents(parts, (lines) => lines.toSpliced(place, 1)), policy);
      for (const report of [altered, dropped]) {
        expect(report.intact).toBe(false);
        // The first bad entry, or a run that holds it.
        const named = report.faults.flatMap(({ firstBad }) => (firstBad ? [firstBad] : []));
        expect(named.some(({ begin, end }) => begin <= index && index < end)).toBe(true);
      }
    }
  });
});

test('C03: requests are shown to whom they concern, and to nobody else who reads the log', async () => {
  const { correlationId } = await scene.file();
  const approvalsFor = async (client: TestClient): Promise<readonly string[]> => {
    const { data } = await client.query(REPORT, { selection: { correlationId } });
    expect(data?.['auditReport'].counts.events).toBeGreaterThan(0);
    return data?.['auditReport'].approvals.map(({ state }: { state: string }) => state);
  };
  expect(await approvalsFor(scene.dewi)).toEqual(['pending']);
  expect(await approvalsFor(auditor)).toEqual(['pending']);
  expect(await approvalsFor(await scene.client('production-engineer'))).toEqual([]);
});

test('no. 11: reports by correlation ID are quick', () => {
  const sorted = times.toSorted((a, b) => a - b);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
  console.info(`auditReport by correlation ID, ${sorted.length} reports with every part: p50 ${sorted[Math.floor(sorted.length / 2)]?.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
  expect(times).toHaveLength(SCENARIOS.length);
  expect(p95).toBeLessThan(2_000);
});
