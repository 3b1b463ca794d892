import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import type { TenantReach } from '@sallyport/schema/viewer.ts';
import { graphql } from 'graphql';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADJUST, adjustment, SENSITIVE_AMOUNT } from '../../harness/demo-acts.ts';
import { contextOf, viewerHolding } from '../../helpers/viewers.ts';
import { type ApprovalScene, openApprovalScene } from '../approvals/approval-scene.ts';
import { type AnsweredFlows, FLOWS, type FlowRow } from './flow-document.ts';

const built = buildGatewaySchema(modules);
let scene: ApprovalScene;
/** All scripted acts but those of requests concern this tenant. */
let own = '';
let other = '';

beforeAll(async () => {
  scene = await openApprovalScene();
  const { dewi, siti, test: house } = scene;
  [own, other] = [scene.nextTenant(), scene.nextTenant()];
  const adjust = (amount: string, more: object = {}) => ({ input: { ...adjustment(own, amount), ...more } });

  expect((await dewi.query(ADJUST, adjust('1.00'))).codes).toEqual([]);
  expect((await dewi.query(ADJUST, adjust('1.00', { preview: true }))).codes).toEqual([]);
  expect((await dewi.query(ADJUST, adjust('1.00', { justification: null }))).codes).toEqual(['JUSTIFICATION_REQUIRED']);
  expect((await dewi.query(ADJUST, adjust('0.00'))).codes).toEqual(['BAD_INPUT']);
  expect((await dewi.act(ADJUST, adjust(SENSITIVE_AMOUNT))).codes).toEqual([]);
  // Asked, and left.
  expect((await dewi.query(ADJUST, adjust('1000002.00'))).codes).toEqual(['STEP_UP_REQUIRED']);
  // Asked, a wrong code, the right one, and nothing sent with it.
  const [asked] = (await dewi.query(ADJUST, adjust('1000003.00'))).errors;
  const challenge = asked?.extensions.challenge ?? '';
  expect((await dewi.post('/auth/step-up', { challenge, code: '000000' })).status).toBe(401);
  await dewi.stepUp(challenge);
  const viewer = await house.asRole('support-viewer');
  expect((await viewer.query(ADJUST, adjust('1.00'))).codes).toEqual(['FORBIDDEN']);

  expect((await scene.approve(siti, await scene.file())).codes).toEqual([]);
  expect((await scene.deny(siti, (await scene.file()).id)).codes).toEqual([]);
  expect((await scene.cancel(dewi, (await scene.file()).id)).codes).toEqual([]);
  await scene.file();
  const late = await scene.file();
  await scene.tamper("update gateway.approval_request set requested_at = requested_at - interval '2 hours', expires_at = requested_at - interval '1 hour' where id = $1", [
    late.id,
  ]);
}, 120_000);
afterAll(() => scene.close());

const auditor = () => scene.test.asRole('compliance-auditor');
const figuresOf = async (variables: Readonly<Record<string, unknown>> = {}): Promise<AnsweredFlows> => {
  const answer = await (await auditor()).query(FLOWS, variables);
  expect(answer.codes).toEqual([]);
  return answer.data?.['flows'];
};
const rowOf = (flows: AnsweredFlows, action: string): FlowRow => {
  const row = flows.actions.find((each) => each.action === action);
  if (!row) throw new Error(`${action} is not among the flows`);
  return row;
};
const one = async <Row>(statement: ReturnType<typeof sql<Row>>): Promise<Row> => {
  const { rows } = await statement.execute(scene.test.database.owner);
  if (!rows[0]) throw new Error('A row was expected');
  return rows[0];
};

