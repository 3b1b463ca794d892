import { Box, Link } from '@mui/material';
import type { ReactNode } from 'react';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { Link as RouterLink } from 'react-router';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { formatDecimal, shortId, showHidden } from '../fields/format.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useTitles } from '../fields/titles.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { fieldOf } from '../catalogue/console-model.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { outcomeLook } from '../stories/outcome.tsx';
import { useEventWords } from '../stories/use-event-words.ts';
import { MONO } from '../theme/theme.ts';
import type { Report, ReportApproval } from './report.ts';
import { ReportTable } from './report-table.tsx';

const name = (text: string | null): string => (text === null || text === '' ? '—' : showHidden(text));
const time = (iso: string | null): ReactNode => (iso === null ? '—' : <TimeText iso={iso} seconds />);
const Story = ({ id }: { readonly id: string }) => (
  <Link component={RouterLink} to={`/story/${id}`} sx={{ fontFamily: MONO, fontSize: '0.75rem', whiteSpace: 'nowrap' }}>
    {shortId(id)}
  </Link>
);

/** Everything that stands beside the stories: approvals, sessions, deliveries, readings, refusals, people, tenants. */
export function ReportLists({ report }: { readonly report: Report }) {
  const { catalogue, action, tenant, resource, holds } = useModel();
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const event = useEventWords();
  const states = resource('approvalRequest');
  const titles = useTitles(tenant ? [{ resource: tenant.name, ids: report.tenants.map(({ id }) => id) }] : []);
  const count = (value: number): string => formatDecimal(String(value), locale);
  const act = (acted: string | null, kind = ''): string => {
    const label = (acted ? action(acted)?.label : undefined) ?? catalogue.events.find((event) => event.kind === kind)?.label;
    return label ? text(label) : (acted ?? kind);
  };
  const role = (named: string): string => {
    const known = catalogue.roles.find((item) => item.name === named);
    return known ? text(known.label) : named;
  };
  const { counts } = report;
  // Where a code is asked for nobody is turned away: the stories tell of it, and its number stands below.
  const turnedAway = report.refusals.filter(({ reasonCode }) => reasonCode !== 'STEP_UP_REQUIRED');
  const codesAsked = report.refusals.length - turnedAway.length;
  const lists = {
    approvals: report.approvals,
    refusals: turnedAway,
    readings: report.readings,
    people: report.people,
    tenants: report.tenants,
    sessions: report.sessions,
    deliveries: report.deliveries,
  };
  const empty = (Object.keys(lists) as (keyof typeof lists)[]).filter((list) => lists[list].length === 0);
  return (
    <>
      <ReportTable
        id="report-approvals"
        title={words('reports.approvals')}
        rows={report.approvals}
        total={counts.approvals}
        keyOf={({ id }) => id}
        columns={[
          { label: words('story.act'), show: (row) => <Asked row={row} label={act(row.action)} /> },
          { label: words('approvals.who'), show: (row) => name(row.requesterName) },
          { label: words('reports.decisions'), show: (row) => <Decisions row={row} /> },
          { label: words('reports.state'), show: (row) => <RequestState resource={states} state={row.state} /> },
          { label: words('story.when'), show: (row) => time(row.requestedAt) },
        ]}
      />
      <ReportTable
        id="report-refusals"
        title={words('reports.refusals')}
        {...(codesAsked > 0 ? { help: words('reports.refusals.help', { smart_count: codesAsked }) } : {})}
        rows={turnedAway}
        total={counts.refused + counts.failed - codesAsked}
        keyOf={({ eventId }) => eventId}
        columns={[
          { label: words('story.when'), show: (row) => time(row.time) },
          { label: words('story.who'), show: (row) => name(row.actorName) },
          { label: words('story.act'), show: (row) => act(row.action, row.kind) },
          { label: words('story.outcome'), show: (row) => `${words(outcomeLook(row.outcome).words)}${row.reasonCode ? ` · ${row.reasonCode}` : ''}` },
          { label: words('reports.story'), show: (row) => <Story id={row.correlationId} /> },
        ]}
      />
      <ReportTable
        id="report-readings"
        title={words('reports.readings')}
        help={words('reports.readings.help')}
        rows={report.readings}
        total={counts.readings}
        keyOf={({ eventId }) => eventId}
        columns={[
          { label: words('story.when'), show: (row) => time(row.time) },
          { label: words('story.who'), show: (row) => name(row.actorName) },
          { label: words('story.fieldsRead'), show: (row) => event.fields(row.fields) },
          {
            label: words('story.target'),
            show: (row) => {
              const target = row.targetType ? resource(row.targetType) : undefined;
              return row.targetId ? (
                <>
                  {event.thing(row.targetType ?? '')}{' '}
                  <IdChip id={row.targetId} to={target && holds(target.permission) ? `/${target.plural}/${encodeURIComponent(row.targetId)}` : null} />
                </>
              ) : (
                '—'
              );
            },
          },
          { label: words('reports.story'), show: (row) => <Story id={row.correlationId} /> },
        ]}
      />
      <ReportTable
        id="report-people"
        title={words('reports.people')}
        rows={report.people}
        total={counts.people}
        keyOf={({ id }) => id}
        columns={[
          { label: words('story.who'), show: (row) => name(row.name ?? row.id) },
          { label: words('reports.roles'), show: (row) => (row.roles.length === 0 ? '—' : row.roles.map(role).join(', ')) },
          { label: words('reports.figure.events'), show: (row) => count(row.events), figures: true },
          { label: words('reports.figure.done'), show: (row) => count(row.done), figures: true },
          { label: words('reports.figure.refused'), show: (row) => count(row.refused), figures: true },
          { label: words('reports.last'), show: (row) => time(row.lastAt) },
        ]}
      />
      <ReportTable
        id="report-tenants"
        title={words('reports.tenants')}
        rows={report.tenants}
        total={counts.tenants}
        keyOf={({ id }) => id}
        columns={[
          { label: words('story.tenant'), show: (row) => (tenant ? titles(tenant.name, row.id) : row.id) },
          { label: words('reports.figure.events'), show: (row) => count(row.events), figures: true },
          { label: words('reports.changes'), show: (row) => count(row.changes), figures: true },
          { label: words('reports.figure.refused'), show: (row) => count(row.refused), figures: true },
        ]}
      />
      <ReportTable
        id="report-sessions"
        title={words('reports.sessions')}
        rows={report.sessions}
        total={counts.sessions}
        keyOf={({ id }) => id}
        columns={[
          { label: words('story.who'), show: (row) => name(row.actorName) },
          { label: words('story.factor'), show: (row) => (row.secondFactor ? event.factor(row.secondFactor) : '—') },
          { label: words('reports.started'), show: (row) => time(row.startedAt ?? row.firstAt) },
          { label: words('reports.ended'), show: (row) => time(row.endedAt) },
          { label: words('reports.stepUps'), show: (row) => count(row.stepUps), figures: true },
          { label: words('reports.figure.events'), show: (row) => count(row.events), figures: true },
        ]}
      />
      <ReportTable
        id="report-deliveries"
        title={words('reports.deliveries')}
        rows={report.deliveries}
        keyOf={({ id }) => id}
        columns={[
          { label: words('reports.message'), show: (row) => row.template },
          { label: words('reports.made'), show: (row) => time(row.createdAt) },
          { label: words('reports.delivered'), show: (row) => time(row.deliveredAt) },
          { label: words('reports.failedAttempts'), show: (row) => count(row.failedAttempts), figures: true },
          { label: words('reports.story'), show: (row) => <Story id={row.correlationId} /> },
        ]}
      />
      {empty.length > 0 ? (
        <Box sx={{ px: 2, color: 'text.secondary', fontSize: '0.8125rem' }}>{words('reports.emptyLists', { names: empty.map((list) => words(`reports.${list}`)).join(', ') })}</Box>
      ) : null}
    </>
  );
}

