import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let scene: TestGateway;
let auditor: TestClient;
beforeAll(async () => {
  scene = await startTestGateway();
  auditor = await scene.asRole('compliance-auditor');
});
afterAll(() => scene?.close());

/** Leaves that nothing has placed yet, and whether everything in the tree is signed. */
async function whatWaits(): Promise<unknown> {
  const { rows } = await sql`
    select (select count(*)::int from audit.unsealed) as waiting,
      (select max(size) from audit.checkpoint) = (select size from audit.log_head) as signed`.execute(scene.database.owner);
  return rows[0];
}

test.each(['infinity', '-infinity', '294276-12-31 23:59:59+00', '4713-01-01 00:00:00+00 BC'])(
  'H19 H13 an entry of the time %s, which the serving login may put in the queue, keeps nothing behind it from being sealed and signed',
  async (time) => {
    const { database, gateway } = scene;
    await sql`insert into audit.unsealed (event_id, time, retention, leaf_hash) values (${randomUUID()}, ${time}::timestamptz, 'act', sha256(${Buffer.from(time)}))`.execute(
      database.app,
    );
    for (let round = 0; round < 3; round += 1) await gateway.integrity.sealNow().catch(() => undefined);
    expect(await whatWaits()).toEqual({ waiting: 0, signed: true });
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from audit.leaf where time = ${time}::timestamptz`.execute(database.owner);
    expect(rows[0]?.count).toBeGreaterThan(0);
    const told = (await scene.events({ kind: 'log.clock.jumped' })).map(({ detail }) => detail);
    expect(told).not.toEqual([]);
    for (const { seconds } of told) expect(Number.isFinite(seconds)).toBe(true);
    const panel = await auditor.query('{ logIntegrity { clock { jumps lastJumpSeconds lastJumpIndex lastJumpCause } } }');
    expect(panel.codes).toEqual([]);
    expect(Number.isFinite(panel.data?.['logIntegrity'].clock.lastJumpSeconds)).toBe(true);
  },
);

test.each(['Infinity', '-Infinity', 'NaN'])('H19 H13 the serving login books no jump by %s: the panel could not show it', async (seconds) => {
  await expect(sql`insert into gateway.log_clock_jump (cause, seconds) values ('set', ${seconds}::float8)`.execute(scene.database.app)).rejects.toThrow(/check constraint/);
});

test.each(['infinity', '-infinity', '5874897-12-31', '4713-01-01 BC'])('C7 H13 the serving login counts no day %s: from then on nobody would be told how flows go', async (day) => {
  await expect(sql`insert into audit.flow_day (day) values (${day}::date)`.execute(scene.database.app)).rejects.toThrow(/check constraint/);
  expect((await auditor.query('{ flows { waitingNow } }')).codes).toEqual([]);
});
