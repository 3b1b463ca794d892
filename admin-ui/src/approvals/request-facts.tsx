import { Box, Link, Paper, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { useAlternatives } from '../actions/plan-notice.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { showHidden } from '../fields/format.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import type { ApprovalReview, RequestInView } from './requests.ts';
import { useRequestWords } from './use-requests.ts';

const APPROVED = 'APPROVE';

/** A name at the head of a line, “you” included. */
const leading = { fontWeight: 600, display: 'inline-block', '&::first-letter': { textTransform: 'uppercase' } } as const;

/** Who asked and why, what it takes, who has decided so far. */
export function RequestFacts({ view }: { readonly view: RequestInView }) {
  const { request, reviews } = view;
  const text = useText();
  const words = useWords();
  const say = useRequestWords();
  const alternatives = useAlternatives();
  const { rule } = request;
  return (
    <>
      <Paper variant="outlined" component="section" aria-labelledby="request-asked" sx={{ p: 2 }}>
        <Typography variant="h2" id="request-asked" sx={{ mb: 1 }}>
          {words('request.asked')}
        </Typography>
        <Box
          component="dl"
          sx={{
            m: 0,
            display: 'grid',
            gridTemplateColumns: { xs: '96px minmax(0, 1fr)', sm: '140px minmax(0, 1fr)' },
            columnGap: 2,
            rowGap: 1,
            '& dd': { m: 0 },
            '& dt': { color: 'text.secondary', fontSize: '0.8125rem' },
          }}
        >
          <dt>{words('approvals.who')}</dt>
          <dd>
            <Box component="span" sx={leading}>
              {say.who(request)}
            </Box>
            {', '}
            <TimeText iso={request.requestedAt} relative />
          </dd>
          {request.reason === undefined ? null : (
            <>
              <dt>{words('request.reason')}</dt>
              <Box component="dd" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {showHidden(request.reason ?? '')}
              </Box>
            </>
          )}
          <dt>{words('request.ticket')}</dt>
          <dd>{request.ticket ? showHidden(request.ticket) : words('request.noTicket')}</dd>
          {rule ? (
            <>
              <dt>{words('request.rule')}</dt>
              <dd>
                {alternatives(rule.alternatives)}
                <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>{text(rule.stated)}</Box>
              </dd>
            </>
          ) : null}
          <dt>{words('request.expiresAt')}</dt>
          <dd>
            <TimeText iso={request.expiresAt} />
          </dd>
          <dt>{words('failure.correlation')}</dt>
          <dd>
            <IdChip id={request.correlationId} to={`/story/${request.correlationId}`} />{' '}
            <Link component={RouterLink} to={`/story/${request.correlationId}`} sx={{ fontSize: '0.8125rem' }}>
              {words('request.story')}
            </Link>
          </dd>
        </Box>
      </Paper>
      <Paper variant="outlined" component="section" aria-labelledby="request-reviews" sx={{ p: 2 }}>
        <Typography variant="h2" id="request-reviews" sx={{ mb: 1 }}>
          {words('request.reviews')}
        </Typography>
        {reviews.length === 0 ? (
          <Box sx={{ color: 'text.secondary' }}>{words('request.noReviews')}</Box>
        ) : (
          <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1.25 }}>
            {reviews.map((review) => (
              <Review key={review.id} review={review} />
            ))}
          </Box>
        )}
      </Paper>
    </>
  );
}

function Review({ review }: { readonly review: ApprovalReview }) {
  const { viewer } = useModel();
  const words = useWords();
  const approved = review.decision === APPROVED;
  const who = review.reviewerId === viewer.id ? words('approvals.byYou') : (review.reviewerName ?? words('approvals.someone'));
  return (
    <li>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
        <Box component="span" sx={leading}>
          {showHidden(who)}
        </Box>
        <StateChip label={words(approved ? 'request.approved' : 'request.denied')} tone={approved ? 'good' : 'bad'} />
        <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
          <TimeText iso={review.reviewedAt} relative />
        </Box>
      </Box>
      {review.comment ? <Box sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{showHidden(review.comment)}</Box> : null}
    </li>
  );
}
