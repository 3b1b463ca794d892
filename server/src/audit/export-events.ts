import { GatewayError } from '@sallyport/schema/errors.ts';
import { EXPORT_EVENT, READ_CHANGES, READ_EVENT, READ_NETWORK } from '@sallyport/schema/modules/audit/permissions.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { covers, intersect, isNowhere, reachOf, type TenantReach, type Viewer } from '@sallyport/schema/viewer.ts';
import type { Permission } from '@sallyport/schema/vocabulary/permission.ts';
import { sql } from 'kysely';
import { timeText } from './append-statement.ts';
import type { EventRecord } from './event-record.ts';
import { type ExportFilter, exportCondition } from './export-filter.ts';
import { RECORD_COLUMNS, type RecordRow, recordOf } from './read-records.ts';

const PAGE = 1000;

/** Where this viewer may export events: the right to export and the right to read, both. @throws {GatewayError} FORBIDDEN where nowhere. */
export function exportReach(viewer: Viewer): TenantReach {
  const reach = intersect(reachOf(viewer, EXPORT_EVENT), reachOf(viewer, READ_EVENT));
  if (isNowhere(reach)) throw new GatewayError('FORBIDDEN', undefined, { permission: EXPORT_EVENT.name });
  return reach;
}

/**
 * The events that a viewer may export, oldest first, page by page, each without what they may not read (changes,
 * network facts). Covers what was on the log when it began; no connection is held between pages, however slow the reader.
 * @throws {GatewayError} FORBIDDEN.
 */
export async function* exportEvents(db: Db, viewer: Viewer, filter: ExportFilter): AsyncGenerator<readonly EventRecord[], void> {
  const reach = exportReach(viewer);
  const rows = reach === 'global' ? sql`true` : sql`event.tenant_id = any(${[...reach]}::text[])`;
  const { rows: clock } = await sql<{ now: string }>`select ${sql.raw(timeText('clock_timestamp()'))} as now`.execute(db);
  const until = clock[0]?.now;
  let place = sql`true`;
  for (;;) {
    const page = await sql<RecordRow>`
      select ${RECORD_COLUMNS} from audit.event event
      where ${rows} and ${exportCondition(filter)} and event.time <= ${until}::timestamptz and ${place}
      order by event.time, event.id limit ${PAGE}`.execute(db);
    if (page.rows.length > 0) yield page.rows.map((row) => withheld(recordOf(row), viewer));
    const last = page.rows.at(-1);
    if (!last || page.rows.length < PAGE) return;
    place = sql`(event.time, event.id) > (${last.time}::timestamptz, ${last.id}::uuid)`;
  }
}

/** The record without the facts whose permission the viewer does not hold for its tenant. */
function withheld(record: EventRecord, viewer: Viewer): EventRecord {
  const place: TenantReach = record.tenantId === undefined ? 'global' : new Set([record.tenantId]);
  const may = (permission: Permission): boolean => covers(reachOf(viewer, permission), place);
  const { before, after, detail, ip, userAgent, ...rest } = record;
  return {
    ...rest,
    ...(may(READ_CHANGES) ? { ...(before && { before }), ...(after && { after }), ...(detail && { detail }) } : {}),
    ...(may(READ_NETWORK) ? { ...(ip !== undefined && { ip }), ...(userAgent !== undefined && { userAgent }) } : {}),
  };
}
