import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../ports.ts';
import type { AnswersPeriod } from './period.ts';

/** Of whom and of when answers are; every fact is read through this, in one snapshot. */
export interface AnswersScope extends AnswersPeriod {
  readonly tx: Tx;
  /** Null for the whole gateway. Whoever asks was found to have this reach. */
  readonly tenantId: string | null;
}

/** A time column within the period. */
export const inPeriod = ({ from, to }: AnswersPeriod, column: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${column} >= ${from}::timestamptz and ${column} < ${to}::timestamptz)`;

/** Rows that belong to the tenant; for the whole gateway every row. */
export const ofTenant = ({ tenantId }: AnswersScope, column: RawBuilder<unknown>): RawBuilder<unknown> => (tenantId === null ? sql`true` : sql`${column} = ${tenantId}`);

/** Rows with `is_global` and `tenant_ids` (grants, emergencies, tokens) that reach the tenant; for the whole gateway every row. */
export const reaching = ({ tenantId }: AnswersScope, row: string): RawBuilder<unknown> =>
  tenantId === null ? sql`true` : sql`(${sql.id(row, 'is_global')} or ${sql.id(row, 'tenant_ids')} @> array[${tenantId}]::text[])`;
