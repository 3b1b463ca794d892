import { Alert, Box, Button, Link, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink, useParams } from 'react-router';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { NotFoundPage } from '../feedback/page-states.tsx';
import { FactLine } from '../feedback/section.tsx';
import { shortId, showHidden } from '../fields/format.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { PageSkeleton } from '../frame/layout-skeleton.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { saveFile } from '../lists/export-rows.ts';
import { LINE } from './review-lines.ts';
import { loadReport, reportCsv, reportName, type ReportLine } from './review-report.ts';

/** Outcome in the log's words → the value that the catalogue names: `already-ended` → `ALREADY_ENDED`. */
const asValue = (outcome: string): string => outcome.toUpperCase().replaceAll('-', '_');

/** A review as evidence: on the screen, on paper, as a file. */
export function ResultPage() {
  const { id = '' } = useParams();
  const words = useWords();
  const { data: report, error, refetch, isPending } = useQuery({ queryKey: ['review-report', id], queryFn: ({ signal }) => loadReport(id, signal), staleTime: 0 });
  const title = showHidden(report?.campaign.title ?? '');
  usePageTitle(title ? words('result.title', { title }) : words('reviews.title'));
  if (error) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (isPending) return <PageSkeleton />;
  if (!report) return <NotFoundPage />;
  const { campaign } = report;
  return (
    <Box sx={{ maxWidth: 1240, display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'flex-start' }}>
        <Box sx={{ flex: '1 1 300px' }}>
          <Typography variant="h1">{words('result.title', { title })}</Typography>
          <Box sx={{ color: 'text.secondary' }}>{words('result.help')}</Box>
        </Box>
        <Box className="no-print" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          <Button component={RouterLink} to={`/access-reviews/${id}`} color="inherit">
            {words('reviews.workbench')}
          </Button>
          <Button variant="outlined" color="inherit" onClick={() => window.print()}>
            {words('result.print')}
          </Button>
          <Button variant="outlined" color="inherit" onClick={() => saveFile(`${reportName(campaign.title)}.csv`, reportCsv(report))}>
            {words('result.csv')}
          </Button>
          <Button variant="outlined" color="inherit" onClick={() => saveFile(`${reportName(campaign.title)}.json`, `${JSON.stringify(report, null, 2)}\n`, 'application/json')}>
            {words('result.json')}
          </Button>
        </Box>
      </Box>
      {campaign.closedAt === null ? <Alert severity="warning">{words('result.unfinished')}</Alert> : null}
      <Box>
        <FactLine>
          <>
            {words('reviews.owner')}: {showHidden(campaign.owner)}
          </>
          <>
            {words('reviews.started')} <TimeText iso={campaign.createdAt} />
          </>
          <>
            {words('reviews.deadline')} <TimeText iso={campaign.deadline} />
          </>
          {campaign.closedAt ? (
            <>
              {words('reviews.closedAt')} <TimeText iso={campaign.closedAt} />
            </>
          ) : null}
        </FactLine>
        <FactLine>
          <Link component={RouterLink} to={`/story/${report.correlationId}`}>
            {words('story.see')}
          </Link>
          <IdChip id={report.correlationId} whole />
          {words('result.events', { smart_count: report.events.length })}
          <>
            {words('result.policy')}:{' '}
            {report.policyVersions.map((version) => (
              <Link key={version} component={RouterLink} to={`/policy/${version}`} sx={{ mr: 0.5 }}>
                {shortId(version)}
              </Link>
            ))}
          </>
        </FactLine>
      </Box>
      <Counts counts={report.counts} />
      <Lines lines={report.items} />
    </Box>
  );
}

function useOutcome(): (outcome: string | null) => { readonly label: string; readonly tone: 'good' | 'warning' | 'bad' | 'neutral' } {
  const model = useModel();
  const text = useText();
  const resource = model.resource(LINE);
  const values = (resource && fieldOf(resource, 'state')?.values) ?? [];
  return (outcome) => {
    const value = values.find((item) => item.value === asValue(outcome ?? 'open'));
    return value ? { label: text(value.label), tone: value.tone } : { label: outcome ?? '—', tone: 'neutral' };
  };
}

function Counts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  const words = useWords();
  const say = useOutcome();
  return (
    <Box role="group" aria-label={words('result.counts')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
      {Object.entries(counts).map(([outcome, count]) => {
        const { label, tone } = say(outcome);
        return (
          <Box key={outcome} sx={{ display: 'flex', gap: 0.75, alignItems: 'center' }}>
            <Box component="span" className="figures" sx={{ fontSize: '1.25rem', fontWeight: 650 }}>
              {count}
            </Box>
            <StateChip label={label} tone={tone} />
          </Box>
        );
      })}
    </Box>
  );
}

function Lines({ lines }: { readonly lines: readonly ReportLine[] }) {
  const words = useWords();
  const say = useOutcome();
  return (
    <Box
      tabIndex={0}
      role="region"
      aria-label={words('result.lines')}
      sx={(theme) => ({
        overflowX: 'auto',
        border: `1px solid ${theme.tokens.line}`,
        borderRadius: '6px',
        background: theme.tokens.paper,
        '@media print': { overflow: 'visible', border: 0 },
      })}
    >
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>{words('result.access')}</TableCell>
            <TableCell>{words('result.lastAct')}</TableCell>
            <TableCell>{words('result.neverUsed')}</TableCell>
            <TableCell>{words('result.outcome')}</TableCell>
            <TableCell>{words('result.decided')}</TableCell>
            <TableCell>{words('result.reason')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody sx={{ '& td': { verticalAlign: 'top' } }}>
          {lines.map((line) => {
            const { label, tone } = say(line.outcome);
            return (
              <TableRow key={line.id}>
                <TableCell sx={{ fontWeight: 550 }}>{showHidden(line.title)}</TableCell>
                <TableCell>{line.lastUsedAt ? <TimeText iso={line.lastUsedAt} /> : '—'}</TableCell>
                <TableCell align="right">{line.unusedPermissions?.length ?? 0}</TableCell>
                <TableCell>
                  <StateChip label={label} tone={tone} />
                </TableCell>
                <TableCell>
                  {line.decidedBy ? showHidden(line.decidedBy) : '—'}
                  {line.decidedAt ? (
                    <Box sx={{ color: 'text.secondary' }}>
                      <TimeText iso={line.decidedAt} />
                    </Box>
                  ) : null}
                </TableCell>
                <TableCell sx={{ minWidth: 160 }}>{line.reason && line.reason !== '-' ? showHidden(line.reason) : '—'}</TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </Box>
  );
}

export default ResultPage;
