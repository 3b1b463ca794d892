import LinkIcon from '@mui/icons-material/Link';
import PrintIcon from '@mui/icons-material/PrintOutlined';
import { useState } from 'react';
import { Alert, Box, Button, Paper, Skeleton, Typography } from '@mui/material';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { PAPER } from '../feedback/paper.tsx';
import { FactLine, Section } from '../feedback/section.tsx';
import { formatDecimal, formatTime, shortId, showHidden } from '../fields/format.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { useTitles } from '../fields/titles.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { EvidencePack } from './evidence-pack.tsx';
import { useControls, useReport, type Report, type ReportCounts } from './report.ts';
import { ReportLists } from './report-lists.tsx';
import { ReportPolicies } from './report-policies.tsx';
import { ReportStories } from './report-stories.tsx';
import type { Selection } from './selection.ts';

export function ReportView({ selection }: { readonly selection: Selection }) {
  const words = useWords();
  const { data: report, error, refetch, dataUpdatedAt, isFetching } = useReport(selection);
  if (error) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (!report) return <Skeleton variant="rounded" height={260} />;
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }} data-report aria-busy={isFetching}>
      {PAPER}
      <Head report={report} selection={selection} readAt={dataUpdatedAt} />
      {report.counts.events === 0 ? (
        <Paper variant="outlined" sx={{ p: 3 }} data-report-empty>
          <Box sx={{ fontWeight: 600 }}>{words('reports.nothing')}</Box>
          <Box sx={{ color: 'text.secondary' }}>{words('reports.nothing.help')}</Box>
        </Paper>
      ) : (
        <>
          <Box className="no-print">
            <Section id="report-pack" title={words('reports.pack')} help={words('reports.pack.help')}>
              <EvidencePack selection={selection} origin={report.log.origin} events={report.counts.events} />
            </Section>
          </Box>
          <ReportStories selection={selection} />
          <ReportLists report={report} />
          <ReportPolicies policies={report.policies} />
        </>
      )}
    </Box>
  );
}

/** What the report is about, when it was read, and its figures. */
function Head({ report, selection, readAt }: { readonly report: Report; readonly selection: Selection; readonly readAt: number }) {
  const { viewer } = useModel();
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const [copied, setCopied] = useState(false);
  const { counts, log } = report;
  const count = (value: number): string => formatDecimal(String(value), locale);
  const share = (): void => {
    void navigator.clipboard.writeText(window.location.href).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <Paper variant="outlined" component="section" aria-labelledby="report-head" sx={{ p: 2, '@media print': { border: 'none', p: 0 } }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'flex-start', justifyContent: 'space-between' }}>
        <Box sx={{ minWidth: 0, flex: '1 1 280px' }}>
          <Typography variant="h2" id="report-head" sx={{ fontSize: '1.0625rem' }}>
            {words('reports.heading')}
          </Typography>
          <About selection={selection} />
          <FactLine>
            {[
              words('reports.readBy', { name: showHidden(viewer.displayName), time: formatTime(new Date(readAt).toISOString(), locale, zone, true) }),
              log.origin ? words('reports.log', { origin: showHidden(log.origin), size: count(log.checkpointSize) }) : null,
            ]}
          </FactLine>
        </Box>
        <Box className="no-print" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          <Button variant="outlined" color="inherit" startIcon={<LinkIcon />} onClick={share}>
            {words(copied ? 'common.copied' : 'reports.share')}
          </Button>
          <Button variant="outlined" color="inherit" startIcon={<PrintIcon />} onClick={() => window.print()}>
            {words('story.print')}
          </Button>
        </Box>
      </Box>
      {counts.isComplete ? null : (
        <Alert severity="warning" sx={{ mt: 1.5 }}>
          {words('reports.incomplete', { count: count(counts.events) })}
        </Alert>
      )}
      <Figures counts={counts} />
      {counts.covered < counts.events ? (
        <Box sx={{ mt: 1, color: 'text.secondary', fontSize: '0.8125rem' }}>{words('reports.uncovered', { smart_count: counts.events - counts.covered })}</Box>
      ) : null}
      <Box sx={{ mt: 1, color: 'text.secondary', fontSize: '0.75rem' }}>{words('reports.reach')}</Box>
    </Paper>
  );
}

function About({ selection }: { readonly selection: Selection }) {
  const { tenant } = useModel();
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const controls = useControls(selection.control !== undefined);
  const titles = useTitles([
    ...(tenant && selection.tenantId ? [{ resource: tenant.name, ids: [selection.tenantId] }] : []),
    ...(selection.actorId ? [{ resource: 'staffMember', ids: [selection.actorId] }] : []),
  ]);
  const control = controls.data?.find(({ id }) => id === selection.control);
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ...(selection.correlationId ? [[words('failure.correlation'), <IdChip key="id" id={selection.correlationId} whole />] as const] : []),
    ...(tenant && selection.tenantId ? [[text(tenant.label), <Named key="tenant" title={titles(tenant.name, selection.tenantId)} id={selection.tenantId} />] as const] : []),
    ...(selection.actorId ? [[words('story.who'), <Named key="actor" title={titles('staffMember', selection.actorId)} id={selection.actorId} />] as const] : []),
    ...(selection.control ? [[words('reports.control'), control ? `${control.id} · ${text(control.title)} (${control.framework})` : selection.control] as const] : []),
    ...(selection.from ? [[words('reports.from'), formatTime(selection.from, locale, zone)] as const] : []),
    ...(selection.to ? [[words('reports.to'), formatTime(selection.to, locale, zone)] as const] : []),
  ];
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        my: 1,
        display: 'grid',
        gridTemplateColumns: 'max-content minmax(0, 1fr)',
        columnGap: 2,
        rowGap: 0.25,
        '& dt': { color: 'text.secondary' },
        '& dd': { m: 0, overflowWrap: 'anywhere' },
      }}
    >
      {facts.map(([name, value]) => (
        <Box key={name} sx={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Box>
      ))}
      {control ? (
        <Box component="dd" sx={{ gridColumn: '1 / -1', color: 'text.secondary', fontSize: '0.8125rem' }}>
          {text(control.helps)} {words('reports.control.claim')}
        </Box>
      ) : null}
    </Box>
  );
}

const Named = ({ title, id }: { readonly title: string; readonly id: string }) => (
  <>
    {title === shortId(id) ? null : `${title} `}
    <IdChip id={id} />
  </>
);

const FIGURES = ['events', 'done', 'refused', 'failed', 'readings', 'stories', 'people', 'tenants', 'approvals', 'sessions'] as const satisfies readonly (keyof ReportCounts)[];

function Figures({ counts }: { readonly counts: ReportCounts }) {
  const words = useWords();
  const locale = useFormatLocale();
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        mt: 1.5,
        display: 'grid',
        gap: 1,
        gridTemplateColumns: { xs: 'repeat(2, 1fr)', sm: 'repeat(5, 1fr)' },
        '@media print': { gridTemplateColumns: 'repeat(5, 1fr)' },
      }}
    >
      {FIGURES.map((name) => (
        <Box key={name} data-figure={name}>
          <Box component="dt" sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
            {words(`reports.figure.${name}`)}
          </Box>
          <Box component="dd" className="figures" sx={{ m: 0, fontSize: '1.0625rem', fontWeight: 600 }}>
            {formatDecimal(String(counts[name]), locale)}
          </Box>
        </Box>
      ))}
    </Box>
  );
}
