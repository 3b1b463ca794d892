import { useEffect, useRef, useState, useSyncExternalStore, type SubmitEvent } from 'react';
import KeyIcon from '@mui/icons-material/VpnKeyOutlined';
import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Stack } from '@mui/material';
import { useCountdown } from '../feedback/countdown.ts';
import { focusFirst } from '../feedback/focus-first.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { passStepUp } from '../gateway/authentication-calls.ts';
import { Dismissed, stepUpGate } from '../gateway/gates.ts';
import { isFailure } from '../gateway/gateway-failure.ts';
import { gatewayNow } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { CodeField } from '../sign-in/code-field.tsx';

/** Length of a time step of the authenticator, in milliseconds (RFC 6238). */
const STEP = 30_000;

/** Machine time at which the authenticator shows its next code. */
const nextCodeAt = (): number => Date.now() + (STEP - (gatewayNow() % STEP));

/** Asks for a fresh code for exactly one act. Whatever stands behind the dialog stays as it was typed. */
export function StepUpDialog() {
  const words = useWords();
  const question = useSyncExternalStore(stepUpGate.subscribe, stepUpGate.current);
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [waitUntil, setWaitUntil] = useState<number | null>(null);
  const wait = useCountdown(waitUntil);
  const running = useRef(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setCode('');
    setFailure(null);
    setWaitUntil(null);
  }, [question]);
  if (!question) return null;

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (running.current || code.length !== 6) return;
    running.current = true;
    setBusy(true);
    setFailure(null);
    passStepUp(question.challenge, code, question.correlationId)
      .then(
        ({ proof }) => stepUpGate.answer(proof),
        (error: unknown) => {
          setFailure(error);
          setCode('');
          if (isFailure(error) && (error.code === 'STEP_UP_FAILED' || error.code === 'RATE_LIMITED'))
            setWaitUntil(error.retryAfterSeconds ? Date.now() + error.retryAfterSeconds * 1000 : nextCodeAt());
          field.current?.focus();
        },
      )
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  return (
    <Dialog open slotProps={focusFirst} maxWidth="xs" fullWidth aria-labelledby="step-up-title" onClose={() => stepUpGate.dismiss(new Dismissed())}>
      <form onSubmit={submit}>
        <DialogTitle id="step-up-title" sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
          <KeyIcon sx={(theme) => ({ color: theme.tokens.bad, fontSize: 20 })} aria-hidden />
          {words('stepUp.title')}
        </DialogTitle>
        <DialogContent>
          <Stack spacing={2}>
            <Box
              component="dl"
              sx={(theme) => ({
                m: 0,
                p: 1.5,
                borderRadius: 1,
                background: theme.tokens.neutralSoft,
                display: 'grid',
                gridTemplateColumns: 'auto 1fr',
                columnGap: 2,
                rowGap: 0.5,
                '& dt': { color: theme.tokens.quiet },
                '& dd': { m: 0, fontWeight: 550 },
              })}
            >
              <dt>{words('stepUp.act')}</dt>
              <dd>{question.act}</dd>
              {question.object ? (
                <>
                  <dt>{words('stepUp.object')}</dt>
                  <dd>{question.object}</dd>
                </>
              ) : null}
              <dt>{words('stepUp.good')}</dt>
              <dd>{words('stepUp.goodFor', { smart_count: Math.round(question.maxAgeSeconds / 60) })}</dd>
            </Box>
            <div aria-live="polite">{failure ? <FailureNotice error={failure} story={false} /> : null}</div>
            <CodeField
              label={words('stepUp.code')}
              value={code}
              onChange={setCode}
              inputRef={field}
              help={wait > 0 ? words('stepUp.wait', { seconds: wait }) : words('stepUp.help')}
            />
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={() => stepUpGate.dismiss(new Dismissed())}>
            {words('common.cancel')}
          </Button>
          <Button type="submit" variant="contained" color="error" disabled={busy || code.length !== 6}>
            {words('stepUp.submit')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
