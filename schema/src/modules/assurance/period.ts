import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import type { Db } from '../../ports.ts';

/** Days that answers look back where no period is given, and at most. */
export const USUAL_DAYS = 90;
export const LONGEST_DAYS = 366;

/** From `from` to `to`, which is no part of it; ISO 8601, by the database's clock. */
export interface AnswersPeriod {
  readonly from: string;
  readonly to: string;
  /** When the answers are computed: the instant at which standing facts (accounts, copies, periods of keeping) are true. */
  readonly madeAt: string;
}

export interface AskedPeriod {
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/**
 * The period asked for, no further than this moment; the last 90 days where none is.
 * @throws {GatewayError} BAD_INPUT for one that is empty, has not begun, or is longer than 366 days.
 */
export async function settlePeriod(db: Db, { from, to }: AskedPeriod): Promise<AnswersPeriod> {
  const { rows } = await sql<AnswersPeriod & { readonly begun: boolean; readonly fits: boolean }>`
    with clock as materialized (select clock_timestamp() as now),
    ended as (select now, least(${to ?? null}::timestamptz, now) as until from clock),
    whole as (select now, until, coalesce(${from ?? null}::timestamptz, until - make_interval(days => ${USUAL_DAYS}::int)) as since from ended)
    select now as "madeAt", since as "from", until as "to", since < until as begun, since >= until - make_interval(days => ${LONGEST_DAYS}::int) as fits from whole`.execute(db);
  const [settled] = rows;
  if (!settled) throw new Error('The clock always answers');
  const { begun, fits, ...period } = settled;
  if (!begun) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'from', message: 'is not before the end of the period, or has not come yet' }] });
  if (!fits) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'from', message: `is more than ${LONGEST_DAYS} days before the end of the period` }] });
  return period;
}
