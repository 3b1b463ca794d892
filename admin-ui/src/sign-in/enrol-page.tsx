import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { Alert, Box, Button, Skeleton, Stack, TextField } from '@mui/material';
import { beginEnrolment, confirmEnrolment, type Enrolment } from '../gateway/authentication-calls.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { isFailure } from '../gateway/gateway-failure.ts';
import { useWords } from '../language/use-words.ts';
import { AuthenticatorQr } from './authenticator-qr.tsx';
import { CodeField } from './code-field.tsx';
import { DoorFrame } from './door-frame.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

const SHORTEST_PASSWORD = 12;

/**
 * The one-time link stands behind the `#`, which is never sent to a server or into a log; it leaves the
 * address as soon as it is read.
 */
function takeToken(): string {
  const token = decodeURIComponent(window.location.hash.replace(/^#(token=)?/, ''));
  if (token) window.history.replaceState(null, '', window.location.pathname);
  return token;
}

export function EnrolPage() {
  const words = useWords();
  const [token] = useState(takeToken);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const asked = useRef(false);

  useEffect(() => {
    document.title = `${words('enrol.title')} · Sallyport`;
    if (asked.current || !token) return;
    asked.current = true;
    beginEnrolment(token).then(setEnrolment, setFailure);
  }, [token, words]);

  const voided = isFailure(failure) && (failure.code === 'UNAUTHENTICATED' || failure.code === 'NOT_FOUND');
  const mismatch = repeated !== '' && repeated !== password;
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (mismatch || busy) return;
    setBusy(true);
    setFailure(null);
    confirmEnrolment(token, password, code)
      .then(
        (answer) => setCodes(answer.recoveryCodes),
        (error: unknown) => {
          setFailure(error);
          setCode('');
        },
      )
      .finally(() => setBusy(false));
  };

  if (codes) {
    return (
      <DoorFrame title={words('enrol.done')} wide>
        <Stack spacing={2}>
          <RecoveryCodes codes={codes} />
          <Button variant="contained" size="medium" href="/sign-in">
            {words('enrol.toSignIn')}
          </Button>
        </Stack>
      </DoorFrame>
    );
  }
  return (
    <DoorFrame title={words('enrol.title')} wide>
      <Stack spacing={2} component="form" onSubmit={submit}>
        {token ? null : <Box role="alert">{words('enrol.noToken')}</Box>}
        <div aria-live="polite">{failure ? voided ? <Alert severity="error">{words('enrol.void')}</Alert> : <FailureNotice error={failure} story={false} /> : null}</div>
        {token && !enrolment && !failure ? <Skeleton variant="rounded" height={240} /> : null}
        {enrolment ? (
          <>
            <Box>{words('enrol.welcome', { email: enrolment.email })}</Box>
            <TextField
              label={words('enrol.password')}
              type="password"
              autoFocus
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              helperText={words('enrol.password.help', { length: SHORTEST_PASSWORD })}
              slotProps={{ htmlInput: { autoComplete: 'new-password', minLength: SHORTEST_PASSWORD, maxLength: 1024 } }}
            />
            <TextField
              label={words('enrol.repeat')}
              type="password"
              required
              value={repeated}
              error={mismatch}
              helperText={mismatch ? words('enrol.mismatch') : undefined}
              onChange={(event) => setRepeated(event.target.value)}
              slotProps={{ htmlInput: { autoComplete: 'new-password', maxLength: 1024 } }}
            />
            <AuthenticatorQr setup={enrolment} />
            <CodeField label={words('enrol.code')} value={code} onChange={setCode} first={false} help={words('enrol.code.help')} />
            <Button type="submit" variant="contained" size="medium" disabled={busy || mismatch}>
              {words('enrol.submit')}
            </Button>
          </>
        ) : null}
      </Stack>
    </DoorFrame>
  );
}

export default EnrolPage;
