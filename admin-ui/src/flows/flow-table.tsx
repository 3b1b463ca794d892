import { useState, type ReactNode } from 'react';
import { Box, Button, Link, Table, TableBody, TableCell, TableHead, TableRow, TableSortLabel } from '@mui/material';
import type { MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';
import type { FlowFigures } from './flows.ts';
import { abandoned } from './funnel.ts';
import { useActTitle } from './use-act-title.ts';
import { useFlowNumbers } from './use-flow-numbers.ts';

interface Column {
  readonly name: string;
  readonly words: MessageKey;
  /** What rows are ordered by; null stands last whichever way. */
  readonly of: (row: FlowFigures) => number | null;
  readonly show: (row: FlowFigures, numbers: ReturnType<typeof useFlowNumbers>) => ReactNode;
}

const counted = (name: string, words: MessageKey, of: (row: FlowFigures) => number): Column => ({ name, words, of, show: (row, { count }) => count(of(row)) });
const timed = (name: string, words: MessageKey, of: (row: FlowFigures) => number | null): Column => ({
  name,
  words,
  of,
  show: (row, { length }) => {
    const seconds = of(row);
    return seconds === null ? '–' : length(seconds);
  },
});

const COLUMNS: readonly Column[] = [
  counted('tries', 'flows.tries', ({ tries }) => tries),
  { name: 'executed', words: 'flows.done', of: ({ executed }) => executed, show: (row) => <ShareBar row={row} /> },
  counted('refused', 'flows.refused', ({ refused, failed }) => refused + failed),
  counted('abandoned', 'flows.abandoned', abandoned),
  timed('toCode', 'flows.toCode', ({ medianSecondsToCode }) => medianSecondsToCode),
  counted('filed', 'flows.filed', ({ requestsFiled }) => requestsFiled),
  timed('toDecision', 'flows.toDecision', ({ medianSecondsToDecision }) => medianSecondsToDecision),
  counted('emergencies', 'flows.emergencies', ({ emergencies }) => emergencies),
];

/** How many were carried out, and of what share, as a small bar with the words beside it. */
function ShareBar({ row }: { readonly row: FlowFigures }) {
  const words = useWords();
  const { count, share } = useFlowNumbers();
  return (
    <Box sx={{ display: 'grid', gap: '3px', justifyItems: 'end', minWidth: 88 }}>
      {count(row.executed)}
      {row.tries === 0 ? null : (
        <>
          <Box aria-hidden sx={(theme) => ({ width: 72, height: 5, borderRadius: '3px', overflow: 'hidden', background: theme.tokens.line, printColorAdjust: 'exact' })}>
            <Box sx={(theme) => ({ height: '100%', width: `${(row.executed / row.tries) * 100}%`, background: theme.tokens.accent })} />
          </Box>
          <Box component="span" sx={{ fontSize: '0.75rem', color: 'text.secondary', whiteSpace: 'nowrap' }}>
            {words('flows.share', { share: share(row.executed, row.tries) })}
          </Box>
        </>
      )}
    </Box>
  );
}

/** Where the focus goes back to when an act's way is closed. */
export const linkOf = (action: string): string => `flow-act-${action}`;

interface FlowTableProps {
  readonly rows: readonly FlowFigures[];
  readonly chosen: string | null;
  readonly onChoose: (action: string) => void;
}

/** Each act a line, ordered by whatever column hurts. */
export function FlowTable({ rows, chosen, onChoose }: FlowTableProps) {
  const words = useWords();
  const title = useActTitle();
  const numbers = useFlowNumbers();
  const [order, setOrder] = useState<{ readonly by: string; readonly direction: 'asc' | 'desc' }>({ by: 'tries', direction: 'desc' });
  const [everything, setEverything] = useState(false);
  const tried = rows.filter(({ tries }) => tries > 0);
  const shown = sorted(everything ? rows : tried, order, title);
  const sort = (by: string): void => setOrder((old) => ({ by, direction: old.by === by ? (old.direction === 'desc' ? 'asc' : 'desc') : by === 'act' ? 'asc' : 'desc' }));
  const head = (name: string, label: string, align: 'left' | 'right') => (
    <TableCell
      key={name}
      align={align}
      sortDirection={order.by === name ? order.direction : false}
      sx={{ whiteSpace: 'normal', overflowWrap: 'normal', verticalAlign: 'bottom', lineHeight: 1.3 }}
    >
      <TableSortLabel active={order.by === name} direction={order.by === name ? order.direction : 'desc'} onClick={() => sort(name)} data-sort={name}>
        {label}
      </TableSortLabel>
    </TableCell>
  );
  return (
    <>
      <Box role="group" tabIndex={0} aria-label={words('flows.byAct')} sx={{ overflowX: 'auto', mx: -1.5 }}>
        <Table size="small">
          <TableHead>
            <TableRow>
              {head('act', words('flows.act'), 'left')}
              {COLUMNS.map(({ name, words: label }) => head(name, words(label), 'right'))}
            </TableRow>
          </TableHead>
          <TableBody>
            {shown.map((row) => (
              <TableRow key={row.action} data-flow={row.action} selected={row.action === chosen}>
                <TableCell component="th" scope="row" sx={{ minWidth: 150 }}>
                  <Link
                    component="button"
                    type="button"
                    id={linkOf(row.action ?? '')}
                    aria-pressed={row.action === chosen}
                    onClick={() => onChoose(row.action ?? '')}
                    sx={{ textAlign: 'left', fontSize: '0.8125rem', fontWeight: 550 }}
                  >
                    {title(row.action ?? '')}
                  </Link>
                </TableCell>
                {COLUMNS.map(({ name, show }) => (
                  <TableCell key={name} align="right" className="figures" data-cell={name} sx={{ verticalAlign: 'top' }}>
                    {show(row, numbers)}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
      {tried.length === rows.length ? null : (
        <Button type="button" color="inherit" onClick={() => setEverything((old) => !old)} aria-expanded={everything} sx={{ mt: 1 }}>
          {everything ? words('flows.untried.hide') : words('flows.untried', { smart_count: rows.length - tried.length })}
        </Button>
      )}
    </>
  );
}

function sorted(rows: readonly FlowFigures[], order: { readonly by: string; readonly direction: 'asc' | 'desc' }, title: (action: string) => string): readonly FlowFigures[] {
  const sign = order.direction === 'asc' ? 1 : -1;
  const byTitle = (one: FlowFigures, other: FlowFigures): number => title(one.action ?? '').localeCompare(title(other.action ?? ''));
  const of = COLUMNS.find(({ name }) => name === order.by)?.of;
  if (!of) return rows.toSorted((one, other) => sign * byTitle(one, other));
  return rows.toSorted((one, other) => {
    const [left, right] = [of(one), of(other)];
    if (left === right) return byTitle(one, other);
    if (left === null || right === null) return left === null ? 1 : -1;
    return sign * (left - right);
  });
}
