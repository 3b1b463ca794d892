import { statfs } from 'node:fs/promises';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

/** Where the log is stored, as far as this gateway can tell. */
export interface StorePlace {
  /** Folder of the embedded database; null where the database is elsewhere and its disk not ours to see. */
  readonly directory: string | null;
  /** Bytes that the database may take; null for no limit of its own. */
  readonly limitBytes: number | null;
}

export interface StoreMeasure {
  /** Bytes that the database takes. */
  readonly usedBytes: number;
  /** Bytes that it can take as things stand. */
  readonly capacityBytes: number;
}

export type StoreLevel = 'roomy' | 'filling' | 'full';

/** Bytes of a disk that are never counted as room: PostgreSQL needs some for its write-ahead log and for what reads sort, and stops altogether without. */
export const RESERVE_BYTES = 256 * 1024 * 1024;
const FILLING = 0.8;
const FULL = 1;
/** A level is left this much below where it begins, so that it does not come and go with every act. */
const SLACK = 0.03;

/** Bytes that are free for us in the file system of a folder. */
export type FreeBytes = (folder: string) => Promise<number>;

const freeBytesOf: FreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/** How full the log's store is, by whichever bound is nearer; null where there is none to go by. */
export async function measureStore(db: Db, { directory, limitBytes }: StorePlace, freeBytes: FreeBytes = freeBytesOf): Promise<StoreMeasure | null> {
  if (directory === null && limitBytes === null) return null;
  const { rows } = await sql<{ used: number }>`select pg_database_size(current_database())::float8 as used`.execute(db);
  const usedBytes = rows[0]?.used ?? 0;
  const bounds = [...(limitBytes === null ? [] : [limitBytes]), ...(directory === null ? [] : [usedBytes + Math.max(0, (await freeBytes(directory)) - RESERVE_BYTES)])];
  return { usedBytes, capacityBytes: Math.min(...bounds) };
}

/** @param before the level that it had */
export function levelOf({ usedBytes, capacityBytes }: StoreMeasure, before: StoreLevel): StoreLevel {
  const share = usedBytes / capacityBytes;
  if (share >= FULL - (before === 'full' ? SLACK : 0)) return 'full';
  return share >= FILLING - (before === 'roomy' ? 0 : SLACK) ? 'filling' : 'roomy';
}
