import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { requestRefused } from '@sallyport/schema/modules/gateway/index.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { Config } from '../config.ts';
import { cosignedSize } from '../integrity/anchor-book.ts';
import type { Anchor } from '../integrity/anchors/anchor.ts';
import { createFileAnchor } from '../integrity/anchors/file-anchor.ts';
import { createWitnessAnchor } from '../integrity/anchors/witness-anchor.ts';
import { judgeStanding, type SeenCheckpoint } from '../integrity/judge-standing.ts';
import { nameAfterGap } from '../integrity/log-name.ts';
import { createLogReader } from '../integrity/log-reader.ts';
import { requireOwnAnchors } from '../integrity/require-own-anchors.ts';
import { refusalOf } from '../integrity/standing.ts';
import { levelOf, measureStore, type StoreLevel } from '../integrity/store/measure-store.ts';
import { STORE_IS_FULL } from '../integrity/store/watch-store.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { StartRefusal } from '../start-refusal.ts';
import { parseVerifierKey } from '../transparency/note-key.ts';
import { storePlaceOf } from './store-place.ts';
import { createWitnessMemory } from './witness-memory.ts';

export interface ChangingCommand {
  readonly config: Config;
  readonly db: Db;
  readonly audit: Pick<AuditLog, 'record'>;
  /** Its words without values: stands on the log where it is refused. */
  readonly command: string;
}

/**
 * The same for the command line as for an act in the gateway: nothing is changed while the database lacks events that others have seen, while one who could know has not
 * answered, or while the log's store is full. Asked anew by each command, whether a gateway runs or not. A refusal is an event.
 * @throws {StartRefusal} with the reason and what to do.
 */
export async function requireWritableLog({ config, db, audit, command }: ChangingCommand): Promise<void> {
  const refused = (await standingRefusal(config, db)) ?? (await storeRefusal(config, db));
  if (refused === null) return;
  await audit
    .record({
      kind: requestRefused.kind,
      outcome: 'denied',
      reasonCode: 'AUDIT_UNAVAILABLE',
      correlationId: randomUUID(),
      surface: 'cli',
      ip: null,
      viewer: null,
      actorId: 'command-line',
      actorName: 'Command line',
      detail: { command },
    })
    // What can't be recorded is refused all the same.
    .catch(() => undefined);
  throw new StartRefusal(`Nothing was changed. ${refused}`);
}

async function standingRefusal(config: Config, db: Db): Promise<string | null> {
  const reader = createLogReader(db);
  const head = await reader.head();
  const seen: SeenCheckpoint[] = [];
  const unanswered: Anchor['kind'][] = [];
  for (const place of placesOf(config, db)) {
    try {
      seen.push(...(await place.seen(head === null ? [] : [head.origin, nameAfterGap(head.origin)])));
    } catch {
      unanswered.push(place.kind);
    }
  }
  // A log that has not begun has nothing to lack, unless the file outside knows one.
  if (head === null)
    return seen.length === 0 ? null : `ANCHOR_FILE ${config.anchorFile} holds checkpoints of a log, and this database has none: its events are gone, or it is another database.`;
  return refusalOfForeign(config, head.origin, seen) ?? refusalOf(await judgeStanding(reader, seen, unanswered));
}

function refusalOfForeign({ anchorFile }: Config, origin: string, seen: readonly SeenCheckpoint[]): string | null {
  try {
    requireOwnAnchors(anchorFile, origin, seen);
    return null;
  } catch (error) {
    if (error instanceof StartRefusal) return error.message;
    throw error;
  }
}

function placesOf(config: Config, db: Db): readonly Pick<Anchor, 'kind' | 'seen'>[] {
  const isEmbedded = config.databaseUrl === null && config.databaseAppUrl === null;
  const witness =
    config.witness !== null
      ? [createWitnessAnchor({ url: config.witness.url, key: parseVerifierKey(config.witness.key) }, undefined, (origin, key) => cosignedSize(db, origin, key))]
      : isEmbedded
        ? [createWitnessMemory(join(config.dataDirectory, 'witness'))]
        : [];
  return [createFileAnchor(config.anchorFile), ...witness];
}

async function storeRefusal(config: Config, db: Db): Promise<string | null> {
  const measured = await measureStore(db, storePlaceOf(config));
  if (measured === null) return null;
  const { rows } = await sql<{ level: StoreLevel }>`select level from gateway.log_store`.execute(db);
  return levelOf(measured, rows[0]?.level ?? 'roomy') === 'full' ? STORE_IS_FULL : null;
}
