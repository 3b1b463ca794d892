import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { personOf } from '../gateway-process.ts';
import { type Books, checkBooks } from '../log-checks/check-books.ts';
import type { WireClient } from '../wire-client.ts';
import { openWireScene, type WireScene, type WireSceneOptions } from '../wire-scene.ts';
import { killDatabase } from './kill-database.ts';
import { watchLog } from './watch-log.ts';

/** What is killed: one of two gateways, or the database server below both. */
export type Victim = 'gateway' | 'database';

export interface LogKillOptions extends WireSceneOptions {
  readonly victim: Victim;
  readonly kills: number;
  /** No kill begins after so long; default any time. */
  readonly mostSeconds?: number;
  readonly onKill?: (kill: number, written: number) => void;
}

export interface LogKillReport extends Books {
  readonly victim: Victim;
  readonly kills: number;
  /** Acts that were answered as done, each with its event. */
  readonly acknowledged: number;
  /** Calls that were cut off or refused while something was down. */
  readonly cutOff: number;
  /** Signatures that the gateways made, kept or not; checkpoints that were seen from outside while the log grew. */
  readonly signatures: number;
  readonly witnessed: number;
}

const WRITERS = 8;
const GATEWAYS = 2;
const ADJUST = 'mutation Act($input: AdjustCreditInput!) { adjustCredit(input: $input) { status auditEventId } }';
const COVERED_MS = 60_000;

/**
 * Kills, again and again at random instants, one of two gateways or the database server, while eight writers book credit at both gateways and
 * both integrators work. At the end the log has to fit together, and what was told, signed or seen from outside has to be in it (THREATS H06, H07, K02).
 */
export async function runLogKills({ victim, kills, mostSeconds = Number.POSITIVE_INFINITY, onKill, ...options }: LogKillOptions): Promise<LogKillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-heard-'));
  const heard = join(folder, 'signatures');
  const hear = new URL('hear-signatures.ts', import.meta.url);
  const scene = await openWireScene({ ...options, environment: { ...options.environment, HEARD_SIGNATURES: heard, NODE_OPTIONS: `--import=${hear.href}` } });
  const { superuser } = scene;
  superuser.on('error', () => undefined);
  const acknowledged: string[] = [];
  let cutOff = 0;
  let done = 0;
  let running = true;
  const watch = watchLog(superuser);
  let writers: Promise<unknown> = Promise.resolve();
  try {
    while (scene.processes.length < GATEWAYS) await scene.start();
    const { rows: tenants } = await superuser.query<{ id: string }>(`select id from product.tenant where status in ('active', 'trial') order by name limit 12`);
    const person = personOf(scene.people, 'billing-operator');
    const clients: WireClient[] = [];
    for (let at = 0; at < WRITERS; at += 1) {
      const client = scene.client(person);
      await client.signIn();
      clients.push(client);
    }
    const write = async (client: WireClient, at: number): Promise<void> => {
      for (let turn = at; running; turn += 1) {
        // Now here, now there: whoever is up.
        const gateway = scene.processes[turn % Math.max(1, scene.processes.length)];
        if (gateway) client.at(gateway.url);
        const input = { id: tenants[turn % tenants.length]?.id, amount: '1.00', memo: 'Kill harness', justification: { reason: 'Kill harness', ticket: 'TEST-4' } };
        const event = await client.mutate(ADJUST, input, { 'idempotency-key': randomUUID() }).then(
          ({ body }) => body.data?.['adjustCredit']?.auditEventId ?? null,
          () => null,
        );
        if (event !== null) acknowledged.push(event);
        else {
          cutOff += 1;
          await wait(10);
        }
      }
    };
    writers = Promise.all(clients.map(write));
    const last = performance.now() + mostSeconds * 1000;
    for (; done < kills && performance.now() < last; ) {
      const answered = acknowledged.length;
      while (acknowledged.length < answered + WRITERS) await wait(5);
      await wait(randomInt(0, 500));
      if (victim === 'database') await killDatabase(superuser);
      else await replaceOne(scene);
      done += 1;
      onKill?.(done, acknowledged.length);
    }
    await wait(500);
    running = false;
    await writers;
    await untilCovered(superuser, acknowledged);
    await watch.stop();
    for (const process of scene.processes.splice(0)) await process.end('SIGKILL');
    await noBackends(superuser);
    const signed = (await readFile(heard, 'utf8'))
      .split('\n')
      .filter((line) => line.endsWith('"'))
      .map((line) => JSON.parse(line) as string);
    const books = await checkBooks(superuser, { signed, witnessed: watch.notes, acknowledged });
    return { ...books, victim, kills: done, acknowledged: acknowledged.length, cutOff, signatures: signed.length, witnessed: watch.notes.length };
  } finally {
    running = false;
    await writers.catch(() => undefined);
    await watch.stop();
    await scene.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One of the gateways, as it comes; the other one goes on meanwhile. */
async function replaceOne(scene: WireScene): Promise<void> {
  const [victim] = scene.processes.splice(randomInt(0, scene.processes.length), 1);
  await victim?.end('SIGKILL');
  await scene.start();
}

/** Waits until everything that was told is sealed and signed. What the gateways write of themselves meanwhile may wait. */
async function untilCovered(superuser: pg.Pool, told: readonly string[]): Promise<void> {
  let state: unknown;
  for (const until = performance.now() + COVERED_MS; performance.now() < until; await wait(100)) {
    const { rows } = await superuser.query<{ waiting: number }>(
      `select count(*)::int as waiting, (select count(*)::int from audit.unsealed) as unsealed, (select size from audit.log_head) as size, (select max(size) from audit.checkpoint) as signed
       from unnest($1::uuid[]) as told(id)
       where not exists (select from audit.leaf where leaf.event_id = told.id and leaf.log_index < (select max(size) from audit.checkpoint))`,
      [told],
    );
    if (rows[0]?.waiting === 0) return;
    [state] = rows;
  }
  throw new Error(`The log was not sealed and signed in time: ${JSON.stringify(state)}`);
}

/** What a killed gateway's backends were at is finished or undone: from here on the database stands still. */
async function noBackends(superuser: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await superuser.query<{ left: number }>(
      `select count(*)::int as left from pg_stat_activity where datname = current_database() and application_name <> 'harness' and backend_type = 'client backend'`,
    );
    if (rows[0]?.left === 0) return;
    await wait(20);
  }
}
