import { useState } from 'react';
import { Box, Button, Paper, Skeleton, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useModel } from '../catalogue/console-context.tsx';
import { showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { endOwnSession, listOwnSessions, loadProfile, type OwnSession } from '../gateway/authentication-calls.ts';
import { useWords } from '../language/use-words.ts';
import { PasswordDialog } from './password-dialog.tsx';
import { RecoveryDialog } from './recovery-dialog.tsx';
import { ReplaceTotpDialog } from './replace-totp-dialog.tsx';

/** Fewer codes than this are worth a warning. */
const FEW_CODES = 4;

/** My own sessions and factors. Everything here is about the person signed in, nobody else. */
export function ProfilePage() {
  const { viewer } = useModel();
  const words = useWords();
  usePageTitle(words('profile.title'));
  return (
    <Box sx={{ maxWidth: 860, display: 'grid', gap: 2 }}>
      <Box>
        <Typography variant="h1">{words('profile.title')}</Typography>
        <Box sx={{ color: 'text.secondary' }}>
          {showHidden(viewer.displayName)} · {viewer.email}
        </Box>
      </Box>
      <Factors />
      <Sessions />
    </Box>
  );
}

const Row = ({ title, detail, children }: { readonly title: string; readonly detail: ReactNode; readonly children: ReactNode }) => (
  <Box
    sx={(theme) => ({ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', py: 1.25, '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` } })}
  >
    <Box sx={{ flex: 1, minWidth: 200 }}>
      <Box sx={{ fontWeight: 600 }}>{title}</Box>
      <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>{detail}</Box>
    </Box>
    {children}
  </Box>
);

function Factors() {
  const words = useWords();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'password' | 'totp' | 'codes' | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['profile'], queryFn: loadProfile });
  const close = (): void => {
    setOpen(null);
    void queries.invalidateQueries({ queryKey: ['profile'] });
    void queries.invalidateQueries({ queryKey: ['own-sessions'] });
  };
  const left = data?.recoveryCodes.left ?? 0;
  return (
    <Paper variant="outlined" component="section" aria-labelledby="profile-factors" sx={{ p: 2 }}>
      <Typography variant="h2" id="profile-factors" sx={{ mb: 0.5 }}>
        {words('profile.factors')}
      </Typography>
      {error ? (
        <FailureNotice error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton variant="rounded" height={140} />
      ) : (
        <>
          <Row
            title={words('signIn.password')}
            detail={
              data.passwordChangedAt ? (
                <>
                  {words('profile.changed')} <TimeText iso={data.passwordChangedAt} relative />
                </>
              ) : (
                '—'
              )
            }
          >
            <Button variant="outlined" color="inherit" onClick={() => setOpen('password')}>
              {words('profile.changePassword')}
            </Button>
          </Row>
          <Row
            title={words('profile.totp')}
            detail={
              data.totp.enrolledAt ? (
                <>
                  {words('profile.enrolled')} <TimeText iso={data.totp.enrolledAt} relative />
                </>
              ) : (
                words('profile.notEnrolled')
              )
            }
          >
            <Button variant="outlined" color="inherit" onClick={() => setOpen('totp')}>
              {words('profile.replace')}
            </Button>
          </Row>
          <Row title={words('profile.codes')} detail={words('profile.codesLeft', { smart_count: left })}>
            {left < FEW_CODES ? <StateChip label={words('profile.few')} tone="warning" /> : null}
            <Button variant="outlined" color="inherit" onClick={() => setOpen('codes')}>
              {words('profile.newCodes')}
            </Button>
          </Row>
        </>
      )}
      {open === 'password' ? <PasswordDialog onClose={close} /> : null}
      {open === 'totp' ? <ReplaceTotpDialog onClose={close} /> : null}
      {open === 'codes' ? <RecoveryDialog onClose={close} /> : null}
    </Paper>
  );
}

/** Browser and system in a few words; the whole text in the title. */
function clientName(userAgent: string | null): string {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\/[\d.]+/.exec(userAgent ?? '')?.[1];
  const system = /(Windows|Macintosh|Android|iPhone|iPad|Linux)/.exec(userAgent ?? '')?.[1];
  return [browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser, system === 'Macintosh' ? 'macOS' : system].filter(Boolean).join(' · ') || (userAgent ?? '—');
}

function Sessions() {
  const words = useWords();
  const queries = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const [ending, setEnding] = useState<string | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['own-sessions'], queryFn: listOwnSessions });
  const end = (session: OwnSession): void => {
    setEnding(session.id);
    setFailure(null);
    endOwnSession(session.id)
      .then(() => (session.current ? window.location.replace('/sign-in') : queries.invalidateQueries({ queryKey: ['own-sessions'] })))
      .catch(setFailure)
      .finally(() => setEnding(null));
  };
  return (
    <Paper variant="outlined" component="section" aria-labelledby="profile-sessions" sx={{ p: 2 }}>
      <Typography variant="h2" id="profile-sessions" sx={{ mb: 0.5 }}>
        {words('profile.sessions')}
      </Typography>
      {failure ? <FailureNotice error={failure} /> : null}
      {error ? (
        <FailureNotice error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton variant="rounded" height={100} />
      ) : (
        data.sessions.map((session) => (
          <Row
            key={session.id}
            title={clientName(session.userAgent)}
            detail={
              <>
                {session.ip ?? ''} · {words('profile.since')} <TimeText iso={session.createdAt} /> · {words('profile.lastSeen')} <TimeText iso={session.lastSeenAt} relative />
              </>
            }
          >
            {session.current ? <StateChip label={words('profile.thisOne')} tone="good" /> : null}
            <Button
              variant="outlined"
              color="inherit"
              disabled={ending !== null}
              onClick={() => end(session)}
              aria-label={words('profile.endNamed', { client: clientName(session.userAgent) })}
            >
              {words('profile.end')}
            </Button>
          </Row>
        ))
      )}
    </Paper>
  );
}

export default ProfilePage;
