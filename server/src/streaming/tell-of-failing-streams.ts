import { randomUUID } from 'node:crypto';
import { logStreamFailing, logStreamRecovered } from '@sallyport/schema/modules/log/log-stream.event.ts';
import type { AuditEventDraft, Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog } from '../kernel/seams.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { UNSERVED_MINUTES } from '@sallyport/schema/modules/log/stream-states.ts';

/** A failure that lasts so long is told. */
export const TOLD_AFTER_MINUTES = 5;
/** What stands for the problem of a stream that no gateway works on any more: taken out of the configuration, or all of them down. */
export const NOT_SERVED = 'NOT_SERVED';

interface Stream {
  readonly name: string;
  readonly destination: string;
  readonly problem: string;
  readonly next_index: number;
}

const eventOf = ({ name, destination, next_index }: Stream): Omit<AuditEventDraft, 'kind' | 'outcome'> => ({
  correlationId: randomUUID(),
  surface: 'job',
  ip: null,
  viewer: null,
  actorId: 'worker',
  actorName: 'Background worker',
  target: { type: 'logStream', id: name },
  detail: { destination, nextIndex: next_index },
});

/**
 * Says aloud that a stream has been failing for minutes, or that nobody works on it any more: once for each failure, however often it was
 * tried, an event and a message to those who answer for the log. And says, once, that it goes on.
 */
export async function tellOfFailingStreams(db: Db, audit: AuditLog): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows: failing } = await sql<Stream>`
      update gateway.log_stream set alerted_at = clock_timestamp()
      where alerted_at is null
        and (failing_since < clock_timestamp() - make_interval(mins => ${TOLD_AFTER_MINUTES}::int) or served_at < clock_timestamp() - make_interval(mins => ${UNSERVED_MINUTES}::int))
      returning name, destination, coalesce(problem, ${NOT_SERVED}) as problem, next_index`.execute(tx);
    for (const stream of failing) {
      const event = eventOf(stream);
      await audit.append(tx, { ...event, kind: logStreamFailing.kind, outcome: 'failed', reasonCode: 'UNAVAILABLE', detail: { ...event.detail, problem: stream.problem } });
      await enqueue(tx, { job: 'deliver-message', payload: { template: 'log-stream-failing', stream: stream.name } }, event.correlationId);
    }
    const { rows: recovered } = await sql<Stream>`
      update gateway.log_stream set alerted_at = null
      where alerted_at is not null and failing_since is null and served_at > clock_timestamp() - make_interval(mins => ${UNSERVED_MINUTES}::int)
      returning name, destination, '' as problem, next_index`.execute(tx);
    for (const stream of recovered) await audit.append(tx, { ...eventOf(stream), kind: logStreamRecovered.kind, outcome: 'ok' });
  });
}
