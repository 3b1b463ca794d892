import { Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { useWords } from '../language/use-words.ts';
import { RequestList } from './request-list.tsx';
import { PENDING, requestResource } from './requests.ts';
import { useRequests } from './use-requests.ts';

/** Requests shown on the first page. */
const FEW = 5;
const ASKED = 20;

/** Whether this viewer has anything to do with requests at all. */
export const useHasRequests = (): boolean => requestResource(useModel()) !== null;

/** For the first page: what waits for this viewer, and what they have asked for that is not decided yet. */
export function Waiting() {
  const words = useWords();
  const review = useRequests('review', ASKED);
  const mine = useRequests('mine', ASKED);
  const error = review.error ?? mine.error;
  if (error) return <FailureNotice error={error} retry={() => void Promise.all([review.refetch(), mine.refetch()])} />;
  const toReview = review.data?.requests.slice(0, FEW) ?? [];
  const asked = (mine.data?.requests ?? []).filter((request) => request.state === PENDING).slice(0, FEW);
  return (
    <>
      {toReview.length > 0 ? <RequestList requests={toReview} tab="review" /> : <Box sx={{ color: 'text.secondary' }}>{words('home.noWaiting')}</Box>}
      {asked.length > 0 ? (
        <>
          <Box sx={{ fontSize: '0.75rem', fontWeight: 600, color: 'text.secondary', mt: 1.5, mb: 0.5 }}>{words('home.asked')}</Box>
          <RequestList requests={asked} tab="mine" />
        </>
      ) : null}
      <Link component={RouterLink} to="/approvals" sx={{ display: 'inline-block', mt: 1.25, fontSize: '0.8125rem' }}>
        {words('home.allRequests')}
      </Link>
    </>
  );
}
