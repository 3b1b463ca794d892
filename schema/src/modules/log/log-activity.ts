import { sql } from 'kysely';
import type { Builder } from '../../builder.ts';
import type { Db } from '../../ports.ts';
import { READ_INTEGRITY } from './permissions.ts';
import type { StreamState } from './stream-states.ts';

interface LogHour {
  readonly hour: string;
  readonly size: number;
  readonly checkpoints: number;
}

/** Hours of the last 24 in which something was signed, oldest first, after the last checkpoint before them: what each added is a difference. */
export async function readHours(db: Db): Promise<readonly LogHour[]> {
  const { rows } = await sql<LogHour>`
    with first_hour as (select date_trunc('hour', clock_timestamp(), 'UTC') - interval '23 hours' as begins)
    (select date_trunc('hour', signed_at, 'UTC') as hour, size, 1 as checkpoints from audit.checkpoint, first_hour where signed_at < begins order by signed_at desc limit 1)
    union all
    (select date_trunc('hour', signed_at, 'UTC'), max(size), count(*)::int from audit.checkpoint, first_hour where signed_at >= begins group by 1)
    order by hour`.execute(db);
  return rows;
}

/** GraphQL types of what the log is doing: hour by hour, and towards its receivers. */
export function addLogActivity(builder: Builder) {
  const access = READ_INTEGRITY;
  const filled = { access, nullable: false } as const;
  const hour = builder.objectRef<LogHour>('LogHour').implement({
    description: 'An hour in which checkpoints were signed.',
    fields: (t) => ({
      hour: t.field({ type: 'DateTime', ...filled, resolve: (state) => state.hour }),
      size: t.exposeFloat('size', { ...filled, description: 'Events that the last checkpoint of the hour covers.' }),
      checkpoints: t.exposeInt('checkpoints', { ...filled, description: 'Those that are kept: of an hour older than a day, the last and what a witness cosigned.' }),
    }),
  });
  const stream = builder.objectRef<StreamState>('LogStream').implement({
    description: 'A receiver, outside, that every event of the log is sent to.',
    fields: (t) => ({
      name: t.exposeString('name', filled),
      kind: t.exposeString('kind', filled),
      destination: t.exposeString('destination', { ...filled, description: 'Host, or name of the file.' }),
      format: t.exposeString('format', filled),
      nextIndex: t.exposeFloat('nextIndex', { ...filled, description: 'Index of the first event that the receiver has not said to have.' }),
      behindEvents: t.exposeFloat('behindEvents', filled),
      behindSeconds: t.exposeFloat('behindSeconds', filled),
      lastDeliveredAt: t.field({ type: 'DateTime', access, nullable: true, resolve: (state) => state.lastDeliveredAt }),
      failingSince: t.field({ type: 'DateTime', access, nullable: true, resolve: (state) => state.failingSince }),
      problem: t.exposeString('problem', { access, description: 'A code, such as HTTP_503.' }),
      served: t.exposeBoolean('served', { ...filled, description: 'Whether a gateway works on it now.' }),
    }),
  });
  return { hour, stream };
}
