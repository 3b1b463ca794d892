import { type LogDatabase, run } from './log-databases.ts';
import { quantile } from './statistics.ts';

/** One event in so many is picked, anywhere in the log, to be asked for. */
interface Sample {
  readonly correlationId: string;
  readonly tenantId: string;
  readonly actorId: string;
  readonly time: string;
}

interface Question {
  readonly title: string;
  readonly document: string;
  readonly variables: (sample: Sample) => Readonly<Record<string, unknown>>;
}

const STORY = `correlationId startedAt endedAt leftOut
  answers { who what { en id } tenant target why approvedUnder { en id } }
  steps { id time sinceStartMilliseconds kind words { en id } outcome reasonCode surface actorId actorName action permission tenantId targetType targetId reason ticket
    approvalId stepUpId policyVersion fieldsRead covered changes { resource id field before after masked } }`;
const TRAIL = `query Story($correlationId: ID!) { story: auditTrail(correlationId: $correlationId) { ${STORY} } }`;
// As the console asks: everything but the stories, then the first ten of them.
const REPORT = `query Report($selection: AuditReportSelection!) {
  report: auditReport(selection: $selection) {
    counts { events done refused failed previewed readings stories people tenants sessions approvals policies covered firstAt lastAt isComplete }
    log { origin size checkpointSize checkpointAt }
    policies(first: 20) { hash firstSeenAt events firstAt lastAt parts }
    approvals { id state action reason requestedAt endedAt decisions { reviewerId decision reviewedAt shownDigest } }
    sessions { id actorName secondFactor events firstAt lastAt startedAt endedAt stepUps }
    deliveries { id correlationId template createdAt deliveredAt failedAttempts }
    readings(first: 100) { eventId time actorName tenantId targetType targetId fields correlationId }
    refusals(first: 100) { eventId time kind outcome reasonCode action actorName correlationId }
    people { id name roles events done refused firstAt lastAt }
    tenants { id events done refused changes }
  }
}`;
const STORIES = `query Stories($selection: AuditReportSelection!) { report: auditReport(selection: $selection) { stories(first: 10, steps: 50) { nextCursor nodes { ${STORY} } } } }`;

const monthOf = (time: string): { readonly from: string; readonly to: string } => {
  const first = new Date(`${time.slice(0, 7)}-01T00:00:00Z`);
  const next = new Date(first);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return { from: first.toISOString(), to: next.toISOString() };
};
const byStory = ({ correlationId }: Sample) => ({ selection: { correlationId } });
const byTenant = ({ tenantId, time }: Sample) => ({ selection: { tenantId, ...monthOf(time) } });
const byActor = ({ actorId, time }: Sample) => ({ selection: { actorId, ...monthOf(time) } });

const QUESTIONS: readonly Question[] = [
  { title: 'auditTrail by correlation ID', document: TRAIL, variables: ({ correlationId }) => ({ correlationId }) },
  { title: 'auditReport by correlation ID', document: REPORT, variables: byStory },
  { title: 'auditReport by correlation ID, its story', document: STORIES, variables: byStory },
  { title: 'auditReport by tenant and month', document: REPORT, variables: byTenant },
  { title: 'auditReport by tenant and month, ten stories', document: STORIES, variables: byTenant },
  { title: 'auditReport by actor and month', document: REPORT, variables: byActor },
  { title: 'auditReport by actor and month, ten stories', document: STORIES, variables: byActor },
];

/** Asks each kind of report so many times, one at a time, each about another event anywhere in the log. @returns rows of a table */
export async function askReports(
  database: LogDatabase,
  queries: number,
  ask: (document: string, variables: Readonly<Record<string, unknown>>) => Promise<void>,
  write: (line: string) => void,
): Promise<readonly string[]> {
  const samples = await run<Sample & Record<string, unknown>>(
    database.adminUrl,
    `select e.correlation_id as "correlationId", e.tenant_id as "tenantId", e.actor_id as "actorId", to_char(e.time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as time
     from (select distinct floor(random() * (select size from audit.log_head))::bigint as place from generate_series(1, $1)) as random
     join audit.leaf l on l.log_index = random.place join audit.event e on e.id = l.event_id and e.time = l.time and e.retention = l.retention
     where e.tenant_id is not null order by random()`,
    [queries],
  );
  const rows: string[] = [];
  for (const { title, document, variables } of QUESTIONS) {
    const times: number[] = [];
    for (const sample of samples) {
      const began = performance.now();
      await ask(document, variables(sample));
      times.push(performance.now() - began);
    }
    rows.push(`| ${title} | ${times.length} | ${[0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(1)).join(' | ')} | ${Math.max(...times).toFixed(0)} |`);
    write(rows.at(-1) ?? '');
  }
  return rows;
}
