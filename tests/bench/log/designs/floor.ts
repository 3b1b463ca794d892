import { COLUMNS } from '@sallyport/server/audit/append-statement.ts';
import type { ComposedEvent } from '@sallyport/server/audit/compose-event.ts';
import type { EventRecord } from '@sallyport/server/audit/event-record.ts';

const MEMBERS = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
const JSON_MEMBERS: ReadonlySet<string> = new Set(['before', 'after', 'detail']);

/** A row into the log's own table, with its indexes, triggers and segments, by a plain INSERT: no JSON, no hash, no tree. */
export const FLOOR_STATEMENT = {
  name: 'plain-insert',
  text: `insert into audit.event (${[...MEMBERS.map((member) => `"${COLUMNS[member]}"`), 'retention', 'canonical', 'time'].join(', ')})
    values (${[...MEMBERS, 'retention', 'canonical'].map((_member, index) => `$${index + 1}`).join(', ')}, clock_timestamp())`,
} as const;

/** The values of one such row. Its canonical bytes carry the time at which they were made ready. */
export function floorValues({ record, head, tail }: ComposedEvent, time: string): unknown[] {
  const read = record.outcome === 'previewed' || (record.outcome === 'ok' && record.effect === 'read');
  const retention = read ? 'reading' : record.outcome === 'ok' ? 'act' : 'refusal';
  const values = MEMBERS.map((member) => valueOf(record[member as keyof typeof record], member));
  return [...values, retention, Buffer.from(head + time + tail)];
}

const valueOf = (value: EventRecord[keyof EventRecord], member: string): unknown => (value === undefined ? null : JSON_MEMBERS.has(member) ? JSON.stringify(value) : value);
