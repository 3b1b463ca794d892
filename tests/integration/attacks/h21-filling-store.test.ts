import { randomUUID } from 'node:crypto';
import { RESERVE_BYTES } from '@sallyport/server/integrity/store/measure-store.ts';
import { startStoreWatch } from '@sallyport/server/integrity/store/watch-store.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, booked, openTenants } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { openLog } from '../audit/log-fixture.ts';

/** Bytes that the disk of the database says to have free. */
let free = 1e12;
let at: TestGateway;
let dewi: TestClient;
let wayan: TestClient;
let tenant: string;
beforeAll(async () => {
  at = await startTestGateway({ store: { directory: 'of the embedded database', limitBytes: null, freeBytes: async () => free } });
  dewi = await at.asRole('billing-operator');
  wayan = await at.asRole('compliance-auditor');
  tenant = (await openTenants(at))[0] ?? '';
});
afterAll(() => at?.close());

const used = async (): Promise<number> => (await sql<{ used: number }>`select pg_database_size(current_database())::float8 as used`.execute(at.database.owner)).rows[0]?.used ?? 0;
/** Leaves so much room that the store is this full. */
async function fillTo(share: number): Promise<void> {
  const size = await used();
  free = RESERVE_BYTES + size / share - size;
  await at.gateway.integrity.lookAroundNow();
}
const act = async (): Promise<{ readonly code: string | null; readonly message: string | undefined; readonly correlationId: string }> => {
  const correlationId = randomUUID();
  const { codes, errors } = await dewi.query(ADJUST, { input: adjustment(tenant) }, { correlationId, idempotencyKey: randomUUID() });
  return { code: codes[0] ?? null, message: errors[0]?.message, correlationId };
};
const level = async (): Promise<string> => (await wayan.query('{ logIntegrity { store { level usedBytes capacityBytes } } }')).data?.['logIntegrity'].store.level;
const crossings = async () => (await at.events({ kind: 'log.store.level' })).map(({ outcome, detail }) => [detail.before, detail.level, outcome]);
const fill = async (): Promise<number> => Number((await (await at.stranger().get('/metrics')).text()).match(/^sallyport_log_store_fill (.+)$/m)?.[1]);

test('H21 H04 four fifths full is told once; full refuses every change and lets everybody read and sign in; room again is told, and all goes on', { timeout: 60_000 }, async () => {
  expect([await level(), await crossings()]).toEqual(['roomy', []]);
  await fillTo(0.7);
  expect((await act()).code).toBeNull();
  for (let look = 0; look < 3; look += 1) await fillTo(0.85);
  expect([await level(), await crossings()]).toEqual(['filling', [['roomy', 'filling', 'failed']]]);
  expect(await fill()).toBeCloseTo(0.85, 1);
  expect((await act()).code).toBeNull();

  free = RESERVE_BYTES - 1;
  await at.gateway.integrity.lookAroundNow();
  await at.gateway.integrity.lookAroundNow();
  expect([await level(), (await crossings()).slice(1)]).toEqual(['full', [['filling', 'full', 'failed']]]);
  const refused = await act();
  expect(refused.code).toBe('AUDIT_UNAVAILABLE');
  expect(refused.message).toMatch(/^The store of the audit log is full\./);
  expect(await booked(at, refused.correlationId)).toBe(0);
  expect((await at.events({ correlationId: refused.correlationId })).map(({ reason_code }) => reason_code)).toEqual(['AUDIT_UNAVAILABLE']);
  // Reads that are recorded are among those that go on, and so is sign-in.
  expect((await dewi.query('{ invoices(first: 1) { nodes { id billingContactAddress } } }')).codes).toEqual([]);
  expect((await (await at.asRole('support-viewer')).query('{ tenants(first: 1) { nodes { id } } }')).codes).toEqual([]);
  expect((await at.stranger().get('/readyz')).status).toBe(200);

  // A little room is not enough: it would be full again with the next act.
  await fillTo(0.98);
  expect((await act()).code).toBe('AUDIT_UNAVAILABLE');
  await fillTo(0.5);
  const done = await act();
  expect([done.code, await booked(at, done.correlationId)]).toEqual([null, 1]);
  expect((await crossings()).slice(2)).toEqual([['full', 'roomy', 'ok']]);
});

test('H21 what makes room is asked for while the store is full; nothing else of the log is', async () => {
  free = 0;
  await at.gateway.integrity.lookAroundNow();
  const { gate } = at.gateway.integrity;
  expect(() => gate.require({ whileLogIsFull: true })).not.toThrow();
  expect(() => gate.require({})).toThrow(/store of the audit log is full/);
  const ketut = await at.asRole('platform-admin');
  const [segment] = (await sql<{ id: string }>`select id from audit.segment order by month limit 1`.execute(at.database.owner)).rows;
  const input = { id: segment?.id, justification: { reason: 'Room for the log', ticket: 'OPS-1' } };
  const pruning = await ketut.query('mutation Act($input: PruneLogSegmentInput!) { pruneLogSegment(input: $input) { status } }', { input });
  // Refused for its own reason, as it would be with all the room in the world.
  expect(pruning.codes).toEqual(['CONFLICT']);
  await fillTo(0.1);
});

test('H21 K12 a limit on a database elsewhere counts as a disk does, and of many gateways one tells', async () => {
  await sql`update gateway.log_store set level = 'roomy'`.execute(at.database.owner);
  const before = (await crossings()).length;
  const place = { directory: null, limitBytes: Math.round((await used()) / 0.9) };
  const watches = Array.from({ length: 5 }, () => startStoreWatch({ db: at.database.app, audit: openLog(at.database.app), place, log: createLog('silent') }));
  try {
    await Promise.all(watches.map((watch) => watch.look()));
    for (const watch of watches) expect([watch.state()?.level, watch.hasRoom()]).toEqual(['filling', true]);
    expect((await crossings()).slice(before)).toEqual([['roomy', 'filling', 'failed']]);
  } finally {
    for (const watch of watches) await watch.stop();
  }
});

test('H21 K07 a log that can not be written any more does not keep the store from being known to be full', async () => {
  await sql`update gateway.log_store set level = 'roomy'`.execute(at.database.owner);
  await sql`create function audit.no_room() returns trigger language plpgsql as $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$`.execute(
    at.database.owner,
  );
  await sql`create trigger no_room before insert on audit.event for each row execute function audit.no_room()`.execute(at.database.owner);
  try {
    free = 0;
    await expect(at.gateway.integrity.lookAroundNow()).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(at.gateway.integrity.gate.isOpen()).toBe(false);
    expect((await act()).code).toBe('AUDIT_UNAVAILABLE');
  } finally {
    await sql`drop trigger no_room on audit.event`.execute(at.database.owner);
  }
  const before = (await crossings()).length;
  await at.gateway.integrity.lookAroundNow();
  expect((await crossings()).slice(before)).toEqual([['roomy', 'full', 'failed']]);
});
