import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { parseNote, signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey, type SignerKey } from '@sallyport/server/transparency/note-key.ts';
import { sql } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import { ADJUST, adjustment, booked, openTenants } from '../../harness/demo-acts.ts';
import { openSecondGateway } from '../../harness/second-gateway.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

const SIGNER = generateSignerKey('witness.example', 'cosignature');
const KEY = SIGNER.verifier;
/** A witness that has seen nothing yet. */
const nothingYet: RequestListener = (request, response) => request.resume().on('end', () => response.writeHead(404).end());
/** One that is there and does not say anything of use. */
const failing: RequestListener = (request, response) => request.resume().on('end', () => response.writeHead(503).end());

let server: Server;
let answer: RequestListener;
let at: TestGateway | undefined;
afterEach(async () => {
  await at?.close();
  at = undefined;
  server.closeAllConnections();
  server.close();
});

async function start(how: RequestListener, worker = false): Promise<TestGateway> {
  answer = how;
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  at = await startTestGateway({ worker, anchors: { file: null, webhookUrl: null, witness: { url, key: KEY } } });
  return at;
}

const signed = async ({ database }: TestGateway): Promise<number> =>
  (await sql<{ count: number }>`select count(*)::int as count from audit.checkpoint`.execute(database.owner)).rows[0]?.count ?? -1;

test('H09 until the witness has answered once since the start nothing can be changed; sign-in and reads work, and it goes on by itself', { timeout: 60_000 }, async () => {
  const gateway = await start(failing);
  const dewi = await gateway.asRole('billing-operator');
  const tenant = (await openTenants(gateway))[0] ?? '';
  const input = adjustment(tenant);
  const [correlationId, idempotencyKey] = [randomUUID(), randomUUID()];
  for (let turn = 0; turn < 3; turn += 1) {
    const refused = await dewi.query(ADJUST, { input }, { correlationId, idempotencyKey });
    expect(refused.codes).toEqual(['AUDIT_UNAVAILABLE']);
    expect(refused.errors[0]?.message).toMatch(/witness of the audit log has not answered since the start/);
  }
  expect(await booked(gateway, correlationId)).toBe(0);
  expect((await gateway.events({ correlationId })).map(({ outcome, reason_code }) => [outcome, reason_code])).toEqual(
    Array.from({ length: 3 }, () => ['failed', 'AUDIT_UNAVAILABLE']),
  );

  expect((await dewi.query('{ tenants(first: 1) { nodes { id } } }')).codes).toEqual([]);
  expect((await gateway.stranger().get('/readyz')).status).toBe(200);
  const wayan = await gateway.asRole('compliance-auditor');
  const state = await wayan.query('{ logIntegrity { standing unanswered checkpointSize } }');
  expect(state.data?.['logIntegrity']).toEqual({ standing: 'unknown', unanswered: ['witness'], checkpointSize: null });
  expect((await (await gateway.stranger().get('/metrics')).text()).match(/^sallyport_log_halted (.+)$/m)?.[1]).toBe('1');
  expect(await signed(gateway)).toBe(0);

  answer = nothingYet;
  await vi.waitFor(async () => expect((await dewi.query(ADJUST, { input }, { correlationId, idempotencyKey })).codes).toEqual([]), { timeout: 4_000, interval: 100 });
  expect(await booked(gateway, correlationId)).toBe(1);
  await vi.waitFor(async () => expect(await signed(gateway)).toBeGreaterThan(0), { timeout: 3_000 });
  expect((await (await gateway.stranger().get('/metrics')).text()).match(/^sallyport_log_halted (.+)$/m)?.[1]).toBe('0');
});

test('H09 a witness that falls silent costs cosignatures, not signatures or acts, whoever has the log anchored meanwhile', { timeout: 60_000 }, async () => {
  const gateway = await start(nothingYet);
  const { integrity } = gateway.gateway;
  expect(integrity.standing.now().state).toBe('sound');
  answer = failing;
  await integrity.anchorNow();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await integrity.anchorNow();
  expect(integrity.standing.now().state).toBe('sound');
  const dewi = await gateway.asRole('billing-operator');
  expect((await dewi.query(ADJUST, { input: adjustment((await openTenants(gateway))[0] ?? '') })).codes).toEqual([]);
  await integrity.sealNow();
  const head = await integrity.reader.head();
  expect((await integrity.reader.latestCheckpoint())?.size).toBe(head?.size);
});

