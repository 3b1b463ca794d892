import { Alert, Box, Button, Typography } from '@mui/material';
import { Link as RouterLink, useParams } from 'react-router';
import { RecordActs } from '../actions/record-acts.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { textOf, useRecords } from '../catalogue/use-records.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { NotFoundPage } from '../feedback/page-states.tsx';
import { FactLine } from '../feedback/section.tsx';
import { useTimeLeft } from '../feedback/time-left.tsx';
import { formatRelative, showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { PageSkeleton } from '../frame/layout-skeleton.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { gatewayNow } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { CampaignProgress } from './campaign-progress.tsx';
import { CAMPAIGN, CLOSE, CLOSED, LINE, MOST_LINES } from './review-lines.ts';
import { Workbench } from './workbench.tsx';

/** The place where a review is worked through. */
export function CampaignPage() {
  const { id = '' } = useParams();
  const { viewer } = useModel();
  const text = useText();
  const words = useWords();
  const { resource, records, error, refetch } = useRecords(CAMPAIGN, { filter: { id: { eq: id } }, first: 1, actions: true });
  const found = useRecords(LINE, { filter: { reviewId: { eq: id } }, orderBy: { field: 'title', direction: 'ASC' }, first: MOST_LINES, actions: true });
  const campaign = records?.[0];
  const title = showHidden((campaign && textOf(campaign, 'title')) ?? '');
  usePageTitle(title || words('reviews.title'));
  const failure = error ?? found.error;
  if (failure) return <FailureNotice error={failure} retry={() => (refetch(), found.refetch())} />;
  if ((resource && !records) || (found.resource && !found.records)) return <PageSkeleton />;
  if (!resource || !campaign || !found.resource || !found.records) return <NotFoundPage />;
  const value = (field: string) => fieldOf(resource, field)?.values?.find((item) => item.value === campaign[field]);
  const [state, kind, cadence] = [value('state'), value('kind'), value('cadence')];
  const closed = campaign['state'] === CLOSED;
  const time = textOf(campaign, closed ? 'closedAt' : 'deadline');
  const closer = textOf(campaign, 'closedBy');
  return (
    <Box sx={{ maxWidth: 1240, display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'grid', gap: 1 }}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
          <Typography variant="h1">{title}</Typography>
          {state ? <StateChip label={text(state.label)} tone={state.tone} /> : null}
          <Box sx={{ flex: 1 }} />
          <Button component={RouterLink} to={`/access-reviews/${id}/result`} variant="outlined" color="inherit">
            {words('reviews.result')}
          </Button>
          <RecordActs resource={resource} record={campaign} only={[CLOSE]} enabledOnly />
        </Box>
        <FactLine>
          {kind ? text(kind.label) : null}
          <>
            {words('reviews.owner')}: {showHidden(textOf(campaign, 'ownerName') ?? '')}
            {campaign['ownerId'] === viewer.id ? ` (${words('reviews.yours')})` : ''}
          </>
          {time ? (
            <>
              {words(closed ? 'reviews.closedAt' : 'reviews.deadline')} <TimeText iso={time} />
              {closed ? ` ${closer ? showHidden(closer) : words('reviews.byDeadline')}` : ''}
            </>
          ) : null}
          {cadence ? `${words('reviews.repeats')}: ${text(cadence.label)}` : null}
        </FactLine>
        <CampaignProgress campaign={campaign} label={title} />
      </Box>
      <DeadlineNotice campaign={campaign} />
      {found.total !== undefined && found.total > found.records.length ? (
        <Alert severity="info">{words('reviews.cut', { count: found.records.length, all: found.total })}</Alert>
      ) : null}
      <Workbench key={String(closed)} resource={found.resource} lines={found.records} first={closed ? 'all' : 'open'} />
    </Box>
  );
}

/** Days before the deadline at which it is told. */
const SOON = 3 * 86_400;

function DeadlineNotice({ campaign }: { readonly campaign: GatewayRecord }) {
  const words = useWords();
  const locale = useFormatLocale();
  const deadline = textOf(campaign, 'deadline');
  const left = useTimeLeft(deadline);
  if (campaign['state'] === CLOSED) return <Alert severity="info">{words('reviews.isClosed')}</Alert>;
  const unanswered = Number(campaign['unanswered'] ?? 0);
  if (left === 0) return <Alert severity="error">{words('reviews.overdue')}</Alert>;
  if (!deadline || left > SOON || unanswered === 0) return null;
  return <Alert severity="warning">{words('reviews.soon', { when: formatRelative(deadline, gatewayNow(), locale), smart_count: unanswered })}</Alert>;
}

export default CampaignPage;
