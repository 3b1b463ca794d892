import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { LogIntegrity } from './create-log-integrity.ts';

/** How the log fares, in numbers for whoever watches machines. A member that is null could not be known. */
export interface LogFigures {
  /** 1 while acts are refused, or wait, because of the log. */
  readonly halted: number;
  readonly unsealedEvents: number;
  /** Jumps of the clock in the last day. */
  readonly clockJumps: number;
  readonly clockDifferenceSeconds: number | null;
  /** From 0 to 1; beyond, where a limit was set below what is there. */
  readonly storeFill: number | null;
  /** How often in a row the witness that this gateway runs has ended. */
  readonly witnessFailures: number | null;
  /** Anchors by kind: 1 while checkpoints do not reach it. */
  readonly anchors: readonly { readonly kind: string; readonly failing: number }[];
}

const MOST_COUNTED = 100_000;

/** One reading of all of it. */
export async function readLogFigures(db: Db, { gate, surroundings }: Pick<LogIntegrity, 'gate' | 'surroundings'>): Promise<LogFigures> {
  const { rows } = await sql<{ unsealed: number; jumps: number; anchors: LogFigures['anchors'] }>`
    select (select count(*)::int from (select from audit.unsealed limit ${MOST_COUNTED}) waiting) as unsealed,
      (select count(*)::int from gateway.log_clock_jump where noticed_at > clock_timestamp() - interval '1 day') as jumps,
      (select coalesce(json_agg(json_build_object('kind', kind, 'failing', (failing_since is not null)::int) order by kind), '[]') from gateway.anchor) as anchors`.execute(db);
  const [row] = rows;
  const { witnesses, clockDifferenceSeconds, store } = surroundings();
  return {
    halted: gate.isOpen() ? 0 : 1,
    unsealedEvents: row?.unsealed ?? 0,
    clockJumps: row?.jumps ?? 0,
    clockDifferenceSeconds,
    storeFill: store === null ? null : store.usedBytes / store.capacityBytes,
    witnessFailures: witnesses.find(({ failures }) => failures !== null)?.failures ?? null,
    anchors: row?.anchors ?? [],
  };
}