describe('figures of flows that were really gone through', () => {
  test('C7 each try ends in one way, and is counted once', async () => {
    const row = rowOf(await figuresOf(), 'adjustCredit');
    // At once: one plainly, one with a code; through a second person: one.
    expect(row).toMatchObject({ executed: 3, refused: 3, failed: 0, emergencies: 0 });
    expect(row.refusals).toEqual(['BAD_INPUT', 'FORBIDDEN', 'JUSTIFICATION_REQUIRED'].map((code) => ({ code, count: 1 })));
    // Three done, three refused, two at a code, and of five requests the four that were not carried out.
    expect(row.tries).toBe(3 + 3 + 2 + 4);
  });

  test('C7 codes: asked, given, open; as the challenges themselves say', async () => {
    const flows = await figuresOf();
    for (const action of ['adjustCredit', 'approveRequest', 'denyRequest']) {
      const truth = await one(sql<{ asked: number; accepted: number; median: number; p95: number }>`
        select count(*)::int as asked, count(verified_at)::int as accepted,
          percentile_cont(0.5) within group (order by extract(epoch from verified_at - issued_at))::float8 as median,
          percentile_cont(0.95) within group (order by extract(epoch from verified_at - issued_at))::float8 as p95
        from gateway.step_up where action = ${action}`);
      const row = rowOf(flows, action);
      expect([row.codesAsked, row.codesAccepted]).toEqual([truth.asked, truth.accepted]);
      // Event and challenge are written one after the other.
      expect(Math.abs((row.medianSecondsToCode ?? -9) - truth.median)).toBeLessThan(1);
      expect(Math.abs((row.p95SecondsToCode ?? -9) - truth.p95)).toBeLessThan(1);
    }
    expect(rowOf(flows, 'adjustCredit')).toMatchObject({ codesAsked: 8, codesAccepted: 7, codesOpen: 1, codesMissing: 0, codesRefused: 0, codesUnused: 0 });
  });

  test('C7 requests: how each ended and how long that took, as the requests themselves say', async () => {
    const flows = await figuresOf();
    const truth = await one(sql<{ median: number; p95: number }>`
      select percentile_cont(0.5) within group (order by extract(epoch from ended_at - requested_at))::float8 as median,
        percentile_cont(0.95) within group (order by extract(epoch from ended_at - requested_at))::float8 as p95
      from gateway.approval_request request join gateway.approval_ending ending on ending.request_id = request.id where state in ('executed', 'denied')`);
    const row = rowOf(flows, 'adjustCredit');
    expect(row).toMatchObject({
      requestsFiled: 5,
      requestsApproved: 1,
      requestsExecuted: 1,
      requestsDenied: 1,
      requestsWithdrawn: 1,
      requestsExpired: 1,
      requestsWaiting: 1,
      requestsStale: 0,
      requestsFailed: 0,
      shareExecuted: 0.2,
    });
    expect(row.medianSecondsToDecision).toBeCloseTo(truth.median, 5);
    expect(row.p95SecondsToDecision).toBeCloseTo(truth.p95, 5);
    expect(flows.waitingNow).toBe(1);
    expect(flows.oldestWaitingSeconds).toBeGreaterThan(0);
  });

  test('C7 days add up to the total, and every declared act has its row', async () => {
    const flows = await figuresOf();
    const sum = (name: keyof (typeof flows.days)[number]) => flows.days.reduce((total, day) => total + Number(day[name]), 0);
    expect(sum('tries')).toBe(flows.total.tries);
    expect(sum('executed')).toBe(flows.total.executed);
    expect(sum('tries')).toBe(sum('executed') + sum('refused') + sum('abandoned') + sum('notApproved') + sum('waiting'));
    expect(flows.days.length).toBeGreaterThanOrEqual(30);
    expect(new Set(flows.actions.map(({ action }) => action))).toEqual(new Set(built.registry.actions.keys()));
    for (const name of ['tries', 'executed', 'refused', 'codesAsked', 'codesAccepted', 'requestsFiled'] as const)
      expect(flows.actions.reduce((total, row) => total + row[name], 0)).toBe(flows.total[name]);
  });

  test('L17 no figure names a person, and reading them is an event', async () => {
    const before = (await scene.test.events({ kind: 'audit.flows.read' })).length;
    const told = JSON.stringify(await figuresOf({ tenantId: own }));
    const { rows } = await sql<{ id: string; name: string; email: string }>`select id::text, display_name as name, email from gateway.staff`.execute(scene.test.database.owner);
    for (const { id, name, email } of rows) for (const word of [id, name, email]) expect(told).not.toContain(word);
    const events = await scene.test.events({ kind: 'audit.flows.read' });
    expect(events).toHaveLength(before + 1);
    expect(events.at(-1)?.['detail']).toEqual({ conditions: ['tenantId'] });
  });
});

