import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { SecretKeys } from '../auth/sealed-secret.ts';
import type { Schedule } from '../jobs/schedules.ts';
import { closeSegments } from './keeping/close-segments.ts';
import { makeSegmentsAhead } from './begin-log.ts';
import { resealLogKeys } from './log-keys.ts';
import { verifyLogDaily } from './verify-whole-log.ts';

const thinCheckpoints = async (db: Db): Promise<void> => {
  await sql`select audit.thin_checkpoints()`.execute(db);
};

/** What the log needs done by the clock. */
export const logSchedules = (secrets: SecretKeys): readonly Schedule[] => [
  // Without a segment for the month nothing could be recorded, of the way out least of all.
  { name: 'make-log-segments', every: 'day', run: makeSegmentsAhead, whileLogIsHalted: true },
  { name: 'close-log-segments', every: 'hour', run: async (db) => void (await closeSegments(db)) },
  { name: 'thin-checkpoints', every: 'hour', run: thinCheckpoints },
  { name: 'reseal-log-keys', every: 'day', run: (db) => resealLogKeys(db, secrets) },
  // Changes nothing, and is wanted then most.
  { name: 'verify-whole-log', every: 'day', run: verifyLogDaily, whileLogIsHalted: true },
];
