import { randomUUID } from 'node:crypto';
import { GatewayError } from '@sallyport/schema/errors.ts';
import { logStoreLevel } from '@sallyport/schema/modules/log/log-surroundings.event.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { Log } from '../../kernel/log.ts';
import { repeatInTurns } from '../../kernel/repeat-in-turns.ts';
import type { AuditLog } from '../../kernel/seams.ts';
import { type FreeBytes, levelOf, measureStore, type StoreLevel, type StoreMeasure, type StorePlace } from './measure-store.ts';

export interface StoreWatchOptions {
  readonly db: Db;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly place: StorePlace;
  readonly log: Log;
  readonly freeBytes?: FreeBytes | undefined;
}

/** How full the store is, as measured last. */
export interface StoreState extends StoreMeasure {
  readonly level: StoreLevel;
}

export interface StoreWatch {
  /** Null where nothing bounds the store that this gateway could see. */
  state(): StoreState | null;
  /** Whether there is room for acts. */
  hasRoom(): boolean;
  /** @throws {GatewayError} AUDIT_UNAVAILABLE while the store is full. */
  requireRoom(): void;
  /** Measures now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

const EVERY_MS = 5_000;

/** The text for people, where the store is full. */
export const STORE_IS_FULL =
  'The store of the audit log is full. Nothing can be changed until there is room: give the database more space or a higher LOG_STORE_LIMIT_BYTES, or prune segments of the log that have served their time. Reading goes on.';

/**
 * Watches how full the log's store is: says so from four fifths on, and stops acts before the database itself can't write any more, so that reads, and what has to be
 * recorded of them, go on. Each crossing is told once, by one gateway of all.
 */
export function startStoreWatch({ db, audit, place, log, freeBytes }: StoreWatchOptions): StoreWatch {
  let state: StoreState | null = null;

  async function look(): Promise<void> {
    const measured = await measureStore(db, place, freeBytes);
    if (measured === null) return;
    const before = await toldLevel(db);
    const level = levelOf(measured, before);
    // Known before it is told: where the log can't be written any more, telling fails, and refusing must not.
    state = { ...measured, level };
    if (level === before) return;
    await db.transaction().execute((tx) => tell(tx, { ...measured, level }));
  }

  async function tell(tx: Db, { level, usedBytes, capacityBytes }: StoreState): Promise<void> {
    const { rows } = await sql<{ before: StoreLevel }>`
      with told as (select level from gateway.log_store for update)
      update gateway.log_store set level = ${level}, changed_at = clock_timestamp() from told where told.level <> ${level} returning told.level as before`.execute(tx);
    const [changed] = rows;
    if (!changed) return;
    await audit.append(tx, {
      kind: logStoreLevel.kind,
      outcome: level === 'roomy' ? 'ok' : 'failed',
      correlationId: randomUUID(),
      surface: 'job',
      ip: null,
      viewer: null,
      actorId: 'gateway',
      actorName: 'Gateway process',
      detail: { level, before: changed.before, usedBytes, capacityBytes },
    });
    if (level !== 'roomy') log.warn({ level, usedBytes, capacityBytes }, 'The store of the audit log is filling up.');
  }

  const turns = repeatInTurns({ run: look, everyMs: EVERY_MS, log, failed: 'how full the store of the audit log is could not be measured' });
  const hasRoom = (): boolean => state?.level !== 'full';
  return {
    state: () => state,
    hasRoom,
    requireRoom: () => {
      if (!hasRoom()) throw new GatewayError('AUDIT_UNAVAILABLE', STORE_IS_FULL);
    },
    look: turns.now,
    stop: turns.stop,
  };
}

async function toldLevel(db: Db): Promise<StoreLevel> {
  const { rows } = await sql<{ level: StoreLevel }>`select level from gateway.log_store`.execute(db);
  return rows[0]?.level ?? 'roomy';
}
