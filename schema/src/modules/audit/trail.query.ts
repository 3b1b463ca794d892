import { sql } from 'kysely';
import type { Builder } from '../../builder.ts';
import { GatewayError } from '../../errors.ts';
import type { Db } from '../../ports.ts';
import { reachOf, type TenantReach } from '../../viewer.ts';
import { EVENTS_READ } from './audit.event.ts';
import { READ_EVENT } from './permissions.ts';
import { type StoryEvent, storyOf } from './story.ts';
import { byWeight, eventsWithin, storyColumns } from './story-columns.ts';
import { type Declarations, textsFor } from './story-texts.ts';
import type { StoryTypes } from './story-types.ts';

/**
 * More events than one correlation ID has in honest use. Whoever knows an ID can add refusals to its story: beyond this number
 * they, previews and readings are what is left out, never what was done.
 */
const LONGEST_STORY = 1000;

/** The events of one correlation ID that lie within the reach, in the order of the log, and how many of them there are in all. */
async function readStoryEvents(db: Db, correlationId: string, reach: TenantReach): Promise<{ readonly events: readonly StoryEvent[]; readonly total: number }> {
  const { rows } = await sql<StoryEvent & { readonly total: number }>`
    with told as (
      select *, count(*) over ()::int as total, row_number() over (order by ${byWeight('event')}) as place
      from audit.event
      where correlation_id = ${correlationId.toLowerCase()} and ${eventsWithin('event', reach)})
    select ${storyColumns('told')}, total
    from told where place <= ${LONGEST_STORY} order by sequence`.execute(db);
  return { events: rows, total: rows[0]?.total ?? 0 };
}

/** `auditTrail(correlationId)`: the whole story behind one ID, as far as the viewer's reach over the log goes. Reading it is an event. */
export function addAuditTrail(builder: Builder, declarations: Declarations, { trail }: StoryTypes): void {
  builder.queryField('auditTrail', (t) =>
    t.field({
      type: trail,
      access: READ_EVENT,
      nullable: true,
      args: { correlationId: t.arg.id({ required: true }) },
      resolve: async (_root, { correlationId }, context) => {
        const { viewer } = context;
        if (!viewer) throw new GatewayError('UNAUTHENTICATED');
        context.reads.noteListing(EVENTS_READ.kind, ['correlationId']);
        const { events, total } = await readStoryEvents(context.db, String(correlationId), reachOf(viewer, READ_EVENT));
        const story = storyOf(String(correlationId).toLowerCase(), events, viewer, textsFor(declarations, viewer));
        // A story that is hidden and one that never was look the same.
        if (!story) throw new GatewayError('NOT_FOUND');
        return { ...story, leftOut: total - events.length };
      },
    }),
  );
}
