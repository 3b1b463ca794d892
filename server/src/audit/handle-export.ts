import { GatewayError } from '@sallyport/schema/errors.ts';
import { EVENTS_EXPORTED, EXPORT_ENDED } from '@sallyport/schema/modules/audit/audit.event.ts';
import { EXPORT_EVENT, READ_NETWORK } from '@sallyport/schema/modules/audit/permissions.ts';
import type { AuditEventDraft, Db } from '@sallyport/schema/ports.ts';
import { isNowhere, reachOf, type Viewer } from '@sallyport/schema/viewer.ts';
import { markRecorded } from '../kernel/recorded-refusal.ts';
import type { AuditLog, RequestFacts } from '../kernel/seams.ts';
import { exportEvents, exportReach } from './export-events.ts';
import { type ExportFilter, type ExportFormat, parseExportRequest } from './export-filter.ts';
import { csvHeader, csvOf, jsonLinesOf } from './export-format.ts';

export interface ExportParts {
  readonly db: Db;
  readonly audit: AuditLog;
}

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv; charset=utf-8; header=present', jsonl: 'application/jsonl; charset=utf-8' };

/**
 * GET /audit/export: streams the events that a viewer may export. The export is an event before its first byte leaves,
 * its end another one with the count; a refusal is recorded too.
 * @throws {GatewayError} FORBIDDEN, BAD_INPUT, AUDIT_UNAVAILABLE.
 */
export async function handleAuditExport(request: Request, facts: RequestFacts, viewer: Viewer, { db, audit }: ExportParts): Promise<Response> {
  const common = (kind: string): Omit<AuditEventDraft, 'outcome'> => ({
    kind,
    correlationId: facts.correlationId,
    surface: facts.surface,
    ip: facts.ip,
    viewer,
    permission: EXPORT_EVENT.name,
    effect: EXPORT_EVENT.effect,
    reach: EXPORT_EVENT.reach,
    tier: EXPORT_EVENT.tier,
  });
  try {
    exportReach(viewer);
  } catch (refusal) {
    await audit.record({ ...common(EVENTS_EXPORTED.kind), outcome: 'denied', reasonCode: 'FORBIDDEN' });
    throw refusal instanceof GatewayError ? markRecorded(refusal) : refusal;
  }
  const { format, filter } = parseExportRequest(new URL(request.url).searchParams);
  const conditions = Object.keys(filter).sort();
  await audit.record({
    ...common(EVENTS_EXPORTED.kind),
    outcome: 'ok',
    ...(filter.tenantId === undefined ? {} : { tenantId: filter.tenantId }),
    ...(isNowhere(reachOf(viewer, READ_NETWORK)) ? {} : { fieldsRead: ['auditEvent.ip', 'auditEvent.userAgent'] }),
    detail: { format, conditions },
  });
  const ended = async (events: number, complete: boolean): Promise<void> => {
    await audit.record({ ...common(EXPORT_ENDED.kind), outcome: complete ? 'ok' : 'failed', detail: { format, events } });
  };
  return new Response(streamOf(bytesOf(db, viewer, filter, format, ended)), {
    headers: {
      'content-type': CONTENT_TYPES[format],
      'content-disposition': `attachment; filename="audit-${facts.correlationId}.${format}"`,
      'cache-control': 'no-store',
    },
  });
}

/** A stream that breaks off has no end mark of its own: the reader sees the connection fail, the log says `failed`. */
async function* bytesOf(
  db: Db,
  viewer: Viewer,
  filter: ExportFilter,
  format: ExportFormat,
  ended: (events: number, complete: boolean) => Promise<void>,
): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  let events = 0;
  let complete = false;
  try {
    if (format === 'csv') yield encoder.encode(csvHeader());
    for await (const records of exportEvents(db, viewer, filter)) {
      yield encoder.encode(format === 'csv' ? csvOf(records) : jsonLinesOf(records));
      events += records.length;
    }
    complete = true;
  } finally {
    await ended(events, complete);
  }
}

/** Bytes as a body: pulled page by page as fast as the reader takes them; a reader that goes away ends the reading. */
function streamOf(bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
