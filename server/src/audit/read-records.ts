import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { COLUMNS, timeText } from './append-statement.ts';
import { canonicalText, type EventRecord } from './event-record.ts';

/** Columns of `audit.event` under the names of an `EventRecord`, the time as text with its microseconds. */
export const RECORD_COLUMNS = sql.raw([...Object.entries(COLUMNS).map(([member, column]) => `event."${column}" as "${member}"`), `${timeText('event.time')} as "time"`].join(', '));

/** A row as `RECORD_COLUMNS` selects it: what is absent is null. */
export type RecordRow = { readonly [Name in keyof EventRecord]-?: EventRecord[Name] | null };

/** The record that a row holds. */
export function recordOf(row: RecordRow): EventRecord {
  // A row that the log wrote has every required member; a forged one shows as other canonical bytes.
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as EventRecord;
}

/** An event whose columns and canonical bytes do not say the same. */
export interface Discrepancy {
  readonly id: string;
}

/**
 * Recomputes the canonical form of every event from its columns and compares it with the stored bytes (H08), page by
 * page in the order of IDs. Needs SELECT on the log. Reports disagreement between the two; that the bytes themselves are
 * the original ones is for the Merkle log to prove.
 */
export async function* findDiscrepancies(db: Db, pageSize = 1000): AsyncGenerator<Discrepancy, { readonly checked: number }> {
  let after = '00000000-0000-0000-0000-000000000000';
  let checked = 0;
  for (;;) {
    const { rows } = await sql<RecordRow & { readonly stored: string }>`
      select ${RECORD_COLUMNS}, convert_from(event.canonical, 'UTF8') as "stored"
      from audit.event where event.id > ${after} order by event.id limit ${pageSize}`.execute(db);
    for (const { stored, ...row } of rows) if (canonicalText(recordOf(row)) !== stored) yield { id: row.id ?? '' };
    checked += rows.length;
    const last = rows.at(-1)?.id;
    if (!last || rows.length < pageSize) return { checked };
    after = last;
  }
}
