import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answered, startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

const ANSWERS = 'query ($tenantId: ID) { securityAnswers(tenantId: $tenantId) { events } }';
const REPORT = '{ auditReport(selection: { from: "2026-01-01T00:00:00Z" }) { approvals { action } } }';
const FLOWS = 'query ($tenantId: ID) { flows(tenantId: $tenantId) { waitingNow } }';
/** Requests of one person in one breath: far more than the gateway has connections. */
const MANY = 60;

let scene: TestGateway;
beforeAll(async () => {
  scene = await startTestGateway();
});
afterAll(() => scene?.close());

/** As long as it takes `work`, statements that read this table do not come back: what a large log does to them. */
async function whileSlow<Result>(table: string, work: () => Promise<Result>): Promise<Result> {
  return scene.database.owner.transaction().execute(async (tx) => {
    await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(tx);
    return work();
  });
}

/** The first of these that are answered, until so many are or the time is up. */
async function answeredWithin(milliseconds: number, asked: readonly Promise<Answered>[]): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  for (const each of asked) void each.then((answer) => answered.push(answer));
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return [...answered];
}

test.each<readonly [what: string, document: string, table: string, role: 'customer-success' | 'security-operator' | 'compliance-auditor', waiting: number]>([
  ['answers to questionnaires', ANSWERS, 'gateway.log_verification', 'customer-success', 4],
  ['flows', FLOWS, 'gateway.approval_request', 'security-operator', 4],
  ['reports', REPORT, 'gateway.approval_request', 'compliance-auditor', 24],
])(
  'I13 L04 K06 one person who asks for %s over and over waits alone: others are served, and what is too much is refused at once',
  async (_, document, table, role, waiting) => {
    const greedy: TestClient = await scene.asRole(role);
    const other = await scene.asRole('billing-operator');
    const asked = await whileSlow(table, async () => {
      const sent = Array.from({ length: MANY }, () => greedy.query(document, {}));
      const refused = await answeredWithin(1_500, sent);
      const begun = performance.now();
      const theirs = await Promise.race([other.query('{ invoices(first: 1) { nodes { id } } }'), new Promise<null>((done) => setTimeout(() => done(null), 4_000))]);
      expect(theirs?.codes, `answered after ${Math.round(performance.now() - begun)} ms`).toEqual([]);
      expect(refused.length).toBe(MANY - waiting);
      for (const { codes, errors } of refused) {
        expect(codes).toEqual(['RATE_LIMITED']);
        expect(errors[0]?.extensions.retryAfterSeconds).toBeGreaterThan(0);
      }
      return sent;
    });
    const served = (await Promise.all(asked)).filter(({ codes }) => codes.length === 0);
    expect(served.length).toBe(waiting);
    const [recorded] = (await scene.events({ kind: 'access.field.refused' })).filter(({ reason_code: code }) => code === 'RATE_LIMITED').slice(-1);
    expect(recorded).toMatchObject({ outcome: 'denied', detail: { refused: expect.anything() } });
    // Places are given back.
    expect((await greedy.query(document, {})).codes).toEqual([]);
  },
  60_000,
);
