import type { Db } from '@sallyport/schema/ports.ts';
import { parseCronItems, type ParsedCronItem } from 'graphile-worker';
import { noteGrantUse } from './grants/note-grant-use.ts';
import { warnOfEndingAdministration } from './grants/warn-of-ending-administration.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { alertUnreviewedEmergencies, closeEmergencies } from './break-glass/close-emergencies.ts';

/** Something done again and again by the clock, by one gateway of those on a database, with nobody asking. */
export interface Schedule {
  /** Also the name of its job. Never changed: the database remembers by it what was done when. */
  readonly name: string;
  readonly every: 'minute' | 'hour' | 'day';
  /**
   * Safe to run again at any point, for it is: after a failure, after a crash, once for the last turn that was missed while no
   * gateway ran. Whoever decides by time asks the database's clock.
   */
  readonly run: (db: Db, audit: AuditLog) => Promise<void>;
  /**
   * Runs while acts are refused because of the log too. Everything else waits then: a database that was put back holds yesterday's errands, and
   * what they would send or change was done once already, by events that are missing now.
   */
  readonly whileLogIsHalted?: true;
}

/** What every gateway does by the clock, a line each. */
// biome-ignore format: a line each
export const SCHEDULES: readonly Schedule[] = [
  { name: 'close-emergencies', every: 'minute', run: closeEmergencies },
  { name: 'alert-unreviewed-emergencies', every: 'hour', run: alertUnreviewedEmergencies },
  { name: 'note-grant-use', every: 'minute', run: noteGrantUse },
  { name: 'warn-of-ending-administration', every: 'day', run: warnOfEndingAdministration },
];

/** In UTC. Not at the full hour, where everybody's jobs begin. */
const CRON: Readonly<Record<Schedule['every'], string>> = { minute: '* * * * *', hour: '7 * * * *', day: '17 1 * * *' };
/** Length of a turn in milliseconds: of what was missed while nobody worked, the last is done at the next start. */
const TURN_MS: Readonly<Record<Schedule['every'], number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MOST_ATTEMPTS = 3;

const NAME = /^[a-z][a-z-]{2,60}$/;

/**
 * graphile-worker's own schedule of these: each turn is one job, whichever process puts it in the queue. Turns of one schedule
 * never overlap, and a turn that still waits is replaced by the next.
 * @throws {TypeError} for a name that is malformed or taken.
 */
export function scheduledItems(schedules: readonly Schedule[], taken: ReadonlySet<string>): ParsedCronItem[] {
  const names = new Set(taken);
  for (const { name } of schedules) {
    if (!NAME.test(name) || names.has(name)) throw new TypeError(`The name of the scheduled job "${name}" is malformed or taken`);
    names.add(name);
  }
  return parseCronItems(
    schedules.map(({ name, every }) => ({
      task: name,
      identifier: name,
      match: CRON[every],
      options: { backfillPeriod: TURN_MS[every], maxAttempts: MOST_ATTEMPTS, queueName: name, jobKey: name, jobKeyMode: 'replace' as const },
    })),
  );
}
