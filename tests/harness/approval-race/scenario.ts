import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { modules } from '@sallyport/schema/index.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { endLapsedApprovals } from '@sallyport/server/gates/approvals/endings.ts';
import { prepareEnqueue } from '@sallyport/server/jobs/enqueue.ts';
import type pg from 'pg';
import { openWireScene, type WireScene, type WireSceneOptions } from '../wire-scene.ts';
import { countDiscrepancies, countEndings, type Discrepancies, executedAmong } from './books.ts';
import { type Cast, openCast, type Part, type Player } from './cast.ts';
import { APPROVE, type Course, FILE, type Filed, RACES } from './races.ts';

export interface ApprovalRaceOptions extends WireSceneOptions {
  readonly requests: number;
  /** How often one of the two gateways is killed (SIGKILL) and started anew. */
  readonly kills: number;
  readonly onProgress?: (raced: number) => void;
  /** Only these races; all of them where absent. */
  readonly races?: readonly string[];
}

export interface ApprovalRaceReport {
  readonly requests: number;
  readonly kills: number;
  /** How they ended, `pending` not among them: what a kill left open is decided at the end. */
  readonly endings: Readonly<Record<string, number>>;
  /** Decided at the end, because a kill had left them open. */
  readonly finished: number;
  readonly discrepancies: Discrepancies;
  /** What a worker could not go on with. */
  readonly faults: readonly string[];
}

const WORKERS = 6;
/** Needs one approval, four times over a day; and two. */
const AMOUNT = { one: '250000001.00', two: '1250000001.00' } as const;
const ONE_APPROVAL_PER_TENANT = 4;
const FOR_TWO = 12;

/** Tenants enough for so many requests. */
export const tenantsFor = (requests: number): number => Math.ceil(requests / ONE_APPROVAL_PER_TENANT) + Math.ceil(requests * 0.35) + 60;

/**
 * Races decisions on requests, each of its own, over two gateway processes on one database, kills one of them again and again, and
 * counts by SQL what must not be (issue 3; THREATS D03, D04, D07-D09, D11, D12).
 */
export async function runApprovalRace(options: ApprovalRaceOptions): Promise<ApprovalRaceReport> {
  const scene = await openWireScene({ tenants: tenantsFor(options.requests), ...options });
  const { superuser } = scene;
  // Whoever waits for a lock here must not keep whoever holds it from letting go.
  const ownPool = openPool({ connectionString: superuser.options.connectionString ?? '', max: 4 * WORKERS, applicationName: 'harness' });
  const faults: string[] = [];
  const acknowledged = new Set<string>();
  const afterRevocation = new Set<string>();
  try {
    await startAgain(scene);
    const cast = await openCast(scene);
    const tenants = await activeTenants(superuser);
    const endLapsed = lapsedEnder(ownPool);
    const names = options.races ?? Object.keys(RACES);
    let raced = 0;
    const queue = Array.from({ length: options.requests }, (_, at) => names[at % names.length] ?? '');
    const work = async (at: number): Promise<void> => {
      const players = await playersFor(cast);
      const own = tenants.filter((_, index) => index % WORKERS === at);
      const course = courseFor(scene, ownPool, cast, players, own, endLapsed, { acknowledged: (id) => acknowledged.add(id), usedAfterRevocation: (id) => afterRevocation.add(id) });
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        try {
          await RACES[name]?.(course);
        } catch (fault) {
          faults.push(`${name}: ${fault instanceof Error ? fault.message : String(fault)}`);
        }
        raced += 1;
        options.onProgress?.(raced);
      }
    };
    const workers = Promise.all(Array.from({ length: WORKERS }, (_, at) => work(at)));
    const kills = killNowAndThen(scene, options.kills, () => raced / options.requests);
    await workers;
    const killed = await kills;
    const finished = await decideWhatIsOpen(scene, cast, endLapsed);
    const executed = await executedAmong(superuser, [...acknowledged]);
    return {
      requests: options.requests,
      kills: killed,
      endings: await countEndings(superuser),
      finished,
      discrepancies: {
        ...(await countDiscrepancies(superuser)),
        acknowledgedButNot: acknowledged.size - executed.size,
        afterRevocation: afterRevocation.size,
      },
      faults,
    };
  } finally {
    await ownPool.end();
    await scene.close();
  }
}

async function activeTenants(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(`select id from product.tenant where status in ('active', 'trial') order by id`);
  return rows.map(({ id }) => id);
}

async function playersFor(cast: Cast): Promise<Course['players']> {
  const player = (part: Part): Promise<Player> => cast.signIn(part);
  const [requester, passing, first, second, fading, double] = await Promise.all([
    player('requester'),
    player('passing'),
    player('first'),
    player('second'),
    player('fading'),
    player('double'),
  ]);
  return { requester, passing, first, second, fading, double };
}

