import { auditEvent } from '@sallyport/schema/modules/audit/audit-event.resource.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { fieldColumn } from '@sallyport/schema/resources/columns.ts';
import { tenantMark, wordsOf } from '@sallyport/schema/resources/search-words.ts';
import { sql } from 'kysely';

/** The searchable fields, in the order in which their columns are read. */
const SEARCHED = Object.entries(auditEvent.fields).flatMap(([name, field]) => ('search' in field && field.search ? [{ name, isId: field.type === 'id' }] : []));

interface EventTexts {
  readonly id: string;
  readonly time: string;
  readonly retention: string;
  readonly tenantId: string | null;
  readonly texts: readonly (string | null)[];
}

/**
 * One round: makes the next `most` sealed events searchable, in the order of the log, and moves the cursor in the same transaction. Crash
 * points: before the commit nothing has happened. An event whose segment has gone has no words.
 * @returns how many indexes of the log it moved on; null where another gateway is at it.
 */
export async function indexEvents(db: Db, most: number): Promise<number | null> {
  return db.transaction().execute(async (tx) => {
    const { rows: places } = await sql<{ next: number; end: number }>`
      select c.next_index as next, least(c.next_index + ${most}::bigint, coalesce((select size from audit.log_head), 0)) as end
      from audit.search_cursor c for update skip locked`.execute(tx);
    const place = places[0];
    if (!place) return null;
    if (place.end <= place.next) return 0;
    const texts = sql.join(SEARCHED.map(({ name }) => sql`${fieldColumn(auditEvent, name, 'e')}::text`));
    // The leaf names the segment, so that each event is looked for in one table.
    const { rows: events } = await sql<EventTexts>`
      select e.id, e.time, e.retention, e.tenant_id as "tenantId", array[${texts}] as texts
      from audit.leaf l join audit.event e on e.id = l.event_id and e.time = l.time and e.retention = l.retention
      where l.log_index >= ${place.next} and l.log_index < ${place.end}`.execute(tx);
    if (events.length > 0) await insertWords(tx, events);
    await sql`update audit.search_cursor set next_index = ${place.end}::bigint, moved_at = clock_timestamp()`.execute(tx);
    return place.end - place.next;
  });
}

async function insertWords(tx: Db, events: readonly EventTexts[]): Promise<void> {
  const days = events.map(({ time }) => time.slice(0, 10)).sort();
  await sql`select audit.make_search_months(${days[0]}::date, ${days.at(-1)}::date)`.execute(tx);
  const entries = events.map(({ id, time, retention, tenantId, texts }) => ({
    id,
    time,
    retention,
    tenant_id: tenantId,
    words: [...new Set([...SEARCHED.flatMap(({ isId }, index) => wordsOf(texts[index] ?? '', isId)), ...(tenantId === null ? [] : [tenantMark(tenantId)])])],
  }));
  await sql`
    insert into audit.search_entry (id, time, retention, tenant_id, words)
    select id, time, retention, tenant_id, array_to_tsvector(words)
    from json_to_recordset(${JSON.stringify(entries)}::json) as entry(id uuid, time timestamptz, retention text, tenant_id text, words text[])`.execute(tx);
}
