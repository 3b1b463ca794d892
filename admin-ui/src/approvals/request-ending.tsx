import { Alert, Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { TimeText } from '../fields/time-text.tsx';
import { showHidden } from '../fields/format.ts';
import { en, type MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';
import type { ApprovalRequest } from './requests.ts';

const keyOf = (name: string): MessageKey | null => (Object.hasOwn(en, name) ? (name as MessageKey) : null);
const GOOD = 'EXECUTED';

/** How a request ended, what that means, and where all of it is told. */
export function RequestEnding({ request }: { readonly request: ApprovalRequest }) {
  const words = useWords();
  const key = keyOf(`request.ended.${request.state.toLowerCase()}`);
  if (!key) return null;
  const { cause } = request;
  const said = cause ? keyOf(`failure.${cause}.what`) : null;
  return (
    <Alert severity={request.state === GOOD ? 'success' : 'info'} role="status" sx={{ mb: 2 }} data-ending={request.state}>
      <Box sx={{ fontWeight: 600 }}>{words(key)}</Box>
      {cause ? (
        <Box>
          {words('request.cause')}: {said ? words(said) : showHidden(cause)}
        </Box>
      ) : null}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, mt: 0.25 }}>
        {request.endedAt ? <TimeText iso={request.endedAt} /> : null}
        <Link component={RouterLink} to={`/story/${request.correlationId}`} color="inherit" underline="always">
          {words('request.story')}
        </Link>
      </Box>
    </Alert>
  );
}
