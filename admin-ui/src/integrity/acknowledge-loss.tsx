import WaitingIcon from '@mui/icons-material/GroupOutlined';
import { Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { MakeAct } from '../actions/record-acts.tsx';
import { PENDING, REQUEST } from '../approvals/requests.ts';
import { textOf, useRecords } from '../catalogue/use-records.ts';
import { showHidden } from '../fields/format.ts';
import { useWords } from '../language/use-words.ts';
import { useEveryWhileHere } from '../live/while-here.ts';
import { ACKNOWLEDGE } from './log-state.ts';

/** Milliseconds. */
const EVERY = 5000;

/** The way out of a loss: the act for whoever may ask for it, and once somebody has asked, where their request waits for the second person. */
export function AcknowledgeLoss({ onDone }: { readonly onDone: () => void }) {
  const words = useWords();
  const { records, refetch } = useRecords(REQUEST, {
    filter: { action: { eq: ACKNOWLEDGE }, state: { in: [PENDING] } },
    orderBy: { field: 'requestedAt', direction: 'ASC' },
    first: 1,
    fields: ['requesterName'],
  });
  useEveryWhileHere(EVERY, refetch);
  const waiting = records?.[0];
  return (
    <>
      {waiting ? (
        <Box data-loss-request={waiting.id} sx={{ display: 'flex', gap: 0.75, alignItems: 'center' }}>
          <WaitingIcon aria-hidden sx={{ fontSize: 18 }} />
          <Link component={RouterLink} to={`/approvals/${encodeURIComponent(waiting.id)}`} underline="always" sx={{ fontWeight: 600 }}>
            {words('integrity.banner.waiting', { name: showHidden(textOf(waiting, 'requesterName') ?? words('approvals.someone')) })}
          </Link>
        </Box>
      ) : null}
      <MakeAct
        name={ACKNOWLEDGE}
        offered={waiting === undefined}
        onDone={() => {
          refetch();
          onDone();
        }}
      />
    </>
  );
}