function lapsedEnder(pool: pg.Pool): () => Promise<void> {
  const db = kyselyOn(pool);
  const audit = createAuditLog({ db, policy: { hash: '0'.repeat(64) }, environment: 'test', roles: registerModules(modules).roles });
  const end = endLapsedApprovals((message, correlationId, tenantId) => prepareEnqueue(message, correlationId, tenantId).query);
  return () => end(db, audit);
}

/** Address of a gateway that is up, either of them. */
function anyOf(scene: WireScene): string {
  const { processes } = scene;
  return processes[randomInt(0, Math.max(processes.length, 1))]?.url ?? '';
}

function courseFor(
  scene: WireScene,
  pool: pg.Pool,
  cast: Cast,
  players: Course['players'],
  tenants: readonly string[],
  endLapsed: () => Promise<void>,
  noted: Pick<Course, 'acknowledged' | 'usedAfterRevocation'>,
): Course {
  const turns = { one: 0, two: 0 };
  const nextTenant = (size: 'one' | 'two'): string => {
    const open = size === 'two' ? tenants.slice(0, Math.ceil(tenants.length / FOR_TWO)) : tenants.slice(Math.ceil(tenants.length / FOR_TWO));
    const turn = turns[size]++;
    if (size === 'one' && turn >= open.length * ONE_APPROVAL_PER_TENANT) throw new Error('too few tenants');
    return open[turn % open.length] ?? '';
  };
  const url = (): string => anyOf(scene);
  return {
    players,
    cast,
    url,
    endLapsed,
    ...noted,
    async file(by, size) {
      const input = { id: nextTenant(size), amount: AMOUNT[size], memo: 'Race', justification: { reason: 'Race', ticket: 'TEST-7' } };
      const headers = { 'idempotency-key': randomUUID(), 'x-correlation-id': randomUUID() };
      for (let attempt = 0; attempt < 60; attempt += 1) {
        try {
          by.client.at(url());
          const proof = await by.prove(FILE, input);
          const { body, code } = await by.client.mutate(FILE, input, { ...headers, ...(proof === null ? {} : { 'step-up-proof': proof }) });
          const filed: Filed | null | undefined = body.data?.['adjustCredit']?.approvalRequest;
          if (filed) return { id: filed.id, shownDigest: filed.shownDigest };
          if (code !== null && code !== 'STEP_UP_REQUIRED' && code !== 'UNAVAILABLE' && code !== 'OUTCOME_UNKNOWN') throw new Refused(code);
        } catch (fault) {
          if (fault instanceof Refused) throw fault;
          // The gateway was killed: filed again under its key, at either.
          await wait(50);
        }
      }
      throw new Error('nothing was filed');
    },
    async holdUp(work) {
      const client = await pool.connect();
      try {
        await client.query('begin; lock table product.credit_entry in share row exclusive mode');
        await work();
      } finally {
        await client.query('rollback');
        client.release();
      }
    },
    async expireIn(id, milliseconds) {
      const client = await pool.connect();
      try {
        await client.query('begin; set local session_replication_role = replica');
        await client.query(
          `update gateway.approval_request set requested_at = clock_timestamp() - interval '1 hour', expires_at = clock_timestamp() + make_interval(secs => $2) where id = $1`,
          [id, milliseconds / 1000],
        );
        await client.query('commit');
      } finally {
        client.release();
      }
    },
  };
}

class Refused extends Error {}

/** Kills one of the gateways at instants spread over the run, and starts another in its place. */
async function killNowAndThen(scene: WireScene, kills: number, progress: () => number): Promise<number> {
  let killed = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    while (progress() < kill / (kills + 1)) await wait(10);
    await wait(randomInt(0, 100));
    const [victim] = scene.processes.splice(randomInt(0, scene.processes.length), 1);
    await victim?.end('SIGKILL');
    killed += 1;
    await startAgain(scene);
  }
  return killed;
}

/** A machine that is busy with other work starts nothing in time: tried again, for the other gateway serves meanwhile. */
async function startAgain(scene: WireScene): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await scene.start();
      return;
    } catch (fault) {
      if (attempt >= 5) throw fault;
    }
  }
}

/** A kill may leave a request undecided, never half decided: each is decided now, by somebody who may. */
async function decideWhatIsOpen(scene: WireScene, cast: Cast, endLapsed: () => Promise<void>): Promise<number> {
  await endLapsed();
  const players = [await cast.signIn('first'), await cast.signIn('second')];
  const { rows } = await scene.superuser.query<Filed>(
    `select id, shown_digest as "shownDigest" from gateway.approval_request request
     where not exists (select from gateway.approval_ending ending where ending.request_id = request.id) order by id`,
  );
  for (const request of rows) {
    for (const player of players) {
      const input = { id: request.id, shownDigest: request.shownDigest, justification: { reason: 'Race' } };
      player.client.at(anyOf(scene));
      const proof = await player.prove(APPROVE, input);
      await player.client.mutate(APPROVE, input, proof === null ? {} : { 'step-up-proof': proof });
    }
  }
  return rows.length;
}
