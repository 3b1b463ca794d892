import { Logger } from 'graphile-worker';

/** Schema of graphile-worker's tables, owned by `sallyport_owner`. */
export const QUEUE_SCHEMA = 'graphile_worker';

/** graphile-worker's own log prints payloads; ours names jobs and counts, on the audit log. */
export const silentLogger = new Logger(() => () => undefined);

/** What travels with every job: made in the business transaction, so that a job that runs twice is known by it. */
export interface JobEnvelope {
  readonly messageId: string;
  readonly correlationId: string;
  readonly tenantId: string | null;
  readonly payload: Readonly<Record<string, string | number | boolean | null>>;
}