/** The state of a request as its own page shows it. */
function RequestState({ resource, state }: { readonly resource: CatalogueResource | undefined; readonly state: string }) {
  const text = useText();
  const known = resource && fieldOf(resource, 'state')?.values?.find(({ value }) => value.toLowerCase() === state.toLowerCase());
  return known ? <StateChip label={text(known.label)} tone={known.tone} /> : showHidden(state);
}

const Asked = ({ row, label }: { readonly row: ReportApproval; readonly label: string }) => (
  <>
    <Link component={RouterLink} to={`/approvals/${row.id}`} sx={{ fontWeight: 550 }}>
      {label}
    </Link>
    <Box sx={{ color: 'text.secondary' }}>
      {showHidden(row.reason)}
      {row.ticket ? ` · ${showHidden(row.ticket)}` : ''}
    </Box>
  </>
);

function Decisions({ row }: { readonly row: ReportApproval }) {
  const words = useWords();
  if (row.decisions.length === 0) return '—';
  return row.decisions.map((decision) => (
    <Box key={`${decision.reviewerId} ${decision.reviewedAt}`}>
      {name(decision.reviewerName ?? decision.reviewerId)} · {words(decision.decision === 'approve' ? 'reports.approved' : 'reports.denied')} ·{' '}
      <TimeText iso={decision.reviewedAt} seconds />
      {decision.comment ? <Box sx={{ color: 'text.secondary' }}>{showHidden(decision.comment)}</Box> : null}
      <Box title={decision.shownDigest} sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
        {words(decision.shownDigest === row.shownDigest ? 'reports.sawSame' : 'reports.sawOther')}
      </Box>
    </Box>
  ));
}
