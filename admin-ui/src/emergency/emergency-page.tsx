import { Alert, Box, Link, Typography } from '@mui/material';
import { Link as RouterLink, useParams } from 'react-router';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { RecordActs } from '../actions/record-acts.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { textOf, useRecords } from '../catalogue/use-records.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { NotFoundPage } from '../feedback/page-states.tsx';
import { Nothing, Section } from '../feedback/section.tsx';
import { TimeLeft } from '../feedback/time-left.tsx';
import { showHidden } from '../fields/format.ts';
import { Reach } from '../fields/reach.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { PageSkeleton } from '../frame/layout-skeleton.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { announceHere } from '../live/live.ts';
import { EventLine } from '../stories/event-line.tsx';
import { useEvents } from '../stories/use-events.ts';
import { AWAITING_REVIEW, END, IN_FORCE, REVIEW, USE } from './emergencies.ts';

/** Events shown on the page; the search has all. */
const SHOWN = 50;

/** One emergency: who, why, what was done under it, and what somebody else says of it. */
export function EmergencyPage() {
  const { id = '' } = useParams();
  const { viewer } = useModel();
  const text = useText();
  const words = useWords();
  const { resource, records, error, refetch } = useRecords(USE, { filter: { id: { eq: id } }, first: 1, actions: true });
  const use = records?.[0];
  const ticket = showHidden((use && textOf(use, 'ticket')) ?? '');
  usePageTitle(words('emergency.one', { ticket }));
  if (error) return <FailureNotice error={error} retry={refetch} />;
  if (resource && !records) return <PageSkeleton />;
  if (!resource || !use) return <NotFoundPage />;
  const state = fieldOf(resource, 'state')?.values?.find((item) => item.value === use['state']);
  const ends = textOf(use, 'endsAt');
  return (
    <Box sx={{ maxWidth: 1080, display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Typography variant="h1">{words('emergency.one', { ticket })}</Typography>
        {state ? <StateChip label={text(state.label)} tone={state.tone} /> : null}
        {use['state'] === IN_FORCE && ends ? <TimeLeft iso={ends} announce /> : null}
        <Box sx={{ flex: 1 }} />
        {use['personId'] === viewer.id ? <RecordActs resource={resource} record={use} only={[END]} enabledOnly onDone={() => announceHere('viewer')} /> : null}
      </Box>
      <Facts resource={resource} use={use} />
      <Events use={use} />
      <Review resource={resource} use={use} />
    </Box>
  );
}

function Facts({ resource, use }: { readonly resource: CatalogueResource; readonly use: GatewayRecord }) {
  const text = useText();
  const words = useWords();
  const how = fieldOf(resource, 'endReason')?.values?.find((item) => item.value === use['endReason']);
  const time = (field: string) => {
    const iso = textOf(use, field);
    return iso ? <TimeText iso={iso} seconds /> : null;
  };
  const facts = [
    [words('emergency.by'), showHidden(textOf(use, 'personName') ?? '')],
    [words('emergency.why'), showHidden(textOf(use, 'reason') ?? '')],
    [words('emergency.ticket'), showHidden(textOf(use, 'ticket') ?? '')],
    [words('emergency.where'), <Reach key="reach" record={use} />],
    [words('emergency.began'), time('startedAt')],
    [words('emergency.ends'), use['endedAt'] ? null : time('endsAt')],
    [words('emergency.ended'), time('endedAt')],
    [words('emergency.how'), how ? text(how.label) : null],
  ] as const;
  return (
    <Box
      component="dl"
      sx={(theme) => ({
        m: 0,
        p: 2,
        border: `1px solid ${theme.tokens.line}`,
        borderRadius: '6px',
        background: theme.tokens.paper,
        display: 'grid',
        gridTemplateColumns: { xs: '1fr', sm: '160px 1fr' },
        columnGap: 2,
        rowGap: { xs: 0.25, sm: 0.75 },
        '& dt': { color: theme.tokens.quiet },
        '& dd': { m: 0, mb: { xs: 0.75, sm: 0 } },
      })}
    >
      {facts.map(([label, value]) =>
        value === null || value === '' ? null : (
          <Box key={label} sx={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </Box>
        ),
      )}
    </Box>
  );
}

function Events({ use }: { readonly use: GatewayRecord }) {
  const model = useModel();
  const words = useWords();
  const { events, total, error, refetch, allowed } = useEvents({ breakGlassId: { eq: use.id } }, SHOWN);
  const log = model.resource('auditEvent');
  const story = textOf(use, 'correlationId');
  if (!log) return null;
  const search = `/${log.plural}?filter=${encodeURIComponent(JSON.stringify({ breakGlassId: { eq: use.id } }))}`;
  return (
    <Section
      id="emergency-story"
      title={words('emergency.story')}
      help={total === undefined ? undefined : words('emergency.story.count', { smart_count: total })}
      error={error}
      retry={refetch}
      waiting={allowed && !events}
      action={
        allowed ? (
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, fontSize: '0.8125rem' }}>
            {story ? (
              <Link component={RouterLink} to={`/story/${story}`}>
                {words('emergency.story.whole')}
              </Link>
            ) : null}
            <Link component={RouterLink} to={search}>
              {words('emergency.story.all')}
            </Link>
          </Box>
        ) : undefined
      }
    >
      {!allowed ? <Nothing>{words('emergency.story.notYours')}</Nothing> : events?.length === 0 ? <Nothing>{words('emergency.story.none')}</Nothing> : null}
      <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1.25 }}>
        {events?.map((event) => (
          <EventLine key={event.id} event={event} target />
        ))}
      </Box>
      {total !== undefined && total > SHOWN ? <Box sx={{ mt: 1, color: 'text.secondary', fontSize: '0.8125rem' }}>{words('emergency.story.more', { count: SHOWN })}</Box> : null}
    </Section>
  );
}

function Review({ resource, use }: { readonly resource: CatalogueResource; readonly use: GatewayRecord }) {
  const { viewer } = useModel();
  const text = useText();
  const words = useWords();
  const verdict = fieldOf(resource, 'verdict')?.values?.find((item) => item.value === use['verdict']);
  const reviewer = textOf(use, 'reviewedBy');
  const at = textOf(use, 'reviewedAt');
  const mayReview = use.actions?.some(({ name, enabled }) => name === REVIEW && enabled) ?? false;
  const because = use['personId'] === viewer.id ? 'emergency.review.own' : use['state'] === IN_FORCE ? 'emergency.review.later' : 'emergency.review.mayNot';
  return (
    <Section id="emergency-review" title={words('emergency.review')} {...(mayReview ? { help: words('emergency.review.help') } : {})}>
      {use['alertedAt'] && use['state'] === AWAITING_REVIEW ? (
        <Alert severity="warning" sx={{ mb: 1.5 }}>
          {words('emergency.alerted')}
        </Alert>
      ) : null}
      {verdict ? (
        <Box sx={{ display: 'grid', gap: 0.5 }}>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
            <StateChip label={text(verdict.label)} tone={verdict.tone} />
            {reviewer ? <span>{words('emergency.review.signed', { name: showHidden(reviewer) })}</span> : null}
            {at ? <TimeText iso={at} /> : null}
          </Box>
          <Box sx={{ whiteSpace: 'pre-wrap' }}>{showHidden(textOf(use, 'reviewComment') ?? '')}</Box>
        </Box>
      ) : mayReview ? null : (
        <Nothing>{words(because)}</Nothing>
      )}
      <RecordActs resource={resource} record={use} only={[REVIEW]} enabledOnly />
    </Section>
  );
}

export default EmergencyPage;
