import { sql } from 'kysely';
import { type CursorScope, openCursor, sealCursor } from '../../../resources/cursor.ts';
import { type StoryEvent, type StoryTexts, storyOf } from '../story.ts';
import { byWeight, storyColumns } from '../story-columns.ts';
import type { ToldStory } from '../story-types.ts';
import { matchedEvents, type ReportQuery } from './matched-events.ts';

export const STORIES_A_PAGE = 50;
/** Events told of one story of a report. */
export const LONGEST_STORY = 1000;
/** Events of one page, of all its stories together. */
export const LONGEST_PAGE = 5000;

export interface StoryPage {
  readonly nodes: readonly ToldStory[];
  /** Where the next page begins; null after the last one. */
  readonly nextCursor: string | null;
}

interface PageArguments {
  readonly first: number;
  readonly after: string | null;
  /** Most events of each story. */
  readonly steps: number;
}

/**
 * A page of the report's stories, one for each correlation ID, in the order in which they began; each tells the events of the selection,
 * not what else happened under its ID.
 * @throws {GatewayError} BAD_INPUT for a cursor that is not of this report.
 */
export async function readStories(query: ReportQuery, cursorKey: Uint8Array, texts: StoryTexts, { first, after, steps }: PageArguments): Promise<StoryPage> {
  const { db, viewer, selection, matches } = query;
  const scope: CursorScope = { key: cursorKey, personId: viewer.subject.id, resource: 'auditReport.stories', query: selection };
  const [startedAt, last] = after === null ? [] : openCursor(scope, after);
  const place = after === null ? sql`true` : sql`(started_at, correlation_id) > (${startedAt}::timestamptz, ${last}::text)`;
  const found = await sql<{ id: string; startedAt: string }>`
    ${matchedEvents(query, 'time', 'correlation_id')},
    begun as (select correlation_id, min(time) as started_at from matched group by correlation_id)
    select correlation_id as id, started_at as "startedAt" from begun where ${place} order by started_at, correlation_id limit ${first + 1}`.execute(db);
  const page = found.rows.slice(0, first);
  const end = page.at(-1);
  if (!end) return { nodes: [], nextCursor: null };
  const { rows } = await sql<StoryEvent & { readonly correlationId: string; readonly total: number }>`
    with told as (
      select event.*, count(*) over (partition by event.correlation_id)::int as total,
        row_number() over (partition by event.correlation_id order by ${byWeight('event')}) as place
      from audit.event event where event.correlation_id = any(${page.map(({ id }) => id)}::text[]) and ${matches('event')})
    select ${storyColumns('told')}, total from told where place <= ${steps} order by sequence`.execute(db);
  const events = Map.groupBy(rows, ({ correlationId }) => correlationId);
  const nodes = page.flatMap(({ id }) => {
    const own = events.get(id) ?? [];
    const story = storyOf(id, own, viewer, texts);
    return story ? [{ ...story, leftOut: (own[0]?.total ?? 0) - own.length }] : [];
  });
  return { nodes, nextCursor: found.rows.length > first ? sealCursor(scope, [end.startedAt, end.id]) : null };
}
