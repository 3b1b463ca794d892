import { Alert, Box, Button, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { Dismissed } from '../gateway/gates.ts';
import { isFailure } from '../gateway/gateway-failure.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { useAskFor } from '../roles/ask-for.ts';
import { useWords } from '../language/use-words.ts';
import { MONO } from '../theme/theme.ts';
import { failureKeys } from './failure-words.ts';

interface FailureNoticeProps {
  readonly error: unknown;
  readonly retry?: (() => void) | undefined;
  /** Whether the story can be opened: not before sign-in. */
  readonly story?: boolean;
}

/** What happened, what to do next, and the ID under which it is on the log. */
export function FailureNotice({ error, retry, story = true }: FailureNoticeProps) {
  const words = useWords();
  const askFor = useAskFor(isFailure(error) ? error.permission : null);
  if (error instanceof Dismissed) {
    return (
      <Alert
        severity="info"
        action={
          retry ? (
            <Button color="inherit" onClick={retry}>
              {words('common.retry')}
            </Button>
          ) : undefined
        }
      >
        {words('failure.dismissed')}
      </Alert>
    );
  }
  if (!isFailure(error)) {
    return (
      <Alert
        severity="error"
        role="alert"
        action={
          retry ? (
            <Button color="inherit" onClick={retry}>
              {words('common.retry')}
            </Button>
          ) : undefined
        }
      >
        {words('failure.console.what')}
      </Alert>
    );
  }
  const keys = failureKeys(error);
  const seconds = error.retryAfterSeconds ?? 0;
  return (
    <Alert
      severity={error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND' ? 'warning' : 'error'}
      role="alert"
      action={
        retry ? (
          <Button color="inherit" onClick={retry}>
            {words('common.retry')}
          </Button>
        ) : undefined
      }
    >
      <Box sx={{ fontWeight: 600 }}>{words(keys.what, { seconds })}</Box>
      <Box>{words(keys.next, { seconds })}</Box>
      {error.permission ? (
        <Box>
          {words('failure.permission')}{' '}
          <Box component="code" sx={{ fontFamily: MONO, fontSize: '0.75rem' }}>
            {error.permission}
          </Box>
          {askFor ? (
            <>
              {' '}
              <Link
                component="button"
                type="button"
                color="inherit"
                underline="always"
                data-ask={error.permission}
                onClick={() => askFor({ permission: error.permission ?? '', tenantId: null })}
              >
                {words('ask.act')}
              </Link>
            </>
          ) : null}
        </Box>
      ) : null}
      {error.issues.length > 0 ? (
        <Box component="ul" sx={{ my: 0.5, pl: 2.5 }}>
          {error.issues.map((issue) => (
            <li key={`${issue.path}:${issue.message}`}>
              <code>{issue.path}</code>: {issue.message}
            </li>
          ))}
        </Box>
      ) : null}
      <Box sx={{ mt: 0.5, display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 0.75, fontSize: '0.75rem' }}>
        {words('failure.correlation')} <IdChip id={error.correlationId} />
        {story ? <RouterLink to={`/story/${error.correlationId}`}>{words('story.see')}</RouterLink> : null}
      </Box>
    </Alert>
  );
}
