import { useRef, useState, type ReactNode, type SubmitEvent } from 'react';
import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Stack } from '@mui/material';
import { focusFirst } from '../feedback/focus-first.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { useWords } from '../language/use-words.ts';

interface FactorDialogProps {
  readonly title: string;
  readonly submit: string;
  /** Null: nothing is left to send, the dialog only shows. */
  readonly onSubmit: (() => Promise<void>) | null;
  readonly ready?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The frame of the dialogs by which a person changes their own factors: one request at a time, errors in place. */
export function FactorDialog({ title, submit, onSubmit, ready = true, onClose, children }: FactorDialogProps) {
  const words = useWords();
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!onSubmit || running.current || !ready) return;
    running.current = true;
    setBusy(true);
    setFailure(null);
    onSubmit()
      .catch(setFailure)
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  return (
    <Dialog open slotProps={focusFirst} fullWidth maxWidth="xs" aria-labelledby="factor-title" onClose={(_event, reason) => reason === 'escapeKeyDown' && !busy && onClose()}>
      <form onSubmit={send}>
        <DialogTitle id="factor-title">{title}</DialogTitle>
        <DialogContent>
          <Stack spacing={2} sx={{ pt: 0.5 }}>
            <div aria-live="polite">{failure ? <FailureNotice error={failure} story={false} /> : null}</div>
            {children}
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={onClose} disabled={busy}>
            {words(onSubmit ? 'common.cancel' : 'common.close')}
          </Button>
          {onSubmit ? (
            <Button type="submit" variant="contained" disabled={busy || !ready}>
              {submit}
            </Button>
          ) : null}
        </DialogActions>
      </form>
    </Dialog>
  );
}
