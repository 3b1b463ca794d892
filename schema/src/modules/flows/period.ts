import { sql } from 'kysely';
import { GatewayError, type InputIssue } from '../../errors.ts';
import type { Db } from '../../ports.ts';

/** Days that figures can be asked for at once: a quarter of a year. */
export const LONGEST_DAYS = 92;
/** Days, counted back from now, where nobody says otherwise. */
export const USUAL_DAYS = 30;

export interface Period {
  /** The first instant, ISO 8601 in UTC. */
  readonly from: string;
  /** The instant at which it is over; no part of it. */
  readonly to: string;
}

interface Judged extends Period {
  readonly isBackwards: boolean;
  readonly isTooLong: boolean;
}

/**
 * What was asked for, completed by the database's clock: up to now unless an end is named, and the usual days before that.
 * @throws {GatewayError} BAD_INPUT for a period that ends before it begins, or is longer than can be asked for.
 */
export async function periodOf(db: Db, from: string | null | undefined, to: string | null | undefined): Promise<Period> {
  const { rows } = await sql<Judged>`
    select begins as "from", ends as "to", begins >= ends as "isBackwards", ends - begins > make_interval(days => ${LONGEST_DAYS}) as "isTooLong"
    from (select coalesce(${to ?? null}::timestamptz, clock_timestamp()) as ends offset 0) until,
      lateral (select coalesce(${from ?? null}::timestamptz, ends - make_interval(days => ${USUAL_DAYS})) as begins) since`.execute(db);
  const [judged] = rows;
  if (!judged) throw new Error('The clock always answers');
  const issues: InputIssue[] = [];
  if (judged.isBackwards) issues.push({ path: 'to', message: 'is not after the beginning' });
  if (judged.isTooLong) issues.push({ path: 'from', message: `lies more than ${LONGEST_DAYS} days before the end: take a shorter period` });
  if (issues.length > 0) throw new GatewayError('BAD_INPUT', undefined, { issues });
  return { from: judged.from, to: judged.to };
}
