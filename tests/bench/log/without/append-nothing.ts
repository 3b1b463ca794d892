import type { AppendStatement } from '@sallyport/server/audit/append-statement.ts';
import type { ComposedEvent } from '@sallyport/server/audit/compose-event.ts';

export { COLUMNS, timeText } from '@sallyport/server/audit/append-statement.ts';

export const appendStatement = (events: readonly ComposedEvent[]): AppendStatement => ({
  name: 'nothing',
  text: 'select 1',
  values: [],
  ids: events.map(({ record }) => record.id),
});
