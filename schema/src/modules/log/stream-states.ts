import type { Db } from '../../ports.ts';
import { sql } from 'kysely';

/** How far a stream of the log has come, and how it fares. Times are ISO 8601, UTC. */
export interface StreamState {
  readonly name: string;
  readonly kind: 'http' | 'file';
  /** Host, or name of the file. */
  readonly destination: string;
  readonly format: string;
  /** Index of the first entry that the receiver has not said to have. */
  readonly nextIndex: number;
  /** Entries in the tree that it has not said to have, signed yet or not. */
  readonly behindEvents: number;
  /** Age in seconds of the oldest of those, by the database's clock; 0 where there is none. */
  readonly behindSeconds: number;
  readonly lastDeliveredAt: string | null;
  readonly failingSince: string | null;
  /** A code, such as `HTTP_503`. */
  readonly problem: string | null;
  /** When a gateway last worked on it. */
  readonly servedAt: string;
  /** Whether one does now. A stream whose receiver was taken out of the configuration stays here, unserved, for FORGOTTEN_DAYS. */
  readonly served: boolean;
}

/** Without a sign of life for so long, nobody works on a stream. Several times what STREAM_TIMES.sign is. */
export const UNSERVED_MINUTES = 5;
const FORGOTTEN_DAYS = 30;

/** Every stream, as the database knows it: whichever gateway works on it, the answer is the same. */
export async function streamStates(db: Db): Promise<readonly StreamState[]> {
  const { rows } = await sql<StreamState>`
    select stream.name, stream.kind, stream.destination, stream.format, stream.next_index as "nextIndex",
      greatest(0, coalesce(head.size, 0) - stream.next_index) as "behindEvents",
      greatest(0, coalesce(extract(epoch from clock_timestamp() - oldest.time), 0))::float8 as "behindSeconds",
      stream.last_delivered_at as "lastDeliveredAt", stream.failing_since as "failingSince", stream.problem, stream.served_at as "servedAt",
      stream.served_at > clock_timestamp() - make_interval(mins => ${UNSERVED_MINUTES}::int) as served
    from gateway.log_stream stream
    left join audit.log_head head on true
    left join audit.leaf oldest on oldest.log_index = stream.next_index
    where stream.served_at > clock_timestamp() - make_interval(days => ${FORGOTTEN_DAYS}::int)
    order by stream.kind, stream.destination, stream.name`.execute(db);
  return rows;
}
