import { useId, useRef, useState, type SubmitEvent } from 'react';
import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, LinearProgress, Link, Stack, TextField } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { formName, mutationInput, REASON } from '../actions/action-values.ts';
import { useModel } from '../catalogue/console-context.tsx';
import { mutationDocument, type GatewayRecord } from '../catalogue/documents.ts';
import { textOf } from '../catalogue/use-records.ts';
import { failureKeys } from '../feedback/failure-words.ts';
import { focusFirst } from '../feedback/focus-first.ts';
import { showHidden } from '../fields/format.ts';
import { isFailure } from '../gateway/gateway-failure.ts';
import { newCorrelationId, sendDocument } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { KEEP } from './review-lines.ts';

type Result = 'waiting' | 'running' | 'done' | { readonly refused: string };

/** Most characters of a reason. */
const LONGEST = 2000;

interface DecideDialogProps {
  readonly action: CatalogueAction;
  readonly resource: CatalogueResource;
  readonly lines: readonly GatewayRecord[];
  readonly onClose: () => void;
}

/** One reason for one line or several; each is decided alone by the gateway, and says what came of it. */
export function DecideDialog({ action, resource, lines: chosen, onClose }: DecideDialogProps) {
  const model = useModel();
  const words = useWords();
  const queries = useQueryClient();
  const id = useId();
  // The lines as they were chosen: the page behind loads again meanwhile.
  const [lines] = useState(chosen);
  const [correlationId] = useState(newCorrelationId);
  const [keys] = useState(() => new Map(lines.map((line) => [line.id, crypto.randomUUID()])));
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const [results, setResults] = useState<ReadonlyMap<string, Result>>(() => new Map());
  const [stage, setStage] = useState<'asking' | 'running' | 'done'>('asking');
  const running = useRef(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const keeping = action.name === KEEP;
  const told = (line: string, result: Result): void => setResults((old) => new Map(old).set(line, result));

  const run = async (): Promise<void> => {
    // A ref: the second click of a double click must find it set (THREATS J12).
    if (running.current) return;
    running.current = true;
    setStage('running');
    const document = mutationDocument(model, action, resource);
    let refused = 0;
    // What was done stays done; the others are asked again under the keys that they had.
    for (const line of lines.filter(({ id: each }) => results.get(each) !== 'done')) {
      told(line.id, 'running');
      try {
        const input = mutationInput(action, resource, line, { [formName(REASON)]: reason }, { preview: false });
        await sendDocument(document, { input }, { correlationId, idempotencyKey: keys.get(line.id) ?? crypto.randomUUID() });
        told(line.id, 'done');
      } catch (error) {
        refused += 1;
        told(line.id, { refused: isFailure(error) ? words(failureKeys(error).what, { seconds: error.retryAfterSeconds ?? 0 }) : words('failure.console.what') });
      }
    }
    running.current = false;
    if (refused > 0) setStage('done');
    await queries.invalidateQueries();
    // Nothing is left to be read when all went well.
    if (refused === 0) onClose();
  };
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const empty = reason.trim() === '';
    setMissing(empty);
    if (empty) field.current?.focus();
    else void run();
  };
  const finished = lines.filter((line) => results.get(line.id) === 'done').length;
  const say = (result: Result | undefined): string =>
    typeof result === 'object' ? result.refused : words(result === 'done' ? 'outcome.ok' : result === 'running' ? 'bulk.running' : 'bulk.waiting');
  const verb = words(keeping ? 'decide.keep' : 'decide.revoke', { smart_count: lines.length });
  return (
    <Dialog
      open
      slotProps={focusFirst}
      fullWidth
      maxWidth="sm"
      aria-labelledby={`${id}-title`}
      onClose={(_event, why) => why === 'escapeKeyDown' && stage !== 'running' && onClose()}
    >
      <form onSubmit={submit} noValidate>
        <DialogTitle id={`${id}-title`} sx={(theme) => ({ borderTop: `3px solid ${keeping ? theme.tokens.good : theme.tokens.bad}` })}>
          {verb}
        </DialogTitle>
        {stage === 'running' ? <LinearProgress variant="determinate" aria-label={verb} value={(100 * finished) / Math.max(1, lines.length)} /> : null}
        <DialogContent>
          <Stack spacing={1.5} sx={{ pt: 0.5 }}>
            <Box sx={{ color: 'text.secondary' }}>
              {words(keeping ? 'decide.keep.help' : 'decide.revoke.help')}
              {lines.length > 1 ? ` ${words('decide.each')}` : ''}
            </Box>
            {stage === 'done' ? (
              <Alert severity="warning" role="status">
                {words('bulk.done', { done: finished, all: lines.length })}{' '}
                <Link component={RouterLink} to={`/story/${correlationId}`} color="inherit" underline="always">
                  {words('story.see')}
                </Link>
              </Alert>
            ) : null}
            <Box component="ul" tabIndex={lines.length > 6 ? 0 : -1} sx={{ m: 0, p: 0, listStyle: 'none', maxHeight: '32vh', overflowY: 'auto' }}>
              {lines.map((line) => {
                const result = results.get(line.id);
                return (
                  <Box
                    component="li"
                    key={line.id}
                    sx={(theme) => ({ display: 'flex', justifyContent: 'space-between', gap: 2, py: 0.5, borderBottom: `1px solid ${theme.tokens.line}` })}
                  >
                    <span>{showHidden(textOf(line, 'title') ?? '')}</span>
                    <Box
                      component="span"
                      sx={(theme) => ({
                        textAlign: 'right',
                        color: result === 'done' ? theme.tokens.good : typeof result === 'object' ? theme.tokens.warning : theme.tokens.quiet,
                      })}
                    >
                      {stage === 'asking' ? '' : say(result)}
                    </Box>
                  </Box>
                );
              })}
            </Box>
            {stage === 'done' ? null : (
              <TextField
                autoFocus
                required
                multiline
                minRows={2}
                label={words('action.reason')}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
                // Enter decides: one line of reason is the rule, Shift and Enter make another.
                onKeyDown={(event) => {
                  // The key that opened the dialog may still be down: it is no text.
                  if (event.repeat && reason === '') event.preventDefault();
                  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
                  event.preventDefault();
                  event.currentTarget.closest('form')?.requestSubmit();
                }}
                error={missing}
                helperText={missing ? words('check.required') : words('decide.reason.help')}
                disabled={stage === 'running'}
                inputRef={field}
                slotProps={{ htmlInput: { maxLength: LONGEST } }}
              />
            )}
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={onClose} disabled={stage === 'running'}>
            {words(stage === 'done' ? 'common.close' : 'common.cancel')}
          </Button>
          {stage === 'done' ? (
            <Button variant="outlined" color="inherit" onClick={() => void run()}>
              {words('common.retry')}
            </Button>
          ) : (
            <Button type="submit" variant="contained" color={keeping ? 'primary' : 'error'} aria-busy={stage === 'running'} data-decide={action.name}>
              {verb}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
