import type { Db, LogService } from '@sallyport/schema/ports.ts';
import pg from 'pg';
import type { SecretKeys } from '../auth/sealed-secret.ts';
import { kyselyOn } from '../db/connect.ts';
import type { Log } from '../kernel/log.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { makeConsistencyProof } from '../transparency/consistency-proof.ts';
import { createLogService } from './acknowledge-gap.ts';
import { cosignedSize, keepAnchorStates, keepCosignatures } from './anchor-book.ts';
import { type AnchorOptions, createAnchors } from './anchors/create-anchors.ts';
import { oneAtATime } from './anchors/one-at-a-time.ts';
import { startAnchoring } from './anchors/start-anchoring.ts';
import { beginLog, type LogNaming } from './begin-log.ts';
import { noticeJumps } from './clock/notice-jumps.ts';
import { startClockWatch } from './clock/watch-clock.ts';
import { startIntegrator } from './integrator.ts';
import { createStandingKeeper } from './keep-standing.ts';
import { createLogGate, type LogGate } from './log-gate.ts';
import { createLogSigner, type LogSigner } from './log-keys.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { createSurroundings, type LogSurroundingsReader } from './log-surroundings.ts';
import { createStandingBook, type StandingBook } from './standing.ts';
import type { FreeBytes, StorePlace } from './store/measure-store.ts';
import { startStoreWatch } from './store/watch-store.ts';

export interface LogIntegrityOptions {
  /** The gateway's pool; sealing has connections of its own to the same database. */
  readonly pool: pg.Pool;
  readonly secrets: SecretKeys;
  readonly audit: AuditLog;
  readonly naming: LogNaming;
  readonly anchors: Omit<AnchorOptions, 'log'>;
  readonly store: StorePlace & { readonly freeBytes?: FreeBytes | undefined };
  readonly log: Log;
}

export interface LogIntegrity {
  readonly reader: LogReader;
  readonly signer: LogSigner;
  readonly standing: StandingBook;
  readonly gate: LogGate;
  readonly surroundings: LogSurroundingsReader;
  readonly service: LogService;
  /** Seals and signs what has been appended by now, and has it anchored soon. */
  sealNow(): Promise<void>;
  /** Judges the standing anew, brings the newest checkpoint to every anchor, and waits for both. */
  anchorNow(): Promise<void>;
  /** Measures the store and compares the clocks anew, and waits for both. */
  lookAroundNow(): Promise<void>;
  stop(): Promise<void>;
}

/** Connections: one to seal, one to read and anchor, one that holds the anchoring's lock, one to look around. */
const CONNECTIONS = 4;

/** Everything that keeps the log's tree: sealing, signing, anchoring, and the judgement whether the database is what others have seen. */
export async function createLogIntegrity(db: Db, { pool, secrets, audit, naming, anchors: places, store: place, log }: LogIntegrityOptions): Promise<LogIntegrity> {
  await beginLog(db, secrets, naming);
  const background = new pg.Pool({ ...pool.options, max: CONNECTIONS, application_name: 'sallyport-log' });
  background.on('error', () => undefined);
  background.on('connect', (client) => client.on('error', () => undefined));
  const own = kyselyOn(background);
  const reader = createLogReader(own);
  const signer = createLogSigner(secrets);
  const standing = createStandingBook();
  const anchors = createAnchors({ ...places, log, cosignedSize: (origin, key) => cosignedSize(own, origin, key) });
  const keeper = createStandingKeeper({ reader, anchors, standing, audit, log });
  let largestAnchored = 0;

  // The first judgement comes before the first signature of this process, and before the first act.
  await keeper.judge();
  const store = startStoreWatch({ db: own, audit, place, log, freeBytes: place.freeBytes });
  await store.look().catch(() => undefined);
  const clock = startClockWatch({ db: own, audit, log });
  const anchoring = startAnchoring({
    anchors,
    log,
    alone: (work) => oneAtATime(own, work),
    prove: async (from, to) => makeConsistencyProof(reader.nodes(to), from, to),
    async latest() {
      const checkpoint = await reader.latestCheckpoint();
      if (checkpoint && checkpoint.size < largestAnchored) await keeper.judge();
      return standing.maySign() ? checkpoint : null;
    },
    async onResults(results) {
      const head = await reader.head();
      if (head) await keepCosignatures(own, head.origin, results);
      await keepAnchorStates(own, anchors.states());
      for (const { size, problem } of results) if (problem === null) largestAnchored = Math.max(largestAnchored, size);
      const objecting = results.filter(({ problem }) => problem === 'ahead' || problem === 'fork').map(({ kind }) => kind);
      if (objecting.length > 0) await keeper.judge(objecting);
    },
  });
  const integrator = startIntegrator({
    db: own,
    signer,
    standing,
    log,
    onSealed: (tx, first, size) => noticeJumps(tx, audit, first, size, Date.now()),
    onCheckpoint: () => anchoring.changed(),
    onContradiction: (signed) => keeper.deny(signed),
  });
  keeper.watch();

  return {
    reader,
    signer,
    standing,
    gate: createLogGate(standing, store),
    surroundings: createSurroundings({ witness: places.witness, clock, store }),
    service: createLogService(secrets, standing),
    sealNow: () => integrator.sealNow(),
    async anchorNow() {
      await keeper.judge();
      await integrator.sealNow();
      await anchoring.turn();
    },
    async lookAroundNow() {
      await Promise.all([store.look(), clock.look()]);
    },
    async stop() {
      keeper.stop();
      await Promise.all([clock.stop(), store.stop()]);
      await integrator.stop();
      await anchoring.stop();
      await background.end();
    },
  };
}