describe('who sees what', () => {
  const seen = async (reach: TenantReach, tenantId: string | null): Promise<AnsweredFlows> => {
    const contextValue = contextOf(scene.test.database.app, viewerHolding(built.registry, ['compliance-auditor', reach]));
    const { data, errors } = await graphql({ schema: built.schema, source: FLOWS, contextValue, variableValues: { tenantId } });
    expect(errors).toBeUndefined();
    return data?.['flows'] as AnsweredFlows;
  };

  test("L17 another tenant's tries, codes and requests count nothing, asked for or not; a tenant that never was looks the same", async () => {
    const mine = await seen(new Set([own]), null);
    // What was refused before its record was looked at belongs to no tenant.
    expect(rowOf(mine, 'adjustCredit')).toMatchObject({ executed: 2, codesAsked: 3, codesAccepted: 2, requestsFiled: 0 });
    expect((await seen(new Set([own]), own)).total).toEqual(mine.total);
    expect((await seen('global', own)).total).toEqual(mine.total);
    const [foreign, unknown] = [await seen(new Set([other]), own), await seen(new Set([other]), 'nowhere')];
    expect(foreign.total).toMatchObject({ tries: 0, codesAsked: 0, requestsFiled: 0, refusals: [], medianSecondsToCode: null, shareExecuted: null });
    expect([foreign.total, foreign.actions, foreign.waitingNow, foreign.oldestWaitingSeconds]).toEqual([unknown.total, unknown.actions, 0, null]);
    expect((await seen(new Set([other]), null)).total.tries).toBe(0);
  });

  test('L17 without the permission it is refused, and so is a second question in one document', async () => {
    expect((await scene.dewi.query(FLOWS)).codes).toEqual(['FORBIDDEN']);
    expect((await (await auditor()).query('{ one: flows { waitingNow } two: flows { waitingNow } }')).codes).toEqual(['QUERY_REJECTED']);
    expect((await scene.test.stranger().query(FLOWS)).codes).toEqual(['UNAUTHENTICATED']);
  });

  test('C7 a period is at most 92 days and ends after it begins; nonsense is told where it stands', async () => {
    const client = await auditor();
    const asked = async (from: string | null, to: string | null, tenantId: string | null = null) => {
      const { codes, errors } = await client.query(FLOWS, { from, to, tenantId });
      return [...codes, ...(errors[0]?.extensions.issues ?? []).map(({ path }) => path)];
    };
    expect(await asked('2026-01-01T00:00:00Z', '2026-04-03T00:00:00Z')).toEqual([]);
    expect(await asked('2026-01-01T00:00:00Z', '2026-04-03T00:00:00.000001Z')).toEqual(['BAD_INPUT', 'from']);
    expect(await asked('2026-04-03T00:00:00Z', '2026-04-03T00:00:00Z')).toEqual(['BAD_INPUT', 'to']);
    expect(await asked('2999-01-01T00:00:00Z', null)).toEqual(['BAD_INPUT', 'to']);
    expect(await asked('2000-01-01T00:00:00Z', null)).toEqual(['BAD_INPUT', 'from']);
    expect(await asked(null, null, "x' or true --")).toEqual([]);
    expect(await asked(null, null, '\u0000')).toEqual(['BAD_INPUT', 'tenantId']);
  });
});

test('C7 /metrics: acts by outcome, codes asked and answered, what waits; labels from closed sets', async () => {
  const { gateway } = scene.test;
  const text = await (await gateway.fetch(new Request('http://127.0.0.1:4000/metrics'), { ip: '127.0.0.1' })).text();
  const figure = (line: string): number =>
    Number(
      text
        .split('\n')
        .find((each) => each.startsWith(`${line} `))
        ?.split(' ')[1] ?? Number.NaN,
    );
  expect(figure('sallyport_acts_total{action="adjustCredit",outcome="executed",code=""}')).toBe(2);
  expect(figure('sallyport_acts_total{action="adjustCredit",outcome="filed",code=""}')).toBe(5);
  expect(figure('sallyport_acts_total{action="adjustCredit",outcome="previewed",code=""}')).toBe(1);
  expect(figure('sallyport_acts_total{action="adjustCredit",outcome="refused",code="FORBIDDEN"}')).toBe(1);
  expect(figure('sallyport_step_up_asked_total{action="adjustCredit"}')).toBe(8);
  expect(figure('sallyport_step_up_answered_total{outcome="refused"}')).toBe(1);
  expect(figure('sallyport_step_up_answered_total{outcome="accepted"}')).toBe(9);
  expect(figure('sallyport_approvals_pending')).toBe(1);
  expect(figure('sallyport_approvals_oldest_pending_seconds')).toBeGreaterThan(0);
});
