import { randomUUID } from 'node:crypto';
import { appendStatement } from '@sallyport/server/audit/append-statement.ts';
import pg from 'pg';
import { tellStory } from '../fill-log.ts';

const STORIES_A_STATEMENT = 60;

/** Appends so many events as the gateway composes them. */
export async function writeEvents(appUrl: string, total: number): Promise<void> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  try {
    for (let story = 0; story * 4 < total; story += STORIES_A_STATEMENT) {
      const count = Math.min(STORIES_A_STATEMENT, Math.ceil(total / 4) - story);
      const events = Array.from({ length: count }, (_, place) => tellStory(story + place, randomUUID(), { id: randomUUID(), name: 'Member of staff' })).flat();
      const { text, values } = appendStatement(events);
      await client.query(text, [...values]);
    }
  } finally {
    await client.end();
  }
}
