import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startClockWatch } from '@sallyport/server/integrity/clock/watch-clock.ts';
import { copyLog } from '@sallyport/server/integrity/copy-log.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { parseVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { verify } from '@sallyport/server/verify/verify.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { appendInThePast } from '../../helpers/past-events.ts';
import { openLog } from '../audit/log-fixture.ts';

let at: TestGateway;
let wayan: TestClient;
beforeAll(async () => {
  at = await startTestGateway();
  wayan = await at.asRole('compliance-auditor');
});
afterAll(() => at?.close());

const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');
const jumps = async () => (await at.events({ kind: 'log.clock.jumped' })).map(({ detail }) => detail);
const clock = async () =>
  (await wayan.query('{ logIntegrity { clock { differenceSeconds jumps lastJumpAt lastJumpSeconds lastJumpIndex lastJumpCause } } }')).data?.['logIntegrity'].clock;
/** Events as if written by a database whose clock was off, sealed behind what was written before. */
async function writtenAt(offsetMs: number, count: number): Promise<void> {
  await at.gateway.integrity.sealNow();
  const begun = Date.now();
  await at.database.owner.transaction().execute(async (held) => {
    // Whoever would seal half of them finds the head taken.
    await sql`select from audit.log_head for update`.execute(held);
    for (let event = 0; event < count; event += 1) await appendInThePast(at.database.owner, iso(begun + offsetMs + event));
  });
  await at.gateway.integrity.sealNow();
}
const sizeOf = async (): Promise<number> => (await at.gateway.integrity.reader.head())?.size ?? 0;

test('H19 a clock that is set back an hour, forward, and right again: each jump is told once, with the entry that shows it, however many events follow', {
  timeout: 60_000,
}, async () => {
  await at.gateway.integrity.sealNow();
  const before = await jumps();
  expect((await clock()).jumps).toBe(before.length);
  const first = await sizeOf();
  await writtenAt(-HOUR, 24);
  await at.gateway.integrity.sealNow();
  expect((await jumps()).slice(before.length)).toEqual([{ cause: 'order', seconds: expect.closeTo(-3600, -1.5), logIndex: first }]);
  expect(await clock()).toMatchObject({ jumps: before.length + 1, lastJumpIndex: first, lastJumpCause: 'order', lastJumpSeconds: expect.closeTo(-3600, -1.5) });

  // An hour ahead, and back to the right time, which is an hour back: the event that tells of the first is where the second shows.
  const ahead = await sizeOf();
  await writtenAt(HOUR, 12);
  for (let round = 0; round < 3; round += 1) await at.gateway.integrity.sealNow();
  expect((await jumps()).slice(before.length + 1)).toEqual([
    { cause: 'ahead', seconds: expect.closeTo(3600, -1.5), logIndex: ahead + 11 },
    { cause: 'order', seconds: expect.closeTo(-3600, -1.5), logIndex: ahead + 12 },
  ]);
  expect((await clock()).jumps).toBe((await jumps()).length);
  expect((await (await at.stranger().get('/metrics')).text()).match(/^sallyport_log_clock_jumps (.+)$/m)?.[1]).toBe(String((await jumps()).length));
});

test('H19 events that were written side by side and changed places by seconds are no jump', async () => {
  const before = (await jumps()).length;
  await writtenAt(0, 3);
  await writtenAt(-20_000, 3);
  expect((await jumps()).length).toBe(before);
});

test('H19 L6 the offline verifier calls the log intact and remarks which entries go back, from tiles and from lines', { timeout: 60_000 }, async () => {
  const { integrity } = at.gateway;
  await integrity.sealNow();
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-skew-'));
  try {
    await copyLog(at.database.app, folder);
    const head = await integrity.reader.latestCheckpoint();
    const { rows } = await sql<{ verifier: string }>`select verifier from audit.log_key`.execute(at.database.owner);
    const policy = { origin: head?.origin ?? '', logKeys: rows.map(({ verifier }) => ({ key: parseVerifierKey(verifier) })), witnesses: [], leastCosignatures: 0 };
    const lines = join(folder, 'entries.jsonl');
    for await (const page of integrity.reader.readEntries(0, head?.size ?? 0)) await appendFile(lines, page.map(({ canonical }) => `${canonical?.toString()}\n`).join(''));
    const report = await verify({ path: folder, policy, checkpoints: [], threads: 1 });
    const ofLines = await verify({ path: lines, policy, checkpoints: [{ file: 'checkpoint', note: Buffer.from(head?.note ?? '') }], threads: 1 });
    expect([ofLines.faults, ofLines.intact, ofLines.notes]).toEqual([[], true, report.notes]);
    expect(report.faults).toEqual([]);
    expect(report.intact).toBe(true);
    const shown = (await jumps()).filter(({ cause }) => cause === 'order').map(({ logIndex }) => logIndex);
    expect(report.notes.map((note) => Number(/^Entry (\d+) is (\d+) s earlier/.exec(note)?.[1]))).toEqual(shown);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('H19 K08 the clocks of database and host differ by an hour, then agree again; the database is set while the gateway runs: told once each', async () => {
  let [wall, steady] = [0, 0];
  const audit = openLog(at.database.app);
  const watch = startClockWatch({
    db: at.database.app,
    audit,
    log: createLog('silent'),
    clocks: { wall: () => Date.now() + wall, steady: () => performance.now() + steady },
  });
  const count = async (kind: string): Promise<number> => (await at.events({ kind })).length;
  try {
    await watch.look();
    expect(Math.abs(watch.difference() ?? 99)).toBeLessThan(5);
    expect(await count('log.clock.differs')).toBe(0);
    wall = -HOUR;
    await watch.look();
    await watch.look();
    expect(watch.difference()).toBeCloseTo(3600, -1.5);
    expect((await at.events({ kind: 'log.clock.differs' })).map(({ detail }) => detail)).toEqual([{ differenceSeconds: expect.closeTo(3600, -1.5) }]);
    wall = 0;
    await watch.look();
    await watch.look();
    expect([await count('log.clock.differs'), await count('log.clock.agrees')]).toEqual([1, 1]);

    // As if an hour had passed that the database's clock did not go: it was set back by one. Seen by two gateways, told by one.
    await sql`update gateway.log_clock_jump set noticed_at = noticed_at - interval '1 hour'`.execute(at.database.owner);
    const before = (await jumps()).length;
    const other = startClockWatch({ db: at.database.app, audit, log: createLog('silent'), clocks: { wall: () => Date.now(), steady: () => performance.now() + steady } });
    await other.look();
    steady = HOUR;
    await Promise.all([watch.look(), other.look()]);
    await other.stop();
    expect((await jumps()).slice(before)).toEqual([{ cause: 'set', seconds: expect.closeTo(-3600, -1.5) }]);
  } finally {
    await watch.stop();
  }
});
