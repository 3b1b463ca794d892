import { sql } from 'kysely';
import type { Control } from '../controls/control.ts';
import { controls, kindsOf } from '../controls/controls.ts';
import { matchedEvents, type ReportQuery } from './matched-events.ts';

/** A control, and how many events of the report help with it. */
export interface ReportControl {
  readonly control: Control;
  readonly events: number;
}

/** The controls that events of the report help with, each with the number of events, in the order of their frameworks. */
export async function readControls(query: ReportQuery): Promise<readonly ReportControl[]> {
  const { rows } = await sql<{ kind: string; events: number }>`${matchedEvents(query, 'kind')} select kind, count(*)::int as events from matched group by kind`.execute(query.db);
  const eventsOf = new Map(rows.map(({ kind, events }) => [kind, events]));
  return controls
    .map((control) => ({ control, events: kindsOf(control, [...eventsOf.keys()]).reduce((sum, kind) => sum + (eventsOf.get(kind) ?? 0), 0) }))
    .filter(({ events }) => events > 0);
}
