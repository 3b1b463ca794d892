import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import { sendDocument } from '../gateway/send-request.ts';
import { STORY_SELECTION, type Story } from '../stories/story.ts';
import type { Selection } from './selection.ts';

export interface ReportCounts {
  readonly events: number;
  readonly done: number;
  readonly refused: number;
  readonly failed: number;
  readonly previewed: number;
  readonly readings: number;
  readonly stories: number;
  readonly people: number;
  readonly tenants: number;
  readonly sessions: number;
  readonly approvals: number;
  readonly policies: number;
  readonly covered: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** False where the selection holds more than a report counts. */
  readonly isComplete: boolean;
}

export interface ReportPolicy {
  readonly hash: string;
  readonly firstSeenAt: string | null;
  readonly events: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly parts: unknown;
}

export interface ReportApproval {
  readonly id: string;
  readonly state: string;
  readonly action: string;
  readonly reason: string;
  readonly ticket: string | null;
  readonly requesterName: string | null;
  readonly requestedAt: string;
  readonly endedAt: string | null;
  readonly correlationId: string;
  readonly shownDigest: string;
  readonly decisions: readonly {
    readonly reviewerId: string;
    readonly reviewerName: string | null;
    readonly decision: string;
    readonly comment: string | null;
    readonly reviewedAt: string;
    readonly shownDigest: string;
  }[];
}

export interface ReportSession {
  readonly id: string;
  readonly actorName: string | null;
  readonly secondFactor: string | null;
  readonly events: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly stepUps: number;
}

export interface ReportDelivery {
  readonly id: string;
  readonly correlationId: string;
  readonly template: string;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  readonly failedAttempts: number;
}

export interface ReportReading {
  readonly eventId: string;
  readonly time: string;
  readonly actorName: string | null;
  readonly tenantId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly fields: readonly string[];
  readonly correlationId: string;
}

export interface ReportRefusal {
  readonly eventId: string;
  readonly time: string;
  readonly kind: string;
  readonly outcome: string;
  readonly reasonCode: string | null;
  readonly action: string | null;
  readonly actorName: string | null;
  readonly correlationId: string;
}

export interface ReportPerson {
  readonly id: string;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly events: number;
  readonly done: number;
  readonly refused: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface ReportTenant {
  readonly id: string;
  readonly events: number;
  readonly done: number;
  readonly refused: number;
  readonly changes: number;
}

export interface AuditControl {
  readonly id: string;
  readonly framework: string;
  readonly title: Text;
  readonly helps: Text;
  readonly kinds: readonly string[];
}

/** Everything of a report but its stories. */
export interface Report {
  readonly counts: ReportCounts;
  readonly log: { readonly origin: string | null; readonly size: number; readonly checkpointSize: number; readonly checkpointAt: string | null };
  readonly policies: readonly ReportPolicy[];
  readonly approvals: readonly ReportApproval[];
  readonly sessions: readonly ReportSession[];
  readonly deliveries: readonly ReportDelivery[];
  readonly readings: readonly ReportReading[];
  readonly refusals: readonly ReportRefusal[];
  readonly people: readonly ReportPerson[];
  readonly tenants: readonly ReportTenant[];
}

const REPORT_QUERY = `query Report($selection: AuditReportSelection!) {
  report: auditReport(selection: $selection) {
    counts { events done refused failed previewed readings stories people tenants sessions approvals policies covered firstAt lastAt isComplete }
    log { origin size checkpointSize checkpointAt }
    policies(first: 20) { hash firstSeenAt events firstAt lastAt parts }
    approvals { id state action reason ticket requesterName requestedAt endedAt correlationId shownDigest decisions { reviewerId reviewerName decision comment reviewedAt shownDigest } }
    sessions { id actorName secondFactor events firstAt lastAt startedAt endedAt stepUps }
    deliveries { id correlationId template createdAt deliveredAt failedAttempts }
    readings(first: 100) { eventId time actorName tenantId targetType targetId fields correlationId }
    refusals(first: 100) { eventId time kind outcome reasonCode action actorName correlationId }
    people { id name roles events done refused firstAt lastAt }
    tenants { id events done refused changes }
  }
}`;

const STORIES_QUERY = `query ReportStories($selection: AuditReportSelection!, $first: Int!, $after: String) {
  report: auditReport(selection: $selection) { stories(first: $first, after: $after, steps: 50) { nextCursor nodes { ${STORY_SELECTION} } } }
}`;

const CONTROLS_QUERY = 'query Controls { controls: auditControls { id framework title { en id } helps { en id } kinds } }';

/** Stories that one request tells. */
const STORIES = 10;

export const useReport = (selection: Selection | null) =>
  useQuery({
    queryKey: ['report', selection],
    enabled: selection !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await sendDocument<{ report: Report }>(REPORT_QUERY, { selection }, { signal })).data.report,
  });

interface StoryPage {
  readonly nextCursor: string | null;
  readonly nodes: readonly Story[];
}

export const useReportStories = (selection: Selection | null) =>
  useInfiniteQuery({
    queryKey: ['report-stories', selection],
    enabled: selection !== null,
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: null as string | null,
    getNextPageParam: (page: StoryPage) => page.nextCursor,
    queryFn: async ({ pageParam, signal }) =>
      (await sendDocument<{ report: { stories: StoryPage } }>(STORIES_QUERY, { selection, first: STORIES, after: pageParam }, { signal })).data.report.stories,
  });

export const useControls = (enabled: boolean) =>
  useQuery({
    queryKey: ['audit-controls'],
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await sendDocument<{ controls: readonly AuditControl[] }>(CONTROLS_QUERY, {}, { signal })).data.controls,
  });
