import { randomUUID } from 'node:crypto';
import { requestRefused, requestsRefusedOften } from '@sallyport/schema/modules/gateway/index.ts';
import type { ErrorCode } from '@sallyport/schema/errors.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { describeError, type Log } from '../kernel/log.ts';
import type { AuditLog, RequestFacts } from '../kernel/seams.ts';

export interface Refusal {
  readonly code: ErrorCode;
  readonly facts: RequestFacts;
  readonly viewer: Viewer | null;
  /** Path of the request; never its query string or body. */
  readonly route: string;
  /**
   * Somebody without any credentials looked at a reading door (every visit of the sign-in page does): nobody was
   * denied anything they claimed, so it is counted and stands on the log as a number only.
   */
  readonly isIdle?: boolean;
}

/** Records what was refused before a resolver or handler could: parse, validation, cost, origin, session, rate (THREATS H03). */
export interface RefusalLog {
  /** Resolves when the event is durable; a log that can't be written changes nothing for the refused. */
  record(refusal: Refusal): Promise<void>;
  /** Writes the counts of what went beyond the limit. Called every minute and when the gateway closes. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Window {
  recorded: number;
  readonly counts: Map<ErrorCode, number>;
}

const MINUTE_MS = 60_000;
/** Addresses counted one by one; what comes from still others within a minute is counted together. */
const MAX_ADDRESSES = 2000;
const OTHERS = 'others';

/**
 * Each refusal is an event, up to `perMinute` an address; beyond, they are counted, and the count is an event.
 * So a flood can't fill the log, and can't hide in it either. Counts of the running minute are lost if the
 * process is killed.
 */
export function createRefusalLog(options: { readonly audit: AuditLog; readonly log: Log; readonly perMinute: number }): RefusalLog {
  const { audit, log, perMinute } = options;
  let windows = new Map<string, Window>();
  let since = new Date();

  const flush = async (): Promise<void> => {
    const finished = windows;
    const from = since;
    windows = new Map();
    since = new Date();
    for (const [address, { counts }] of finished) {
      if (counts.size === 0) continue;
      try {
        await audit.record({
          kind: requestsRefusedOften.kind,
          outcome: 'denied',
          correlationId: randomUUID(),
          surface: 'api',
          ip: address === OTHERS ? null : address,
          viewer: null,
          detail: { counts: Object.fromEntries(counts), from: from.toISOString(), to: since.toISOString() },
        });
      } catch (error) {
        log.error({ failure: describeError(error), counts: Object.fromEntries(counts) }, 'refusals of the last minute could not be recorded');
      }
    }
  };
  const timer = setInterval(() => void flush(), MINUTE_MS);
  timer.unref();

  return {
    async record({ code, facts, viewer, route, isIdle = false }) {
      const address = windows.has(facts.ip) || windows.size < MAX_ADDRESSES ? facts.ip : OTHERS;
      let window = windows.get(address);
      if (!window) windows.set(address, (window = { recorded: 0, counts: new Map() }));
      if (isIdle || window.recorded >= perMinute) {
        window.counts.set(code, (window.counts.get(code) ?? 0) + 1);
        return;
      }
      window.recorded += 1;
      try {
        await audit.record({
          kind: requestRefused.kind,
          outcome: 'denied',
          reasonCode: code,
          correlationId: facts.correlationId,
          surface: facts.surface,
          ip: facts.ip,
          viewer,
          detail: { route, userAgent: facts.userAgent },
        });
      } catch (error) {
        log.error({ correlationId: facts.correlationId, code, failure: describeError(error) }, 'refusal could not be recorded');
      }
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
