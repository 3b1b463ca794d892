import { useQuery } from '@tanstack/react-query';
import { useModel } from '../catalogue/console-context.tsx';
import type { ListFilter } from '../catalogue/filters.ts';
import { listDocument } from '../catalogue/documents.ts';
import { sendDocument } from '../gateway/send-request.ts';

/** One line of the log as pages outside the story show it. */
export interface LogEvent {
  readonly id: string;
  readonly time: string;
  readonly kind: string;
  readonly outcome: string;
  readonly reasonCode: string | null;
  readonly actorName: string | null;
  readonly action: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly correlationId: string;
  readonly surface: string;
}

/** Every look at the log is on the log itself; a list that looks for something else leaves them out. */
export const WITHOUT_READINGS = { not: { kind: { in: ['audit.events.read', 'audit.report.read', 'audit.flows.read', 'assurance.answers.read', 'log.entries.read'] } } } as const;

const SELECTION = 'id time kind outcome reasonCode actorName action targetType targetId correlationId surface';

/** Newest events that a filter names; nothing is asked where the viewer may not read the log. */
export function useEvents(
  filter: ListFilter | null,
  first: number,
): { events: readonly LogEvent[] | undefined; total: number | undefined; totalIsExact: boolean; error: unknown; refetch: () => void; allowed: boolean; isFetching: boolean } {
  const model = useModel();
  const log = model.resource('auditEvent');
  const allowed = log !== undefined && model.holds(log.permission);
  const query = useQuery({
    queryKey: ['events', filter, first],
    enabled: allowed && filter !== null,
    queryFn: async ({ signal }) => {
      if (!log) return { nodes: [], totalCount: 0, totalIsExact: true };
      const answer = await sendDocument<{ list: { nodes: LogEvent[]; totalCount: number; totalIsExact: boolean } }>(
        listDocument(log, SELECTION),
        { filter, orderBy: [{ field: 'TIME', direction: 'DESC' }], first, offset: 0 },
        { signal },
      );
      return answer.data.list;
    },
  });
  const { nodes, totalCount, totalIsExact = true } = query.data ?? {};
  return { events: nodes, total: totalCount, totalIsExact, error: query.error, refetch: () => void query.refetch(), allowed, isFetching: query.isFetching };
}
