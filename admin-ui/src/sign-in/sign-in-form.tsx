import { useRef, useState, type SubmitEvent } from 'react';
import { Box, Button, Link, Stack, TextField } from '@mui/material';
import { confirmTotp, signIn, signInWithRecoveryCode } from '../gateway/authentication-calls.ts';
import { isFailure, type GatewayFailure } from '../gateway/gateway-failure.ts';
import { useCountdown } from '../feedback/countdown.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { useWords } from '../language/use-words.ts';
import { CodeField } from './code-field.tsx';

type Step = 'credentials' | 'totp' | 'recovery';

interface SignInFormProps {
  readonly onDone: () => void;
  /** Known when a session is renewed; still editable. */
  readonly email?: string;
}

/** E-mail and password, then the code. Wrong at one step never says which part was wrong. */
export function SignInForm({ onDone, email: known = '' }: SignInFormProps) {
  const words = useWords();
  const [step, setStep] = useState<Step>('credentials');
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState<GatewayFailure | Error | null>(null);
  const [busy, setBusy] = useState(false);
  const [retryAt, setRetryAt] = useState<number | null>(null);
  const wait = useCountdown(retryAt);
  const running = useRef(false);

  const attempt = async (work: () => Promise<unknown>, next: () => void): Promise<void> => {
    // State settles a render later; a second Enter must not send twice.
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setFailure(null);
    try {
      await work();
      next();
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error('unknown'));
      setCode('');
      // A refused code may be followed by the next at once; only a limit makes one wait.
      const seconds = isFailure(error) && error.code === 'RATE_LIMITED' ? error.retryAfterSeconds : null;
      if (seconds) setRetryAt(Date.now() + seconds * 1000);
      // The half-finished sign-in is over: start again with the password.
      if (isFailure(error) && error.code === 'UNAUTHENTICATED' && step !== 'credentials') setStep('credentials');
    } finally {
      running.current = false;
      setBusy(false);
    }
  };

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (step === 'credentials') {
      void attempt(
        () => signIn(email.trim(), password),
        () => {
          setPassword('');
          setStep('totp');
        },
      );
    } else void attempt(() => (step === 'totp' ? confirmTotp(code) : signInWithRecoveryCode(code.trim())), onDone);
  };

  const blocked = busy || wait > 0;
  const refusedCredentials = step === 'credentials' && isFailure(failure) && failure.code === 'UNAUTHENTICATED';
  return (
    <Box component="form" onSubmit={submit} noValidate={false}>
      <Stack spacing={2}>
        <div aria-live="polite">
          {failure ? refusedCredentials ? <Notice text={words('signIn.wrong')} error={failure} /> : <FailureNotice error={failure} story={false} /> : null}
        </div>
        {step === 'credentials' ? (
          <>
            <TextField
              label={words('signIn.email')}
              name="email"
              type="email"
              required
              autoFocus={known === ''}
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              slotProps={{ htmlInput: { autoComplete: 'username', maxLength: 320, spellCheck: false } }}
            />
            <TextField
              label={words('signIn.password')}
              name="password"
              type="password"
              required
              autoFocus={known !== ''}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              slotProps={{ htmlInput: { autoComplete: 'current-password', maxLength: 1024 } }}
            />
          </>
        ) : (
          <>
            <Box sx={{ color: 'text.secondary' }}>{words(step === 'totp' ? 'signIn.totp.help' : 'signIn.recovery.help')}</Box>
            <CodeField key={step} label={words(step === 'totp' ? 'signIn.code' : 'signIn.recovery')} value={code} onChange={setCode} recovery={step === 'recovery'} />
          </>
        )}
        <Button type="submit" variant="contained" size="medium" disabled={blocked}>
          {wait > 0 ? words('signIn.wait', { seconds: wait }) : words(step === 'credentials' ? 'signIn.continue' : 'signIn.submit')}
        </Button>
        {step === 'credentials' ? null : (
          <Box sx={{ display: 'flex', justifyContent: 'space-between', flexWrap: 'wrap', gap: 1 }}>
            <Link
              component="button"
              type="button"
              onClick={() => {
                setCode('');
                setFailure(null);
                setStep(step === 'totp' ? 'recovery' : 'totp');
              }}
            >
              {words(step === 'totp' ? 'signIn.useRecovery' : 'signIn.useTotp')}
            </Link>
            <Link
              component="button"
              type="button"
              onClick={() => {
                setCode('');
                setFailure(null);
                setStep('credentials');
              }}
            >
              {words('signIn.back')}
            </Link>
          </Box>
        )}
      </Stack>
    </Box>
  );
}

const Notice = ({ text, error }: { readonly text: string; readonly error: GatewayFailure }) => (
  <Box role="alert" sx={(theme) => ({ p: 1.25, borderRadius: 1, background: theme.tokens.badSoft, color: theme.tokens.bad, fontSize: '0.8125rem' })}>
    <Box sx={{ fontWeight: 600 }}>{text}</Box>
    <Box sx={{ fontSize: '0.6875rem', opacity: 0.9, mt: 0.25 }}>{error.correlationId}</Box>
  </Box>
);
