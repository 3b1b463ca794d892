import { Box, Link, Paper, Skeleton, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { Section } from '../feedback/section.tsx';
import { NeedsPermission } from '../fields/masked.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { REPORTING } from '../reports/selection.ts';
import { Around } from './around.tsx';
import { useBrowserMemory } from './browser-memory.ts';
import { BrowserAlarm } from './browser-witness.tsx';
import { Gaps } from './gaps.tsx';
import { Glance } from './glance.tsx';
import { HoursPlot } from './hours-plot.tsx';
import { KeysSection } from './keys-section.tsx';
import { READ_INTEGRITY, useLogHours, useLogState, type LogState } from './log-state.ts';
import { Anchors, Streams } from './places.tsx';
import { lastResult, useVerifications, Verifications } from './verifications.tsx';

/** Milliseconds. */
const EVERY = 5000;

/** Whether the log is whole, and who outside could tell; a stranger verifies for themselves, and here is how. */
export function IntegrityPage() {
  const model = useModel();
  const words = useWords();
  usePageTitle(words('integrity.title'));
  const { allowed, state, error, refetch } = useLogState(EVERY);
  return (
    <Box sx={{ maxWidth: 1080, display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'flex-start' }}>
        <Box sx={{ flex: '1 1 300px' }}>
          <Typography variant="h1">{words('integrity.title')}</Typography>
          <Box sx={{ color: 'text.secondary' }}>{words('integrity.help')}</Box>
        </Box>
        {model.holds(REPORTING) ? (
          <Link component={RouterLink} to="/reports" sx={{ fontSize: '0.8125rem' }}>
            {words('reports.title')}
          </Link>
        ) : null}
      </Box>
      {!allowed ? (
        <Paper variant="outlined" sx={{ p: 2 }}>
          <NeedsPermission permission={READ_INTEGRITY} />
        </Paper>
      ) : error && !state ? (
        <FailureNotice error={error} retry={refetch} />
      ) : state ? (
        <Panel log={state} error={error} refetch={refetch} />
      ) : (
        <Skeleton variant="rounded" height={220} />
      )}
    </Box>
  );
}

function Panel({ log, error, refetch }: { readonly log: LogState; readonly error: unknown; readonly refetch: () => void }) {
  const words = useWords();
  const verifications = useVerifications();
  const hours = useLogHours();
  const { data: memory, error: forgotten, refetch: remember } = useBrowserMemory(log.checkpointSize);
  return (
    <>
      {error ? <FailureNotice error={error} retry={refetch} /> : null}
      {forgotten ? <FailureNotice error={forgotten} retry={() => void remember()} /> : null}
      {memory ? <BrowserAlarm memory={memory} /> : null}
      <Glance log={log} lastVerification={lastResult(verifications.records)} />
      <Section id="integrity-hours" title={words('integrity.plot')} error={hours.error} retry={() => void hours.refetch()} waiting={!hours.data}>
        {hours.data ? <HoursPlot hours={hours.data} size={log.size} /> : null}
      </Section>
      <Section id="integrity-anchors" title={words('integrity.anchors')} help={words('integrity.anchors.help')}>
        <Anchors log={log} memory={memory} />
      </Section>
      <Section id="integrity-streams" title={words('integrity.streams')} help={words('integrity.streams.help')}>
        <Streams streams={log.streams} />
      </Section>
      <Section id="integrity-around" title={words('integrity.around')} help={words('integrity.around.help')}>
        <Around log={log} />
      </Section>
      <Verifications found={verifications} />
      <Section id="integrity-keys" title={words('integrity.keys')} help={words('integrity.keys.help')}>
        <KeysSection log={log} />
      </Section>
      <Gaps />
    </>
  );
}

export default IntegrityPage;
