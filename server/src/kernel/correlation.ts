import { randomUUID } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const ZERO = /^[0-]*$/;

/**
 * The ID that joins everything one click caused. A caller's UUID is kept, so that several requests
 * and several people (asker, approver) can share one story; else the trace ID of a W3C `traceparent`
 * in UUID form; else a new one. What is no UUID is not kept: it would reach the log as free text.
 */
export function correlationIdOf(header: string | null, traceparent: string | null): string {
  if (header !== null && UUID.test(header) && !ZERO.test(header)) return header.toLowerCase();
  const traceId = traceparent === null ? undefined : TRACEPARENT.exec(traceparent)?.[1];
  if (traceId !== undefined && !ZERO.test(traceId)) {
    return [traceId.slice(0, 8), traceId.slice(8, 12), traceId.slice(12, 16), traceId.slice(16, 20), traceId.slice(20)].join('-');
  }
  return randomUUID();
}
