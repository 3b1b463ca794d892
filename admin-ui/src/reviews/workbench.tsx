import { useRef, useState, type KeyboardEvent } from 'react';
import { Box, Button, Checkbox, Paper, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel } from '../catalogue/console-context.tsx';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { Nothing } from '../feedback/section.tsx';
import { showHidden } from '../fields/format.ts';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import { DecideDialog } from './decide-dialog.tsx';
import { ReviewLine } from './review-line.tsx';
import { byHolder, KEEP, linesShown, lockOf, REVOKE, type Decision, type Shown } from './review-lines.ts';

interface WorkbenchProps {
  readonly resource: CatalogueResource;
  readonly lines: readonly GatewayRecord[];
  /** Which lines are shown at first. */
  readonly first: Shown;
}

const SHOWN: readonly Shown[] = ['open', 'answered', 'all'];

/** The lines of a review, by person. Arrow keys walk them, k keeps, r revokes, x selects; what was chosen can be kept in one go. */
export function Workbench({ resource, lines, first }: WorkbenchProps) {
  const { viewer, action } = useModel();
  const words = useWords();
  const [shown, setShown] = useState<Shown>(first);
  const [at, setAt] = useState(0);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<{ readonly decision: Decision; readonly lines: readonly GatewayRecord[] } | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const holders = byHolder(linesShown(lines, shown));
  const visible = holders.flatMap((holder) => holder.lines);
  const free = (line: GatewayRecord): boolean => lockOf(line, viewer.id) === null;
  // What was answered meanwhile is no longer chosen.
  const chosen = visible.filter((line) => selected.has(line.id) && free(line));
  const active = visible[Math.min(at, visible.length - 1)];

  const toggle = (ids: readonly string[], on: boolean): void =>
    setSelected((old) => {
      const next = new Set(old);
      for (const id of ids)
        if (on) next.add(id);
        else next.delete(id);
      return next;
    });
  const focusLine = (id: string | undefined): void => body.current?.querySelector<HTMLElement>(`[data-line="${id}"]`)?.focus();
  const decide = (decision: Decision, chosenLines: readonly GatewayRecord[]): void => {
    if (chosenLines.length > 0) setAsking({ decision, lines: chosenLines });
  };
  const close = (): void => {
    setAsking(null);
    setSelected(new Set());
    // The line may have left the page with its answer: the one that took its place is next.
    setTimeout(() => body.current?.querySelector<HTMLElement>('[data-line][tabindex="0"]')?.focus());
  };

  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof HTMLElement && event.target.closest('[data-line], [data-workbench]') === null)) return;
    const index = visible.findIndex((line) => line.id === active?.id);
    const step = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      const next = visible[Math.min(visible.length - 1, Math.max(0, index + step))];
      event.preventDefault();
      setAt(visible.findIndex((line) => line.id === next?.id));
      focusLine(next?.id);
    } else if (active && free(active) && !event.repeat && (event.key === 'k' || event.key === 'r')) {
      event.preventDefault();
      decide(event.key === 'k' ? KEEP : REVOKE, [active]);
    } else if (active && free(active) && event.key === 'x') {
      event.preventDefault();
      toggle([active.id], !selected.has(active.id));
    }
  };
  const act = asking ? action(asking.decision) : undefined;
  return (
    <Box ref={body} onKeyDown={press} data-workbench>
      <Box className="no-print" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 1.5 }}>
        <ToggleButtonGroup
          exclusive
          size="small"
          aria-label={words('reviews.filter')}
          value={shown}
          onChange={(_event, next: Shown | null) => {
            if (!next) return;
            setShown(next);
            setAt(0);
          }}
        >
          {SHOWN.map((value) => (
            <ToggleButton key={value} value={value} sx={{ height: 30, px: 1.25, fontSize: '0.8125rem', textTransform: 'none', color: 'text.primary' }}>
              {words(`reviews.filter.${value}`)} · {linesShown(lines, value).length}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <Box sx={{ flex: 1, fontSize: '0.75rem', color: 'text.secondary', display: { xs: 'none', md: 'block' } }}>{words('reviews.keys')}</Box>
        {chosen.length > 0 ? (
          <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
            <Box component="span" role="status" sx={{ fontSize: '0.8125rem', fontWeight: 600 }}>
              {words('reviews.selected', { smart_count: chosen.length })}
            </Box>
            <Button variant="contained" data-keep-selected onClick={() => decide(KEEP, chosen)}>
              {words('reviews.keepSelected', { smart_count: chosen.length })}
            </Button>
            <Button color="inherit" onClick={() => setSelected(new Set())}>
              {words('bulk.clear')}
            </Button>
          </Box>
        ) : null}
      </Box>
      {visible.length === 0 ? (
        <Paper variant="outlined" sx={{ p: 3, textAlign: 'center' }}>
          <Nothing>{words(lines.length === 0 ? 'reviews.empty' : shown === 'open' ? 'reviews.allAnswered' : 'reviews.noneAnswered')}</Nothing>
        </Paper>
      ) : null}
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        {holders.map((holder) => {
          const open = holder.lines.filter(free).map((line) => line.id);
          const heading = `holder-${holder.id}`;
          return (
            <Paper key={holder.id} variant="outlined" component="section" aria-labelledby={heading} sx={{ overflow: 'hidden' }}>
              <Box sx={(theme) => ({ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', px: 1.5, py: 0.75, background: theme.tokens.neutralSoft })}>
                <Box sx={{ width: 28 }}>
                  {open.length > 1 ? (
                    <Checkbox
                      size="small"
                      sx={{ p: '2px' }}
                      checked={open.every((id) => selected.has(id))}
                      indeterminate={open.some((id) => selected.has(id)) && !open.every((id) => selected.has(id))}
                      onChange={(event) => toggle(open, event.target.checked)}
                      slotProps={{ input: { 'aria-label': words('reviews.selectAll', { person: holder.name }) } }}
                    />
                  ) : null}
                </Box>
                <Typography variant="h2" id={heading} sx={{ flex: 1 }}>
                  {showHidden(holder.name)}
                </Typography>
                <Box sx={{ fontSize: '0.75rem', color: 'text.secondary' }}>
                  {holder.lastSeenAt ? (
                    <>
                      {words('reviews.lastHere')} <TimeText iso={holder.lastSeenAt} relative />
                    </>
                  ) : (
                    words('reviews.neverHere')
                  )}
                </Box>
              </Box>
              <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
                {holder.lines.map((line) => (
                  <ReviewLine
                    key={line.id}
                    resource={resource}
                    line={line}
                    active={line.id === active?.id}
                    selected={chosen.includes(line)}
                    onActive={() => setAt(visible.indexOf(line))}
                    onSelect={() => toggle([line.id], !selected.has(line.id))}
                    onDecide={(decision) => {
                      setAt(visible.indexOf(line));
                      decide(decision, [line]);
                    }}
                  />
                ))}
              </Box>
            </Paper>
          );
        })}
      </Box>
      {asking && act ? <DecideDialog action={act} resource={resource} lines={asking.lines} onClose={close} /> : null}
    </Box>
  );
}