test('H09 one that objects and can not be asked why stops signatures, not acts, until it has answered', { timeout: 60_000 }, async () => {
  const gateway = await start(nothingYet);
  const { integrity } = gateway.gateway;
  answer = (request, response) =>
    request.resume().on('end', () => (request.method === 'POST' ? response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('999999\n') : response.writeHead(503).end()));
  const dewi = await gateway.asRole('billing-operator');
  await integrity.anchorNow();
  expect(integrity.standing.now().state).toBe('doubted');
  const before = await signed(gateway);
  const input = adjustment((await openTenants(gateway))[0] ?? '');
  expect((await dewi.query(ADJUST, { input })).codes).toEqual([]);
  await integrity.sealNow();
  expect(await signed(gateway)).toBe(before);
  answer = nothingYet;
  await vi.waitFor(() => expect(integrity.standing.now().state).toBe('sound'), { timeout: 4_000 });
  await integrity.sealNow();
  expect(await signed(gateway)).toBeGreaterThan(before);
});

test.each<readonly [who: string, cosigner: SignerKey | null, expected: string | null]>([
  ['it', SIGNER, 'AUDIT_UNAVAILABLE'],
  ['one of that name with another key', generateSignerKey(KEY.name, 'cosignature'), null],
  // Anybody with the serving login could keep every gateway from starting else.
  ['nobody, whatever stands there as its word,', null, null],
])(
  'H09 H10 whoever says in its place that it has seen nothing is not believed where the database shows what %s has cosigned',
  { timeout: 60_000 },
  async (_, cosigner, expected) => {
    const gateway = await start(nothingYet);
    const { owner } = gateway.database;
    await gateway.gateway.integrity.sealNow();
    const { rows } = await sql<{ origin: string; size: number; note: string }>`select origin, size, note from audit.checkpoint order by size desc limit 1`.execute(owner);
    const [{ origin, size, note } = { origin: '', size: 0, note: '' }] = rows;
    const line = cosigner
      ? signNote(parseNote(note), [cosigner], 1_795_000_000).split('\n').at(-2)
      : `— ${KEY.name} ${Buffer.concat([Buffer.from(KEY.keyId, 'hex'), Buffer.alloc(72)]).toString('base64')}`;
    for (const of of cosigner ? [size] : [size, 999_999])
      await sql`insert into audit.cosignature (origin, size, witness, line) values (${origin}, ${of}, ${KEY.name}, ${line})`.execute(gateway.database.app);
    const dewi = await gateway.asRole('billing-operator');
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const again = await openSecondGateway(gateway, { anchors: { file: null, webhookUrl: null, witness: { url, key: KEY } } });
    try {
      expect((await again.send(dewi, ADJUST, adjustment((await openTenants(gateway))[0] ?? ''))).code).toBe(expected);
    } finally {
      await again.close();
    }
  },
);

test('H09 K16 jobs wait untried while nothing can be changed, and are done once when it can', { timeout: 60_000 }, async () => {
  const gateway = await start(failing, true);
  const { owner, app } = gateway.database;
  const { enqueue } = await import('@sallyport/server/jobs/enqueue.ts');
  const { messageId } = await enqueue(app, { job: 'deliver-message', payload: { template: 'test' } }, randomUUID());
  const attempts = async () => (await sql<{ attempts: number }>`select attempts from graphile_worker._private_jobs where payload->>'messageId' = ${messageId}`.execute(owner)).rows;
  const delivered = async () => (await gateway.events({ kind: 'jobs.message.delivered' })).filter(({ target_id }) => target_id === messageId).length;
  await wait(2_500);
  expect([await attempts(), await delivered()]).toEqual([[{ attempts: 0 }], 0]);
  answer = nothingYet;
  await vi.waitFor(async () => expect(await delivered()).toBe(1), { timeout: 10_000, interval: 100 });
  expect(await attempts()).toEqual([]);
  answer = failing;
  const later = await enqueue(app, { job: 'deliver-message', payload: { template: 'test' } }, randomUUID());
  await vi.waitFor(async () => expect((await gateway.events({ kind: 'jobs.message.delivered' })).some(({ target_id }) => target_id === later.messageId)).toBe(true), {
    timeout: 10_000,
  });
});
