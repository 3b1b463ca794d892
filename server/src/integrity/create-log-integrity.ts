import { randomUUID } from 'node:crypto';
import { logGapFound } from '@sallyport/schema/modules/log/log.event.ts';
import type { Db, LogService } from '@sallyport/schema/ports.ts';
import pg from 'pg';
import type { SecretKeys } from '../auth/sealed-secret.ts';
import { kyselyOn } from '../db/connect.ts';
import { describeError, type Log } from '../kernel/log.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { makeConsistencyProof } from '../transparency/consistency-proof.ts';
import { keepAnchorStates, keepCosignatures } from './anchor-book.ts';
import { type AnchorOptions, createAnchors } from './anchors/create-anchors.ts';
import { oneAtATime } from './anchors/one-at-a-time.ts';
import { startAnchoring } from './anchors/start-anchoring.ts';
import { beginLog, type LogNaming } from './begin-log.ts';
import { startIntegrator } from './integrator.ts';
import { judgeStanding, type SeenCheckpoint } from './judge-standing.ts';
import { nameAfterGap } from './log-name.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { createLogService } from './acknowledge-gap.ts';
import { createLogSigner, type LogSigner } from './log-keys.ts';
import { createStandingBook, type StandingBook } from './standing.ts';

export interface LogIntegrityOptions {
  /** The gateway's pool; sealing has connections of its own to the same database. */
  readonly pool: pg.Pool;
  readonly secrets: SecretKeys;
  readonly audit: AuditLog;
  readonly naming: LogNaming;
  readonly anchors: Omit<AnchorOptions, 'log'>;
  readonly log: Log;
}

export interface LogIntegrity {
  readonly reader: LogReader;
  readonly signer: LogSigner;
  readonly standing: StandingBook;
  readonly service: LogService;
  /** Seals and signs what has been appended by now, and has it anchored soon. */
  sealNow(): Promise<void>;
  /** Judges the standing anew, brings the newest checkpoint to every anchor, and waits for both. */
  anchorNow(): Promise<void>;
  stop(): Promise<void>;
}

/** Connections: one to seal, one to read and anchor, one that holds the anchoring's lock. */
const CONNECTIONS = 3;
/** Milliseconds until a standing that is not sound is judged again. */
const JUDGE_AGAIN_MS = 1_000;

/** Everything that keeps the log's tree: sealing, signing, anchoring, and the judgement whether the database is what others have seen. */
export async function createLogIntegrity(db: Db, { pool, secrets, audit, naming, anchors: places, log }: LogIntegrityOptions): Promise<LogIntegrity> {
  await beginLog(db, secrets, naming);
  const background = new pg.Pool({ ...pool.options, max: CONNECTIONS, application_name: 'sallyport-log' });
  background.on('error', () => undefined);
  background.on('connect', (client) => client.on('error', () => undefined));
  const own = kyselyOn(background);
  const reader = createLogReader(own);
  const signer = createLogSigner(secrets);
  const standing = createStandingBook();
  const anchors = createAnchors({ ...places, log });
  let largestAnchored = 0;
  /** What this process has signed and the database contradicts: the nearest witness of all. */
  let denied: SeenCheckpoint | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  /** @param isCalm nothing speaks against the log: a witness that can't be asked right now does not stop it from signing then. */
  const judge = async (isCalm = false): Promise<void> => {
    const before = standing.now().state;
    const head = await reader.head();
    if (!head) return;
    const { seen: seenThere, isComplete } = await anchors.lastSeen([head.origin, nameAfterGap(head.origin)]);
    const judged = await judgeStanding(reader, denied ? [denied, ...seenThere] : seenThere, isComplete);
    if (isCalm && before === 'sound' && judged.state === 'unknown') return;
    standing.set(judged);
    if (judged.state === before) return;
    if (judged.state === 'sound') log.info('The audit log holds everything that was seen of it outside.');
    if (judged.state === 'unknown') log.warn('A witness of the audit log can not be asked: nothing is signed until it has answered.');
    if (judged.state !== 'behind' && judged.state !== 'fork') return;
    const { seen, databaseSize } = judged;
    log.error({ place: seen.place, seenSize: seen.size, databaseSize }, 'The database lacks events of the audit log that others have seen. Changes are refused.');
    await audit.record({
      kind: logGapFound.kind,
      outcome: 'failed',
      correlationId: randomUUID(),
      surface: 'job',
      ip: null,
      viewer: null,
      actorId: 'gateway',
      actorName: 'Gateway process',
      detail: { state: judged.state, place: seen.place, seenOrigin: seen.origin, seenSize: seen.size, databaseSize },
    });
  };
  const watch = (): void => {
    void (standing.maySign() ? Promise.resolve() : judge())
      .catch((fault: unknown) => log.debug({ failure: describeError(fault) }, 'the standing of the log could not be judged'))
      .finally(() => {
        if (stopped) return;
        timer = setTimeout(watch, JUDGE_AGAIN_MS);
        timer.unref();
      });
  };

  // The first judgement comes before the first signature of this process.
  await judge();
  const anchoring = startAnchoring({
    anchors,
    log,
    alone: (work) => oneAtATime(own, work),
    prove: async (from, to) => makeConsistencyProof(reader.nodes(to), from, to),
    async latest() {
      const checkpoint = await reader.latestCheckpoint();
      if (checkpoint && checkpoint.size < largestAnchored) await judge();
      return standing.maySign() ? checkpoint : null;
    },
    async onResults(results) {
      const head = await reader.head();
      if (head) await keepCosignatures(own, head.origin, results);
      await keepAnchorStates(own, anchors.states());
      for (const { size, problem } of results) if (problem === null) largestAnchored = Math.max(largestAnchored, size);
      if (results.some(({ problem }) => problem === 'ahead' || problem === 'fork')) await judge();
    },
  });
  const integrator = startIntegrator({
    db: own,
    signer,
    standing,
    log,
    onCheckpoint: () => anchoring.changed(),
    onContradiction: async (signed) => {
      denied = { place: 'gateway', ...signed };
      await judge();
    },
  });
  watch();

  return {
    reader,
    signer,
    standing,
    service: createLogService(secrets, standing),
    sealNow: () => integrator.sealNow(),
    async anchorNow() {
      await judge(true);
      await integrator.sealNow();
      await anchoring.turn();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await integrator.stop();
      await anchoring.stop();
      await background.end();
    },
  };
}
