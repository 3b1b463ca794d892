import { useRef, useState } from 'react';
import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, LinearProgress, Link } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useListContext } from 'ra-core';
import { Link as RouterLink } from 'react-router';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { mutationInput } from '../actions/action-values.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import type { ConsoleModel } from '../catalogue/console-model.ts';
import { mutationDocument, type GatewayRecord } from '../catalogue/documents.ts';
import { failureKeys } from '../feedback/failure-words.ts';
import { titleOf } from '../fields/field-value.tsx';
import { shortId } from '../fields/format.ts';
import { isFailure } from '../gateway/gateway-failure.ts';
import { newCorrelationId, sendDocument } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';

/** Acts that can be done row by row without a word: routine, nothing to type, no code. */
export const bulkActsOf = (model: ConsoleModel, resource: CatalogueResource): readonly CatalogueAction[] =>
  resource.actions
    .flatMap((name) => model.action(name) ?? [])
    .filter(
      (action) =>
        action.tier === 'routine' &&
        action.sensitive === 'never' &&
        action.approval.length === 0 &&
        !action.creates &&
        !action.ownRows &&
        action.input.length === 0 &&
        action.justification === 'none' &&
        model.mayAct(action),
    );

type Result = 'waiting' | 'running' | 'done' | { readonly refused: string };

/** Buttons over the selected rows. Each row is decided alone by the gateway, under one correlation ID. */
export function BulkActs({ resource }: { readonly resource: CatalogueResource }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const { data, selectedIds, onUnselectItems } = useListContext<GatewayRecord & { id: string }>();
  const [chosen, setChosen] = useState<CatalogueAction | null>(null);
  const rows = (data ?? []).filter((record) => selectedIds.includes(record.id));
  if (rows.length === 0 && !chosen) return null;
  return (
    <Box
      role="region"
      aria-label={words('bulk.count', { smart_count: rows.length })}
      // Over the page, not in it: choosing a row must not move the rows under the pointer.
      sx={(theme) => ({
        position: 'fixed',
        bottom: 16,
        left: '50%',
        transform: 'translateX(-50%)',
        zIndex: theme.zIndex.appBar,
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        px: 1.5,
        py: 1,
        borderRadius: '8px',
        background: theme.tokens.raised,
        border: `1px solid ${theme.tokens.lineStrong}`,
        boxShadow: '0 10px 30px rgb(0 0 0 / 24%)',
      })}
    >
      <Box component="span" role="status" sx={{ fontSize: '0.8125rem', fontWeight: 600, mr: 1 }}>
        {words('bulk.count', { smart_count: rows.length })}
      </Box>
      {bulkActsOf(model, resource).map((action) => (
        <Button key={action.name} variant="outlined" color="inherit" data-bulk-action={action.name} disabled={rows.length === 0} onClick={() => setChosen(action)}>
          {text(action.label)} · {rows.length}
        </Button>
      ))}
      {chosen ? <BulkDialog resource={resource} action={chosen} rows={rows} onClose={() => setChosen(null)} /> : null}
      <Button color="inherit" onClick={() => onUnselectItems()}>
        {words('bulk.clear')}
      </Button>
    </Box>
  );
}

function BulkDialog({
  resource,
  action,
  rows: selected,
  onClose,
}: {
  readonly resource: CatalogueResource;
  readonly action: CatalogueAction;
  readonly rows: readonly GatewayRecord[];
  readonly onClose: () => void;
}) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const queries = useQueryClient();
  // The rows as they were chosen: the list behind may load again meanwhile.
  const [rows] = useState(selected);
  const [correlationId] = useState(newCorrelationId);
  const [results, setResults] = useState<ReadonlyMap<string, Result>>(() => new Map(rows.map((row) => [row.id, 'waiting'])));
  const [stage, setStage] = useState<'asking' | 'running' | 'done'>('asking');
  const running = useRef(false);
  const told = (id: string, result: Result): void => setResults((old) => new Map(old).set(id, result));
  const run = async (): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setStage('running');
    const document = mutationDocument(model, action, resource);
    for (const row of rows) {
      told(row.id, 'running');
      try {
        await sendDocument(document, { input: mutationInput(action, resource, row, {}, { preview: false }) }, { correlationId, idempotencyKey: crypto.randomUUID() });
        told(row.id, 'done');
      } catch (error) {
        told(row.id, { refused: isFailure(error) ? words(failureKeys(error).what, { seconds: error.retryAfterSeconds ?? 0 }) : words('failure.console.what') });
      }
    }
    setStage('done');
    await queries.invalidateQueries();
  };
  const done = [...results.values()].filter((result) => result === 'done').length;
  const say = (result: Result | undefined): string =>
    typeof result === 'object' ? result.refused : words(result === 'done' ? 'outcome.ok' : result === 'running' ? 'bulk.running' : 'bulk.waiting');
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby="bulk-title" onClose={() => stage !== 'running' && onClose()}>
      <DialogTitle id="bulk-title">
        {text(action.label)} · {words('bulk.count', { smart_count: rows.length })}
      </DialogTitle>
      {stage === 'running' ? (
        <LinearProgress
          variant="determinate"
          aria-label={text(action.label)}
          value={(100 * results.size - 100 * [...results.values()].filter((result) => result === 'waiting').length) / Math.max(1, results.size)}
        />
      ) : null}
      <DialogContent>
        <Box sx={{ color: 'text.secondary', mb: 1.5 }}>{text(action.description)}</Box>
        {stage === 'done' ? (
          <Alert severity={done === rows.length ? 'success' : 'warning'} role="status" sx={{ mb: 1.5 }}>
            {words('bulk.done', { done, all: rows.length })}{' '}
            <Link component={RouterLink} to={`/story/${correlationId}`} color="inherit" underline="always">
              {words('story.see')}
            </Link>
          </Alert>
        ) : null}
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', maxHeight: '46vh', overflowY: 'auto' }}>
          {rows.map((row) => {
            const result = results.get(row.id);
            return (
              <Box
                component="li"
                key={row.id}
                sx={(theme) => ({ display: 'flex', justifyContent: 'space-between', gap: 2, py: 0.5, borderBottom: `1px solid ${theme.tokens.line}`, fontSize: '0.8125rem' })}
              >
                <span>{titleOf(resource, row) || shortId(row.id)}</span>
                <Box
                  component="span"
                  sx={(theme) => ({ textAlign: 'right', color: result === 'done' ? theme.tokens.good : typeof result === 'object' ? theme.tokens.warning : theme.tokens.quiet })}
                >
                  {stage === 'asking' ? '' : say(result)}
                </Box>
              </Box>
            );
          })}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={onClose} disabled={stage === 'running'}>
          {words(stage === 'done' ? 'common.close' : 'common.cancel')}
        </Button>
        {stage === 'done' ? null : (
          <Button variant="contained" disabled={stage === 'running'} onClick={() => void run()}>
            {text(action.label)} · {rows.length}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
