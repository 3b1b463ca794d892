import { useState } from 'react';
import CopyIcon from '@mui/icons-material/ContentCopy';
import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import PrintIcon from '@mui/icons-material/PrintOutlined';
import ReportIcon from '@mui/icons-material/SummarizeOutlined';
import { Alert, Box, Button, Link, Paper, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { useChangeWords, useFieldLabel } from '../actions/changes-table.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { formatElapsed, formatTime, shortId, showHidden } from '../fields/format.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { NeedsPermission } from '../fields/masked.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useTitles } from '../fields/titles.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { sendDocument } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { outcomeLook } from './outcome.tsx';
import { STORY_QUERY, storyText, type Story } from './story.ts';
import { StoryStepItem } from './story-step.tsx';
import { useEventWords } from './use-event-words.ts';

/** Permission that the export of the log is under; the gateway asks for it again. */
const EXPORT = 'audit.event.export';

export function StoryView({ correlationId }: { readonly correlationId: string }) {
  const model = useModel();
  const words = useWords();
  usePageTitle(words('story.title'));
  const log = model.resource('auditEvent');
  const allowed = log !== undefined && model.holds(log.permission);
  const {
    data: story,
    error,
    refetch,
  } = useQuery({
    queryKey: ['story', correlationId],
    enabled: allowed,
    staleTime: 0,
    queryFn: async ({ signal }) => (await sendDocument<{ story: Story }>(STORY_QUERY, { correlationId }, { signal })).data.story,
  });
  return (
    <Box sx={{ maxWidth: 920 }}>
      <Box className="no-print" sx={{ mb: 0.5, fontSize: '0.8125rem' }}>
        <Link component={RouterLink} to="/story" sx={{ color: 'text.secondary' }}>
          ← {words('story.title')}
        </Link>
      </Box>
      <Typography variant="h1">{words('story.heading')}</Typography>
      <Box sx={{ color: 'text.secondary', mb: 2 }}>
        {words('failure.correlation')} <IdChip id={correlationId} whole />
      </Box>
      {!allowed ? (
        <Paper variant="outlined" sx={{ p: 2 }}>
          <NeedsPermission permission={log?.permission ?? 'audit.event.read'} />
        </Paper>
      ) : error ? (
        <FailureNotice error={error} retry={() => void refetch()} story={false} />
      ) : story ? (
        <Told story={story} />
      ) : (
        <Skeleton variant="rounded" height={320} />
      )}
    </Box>
  );
}

function Told({ story }: { readonly story: Story }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const field = useFieldLabel();
  const value = useChangeWords(null);
  const event = useEventWords();
  const [copied, setCopied] = useState(false);
  const { answers } = story;
  const [targetType, ...rest] = (answers.target ?? '').split(' ');
  const targetId = rest.join(' ');
  const target = targetType ? model.resource(targetType) : undefined;
  const titles = useTitles([
    ...(model.tenant && answers.tenant ? [{ resource: model.tenant.name, ids: [answers.tenant] }] : []),
    ...(targetType && targetId && targetType !== model.tenant?.name ? [{ resource: targetType, ids: [targetId] }] : []),
  ]);
  const titleOf = (resource: string, id: string): string | null => {
    const title = titles(resource, id);
    return title === shortId(id) ? null : title;
  };
  const tenantTitle = model.tenant && answers.tenant ? titleOf(model.tenant.name, answers.tenant) : null;
  const copy = (): void => {
    const plain = storyText(story, {
      tenant: tenantTitle,
      pick: text,
      time: (iso) => formatTime(iso, locale, zone, true),
      elapsed: (milliseconds) => formatElapsed(milliseconds, locale),
      outcome: (outcome) => words(outcomeLook(outcome).words),
      field,
      value,
      masked: words('changes.masked'),
      labels: {
        story: words('story.heading'),
        who: words('story.who'),
        what: words('story.what'),
        tenant: words('story.tenant'),
        target: words('story.target'),
        why: words('story.why'),
        under: words('story.under'),
      },
    });
    void navigator.clipboard.writeText(plain).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <>
      <Paper variant="outlined" component="section" aria-label={words('story.answers')} sx={{ p: 2, mb: 2 }}>
        <Box
          component="dl"
          sx={{
            m: 0,
            display: 'grid',
            gridTemplateColumns: { xs: '1fr', sm: 'max-content 1fr' },
            columnGap: 3,
            rowGap: { xs: 0.25, sm: 0.75 },
            '& dt': { color: 'text.secondary' },
            '& dd': { m: 0, mb: { xs: 1, sm: 0 }, overflowWrap: 'anywhere' },
          }}
        >
          <dt>{words('story.who')}</dt>
          <Box component="dd" sx={{ fontWeight: 600 }}>
            {answers.who ? showHidden(answers.who) : '—'}
          </Box>
          <dt>{words('story.what')}</dt>
          <Box component="dd" sx={{ fontWeight: 600 }}>
            {text(answers.what)}
          </Box>
          <dt>{words('story.tenant')}</dt>
          <dd>
            {tenantTitle ? `${tenantTitle} ` : null}
            {answers.tenant ? (
              <IdChip id={answers.tenant} to={model.tenant && model.holds(model.tenant.permission) ? `/${model.tenant.plural}/${encodeURIComponent(answers.tenant)}` : null} />
            ) : (
              '—'
            )}
          </dd>
          <dt>{words('story.target')}</dt>
          <dd>
            {answers.target ? (
              <>
                {event.thing(targetType ?? '')} {target ? titleOf(target.name, targetId) : null}{' '}
                <IdChip id={targetId} to={target && model.holds(target.permission) ? `/${target.plural}/${encodeURIComponent(targetId)}` : null} />
              </>
            ) : (
              '—'
            )}
          </dd>
          <dt>{words('story.why')}</dt>
          <dd>{answers.why ? showHidden(answers.why) : '—'}</dd>
          <dt>{words('story.under')}</dt>
          <dd>{text(answers.approvedUnder)}</dd>
          <dt>{words('story.time')}</dt>
          <dd>
            <TimeText iso={story.startedAt} seconds /> · {formatElapsed(Date.parse(story.endedAt) - Date.parse(story.startedAt), locale)}
          </dd>
        </Box>
        <Box className="no-print" sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', mt: 2 }}>
          <Button variant="outlined" color="inherit" startIcon={<CopyIcon />} onClick={copy}>
            {words(copied ? 'common.copied' : 'story.copy')}
          </Button>
          <Button variant="outlined" color="inherit" startIcon={<PrintIcon />} onClick={() => window.print()}>
            {words('story.print')}
          </Button>
          <Button variant="outlined" color="inherit" startIcon={<ReportIcon />} component={RouterLink} to={`/reports?correlationId=${encodeURIComponent(story.correlationId)}`}>
            {words('reports.ofThis')}
          </Button>
          {model.holds(EXPORT) ? (
            <>
              <Button variant="outlined" color="inherit" startIcon={<DownloadIcon />} href={`/audit/export?format=csv&correlationId=${encodeURIComponent(story.correlationId)}`}>
                CSV
              </Button>
              <Button variant="outlined" color="inherit" startIcon={<DownloadIcon />} href={`/audit/export?format=jsonl&correlationId=${encodeURIComponent(story.correlationId)}`}>
                JSON Lines
              </Button>
            </>
          ) : null}
        </Box>
      </Paper>
      <Typography variant="h2" sx={{ mb: 1.5 }}>
        {words('story.steps', { smart_count: story.steps.length })}
      </Typography>
      {story.leftOut > 0 ? (
        <Alert severity="info" sx={{ mb: 2 }}>
          {words('story.leftOut', { smart_count: story.leftOut })}
        </Alert>
      ) : null}
      <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {story.steps.map((step, index) => (
          <StoryStepItem key={step.id} step={step} last={index === story.steps.length - 1} />
        ))}
      </Box>
    </>
  );
}
