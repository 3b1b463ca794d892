import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { formatDate } from '../fields/format.ts';
import type { MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import type { FlowDay } from './flows.ts';
import { useFlowNumbers } from './use-flow-numbers.ts';

const HEIGHT = 132;

interface Band {
  readonly name: string;
  readonly words: MessageKey;
  readonly of: (day: FlowDay) => number;
  /** Each has a pattern of its own, so that no two are told apart by colour alone. */
  readonly fill: (theme: Theme) => object;
}

/** From the bottom up. */
const BANDS: readonly Band[] = [
  { name: 'executed', words: 'flows.day.executed', of: ({ executed }) => executed, fill: ({ tokens }) => ({ background: tokens.accent }) },
  {
    name: 'waiting',
    words: 'flows.day.waiting',
    of: ({ waiting }) => waiting,
    fill: ({ tokens }) => ({ background: tokens.accentSoft, border: `1px solid ${tokens.accent}` }),
  },
  {
    name: 'stopped',
    words: 'flows.day.stopped',
    of: ({ abandoned, notApproved }) => abandoned + notApproved,
    fill: ({ tokens }) => ({ background: `repeating-linear-gradient(45deg, ${tokens.warning} 0 2px, ${tokens.warningSoft} 2px 5px)` }),
  },
  {
    name: 'refused',
    words: 'flows.day.refused',
    of: ({ refused }) => refused,
    fill: ({ tokens }) => ({ background: `repeating-linear-gradient(0deg, ${tokens.bad} 0 2px, ${tokens.badSoft} 2px 4px)` }),
  },
];

/** What came of the tries of each day: bars for the eye, one sentence and a table for everybody. */
export function DaysPlot({ days }: { readonly days: readonly FlowDay[] }) {
  const words = useWords();
  const locale = useFormatLocale();
  const { count } = useFlowNumbers();
  const most = Math.max(1, ...days.map(({ tries }) => tries));
  const peak = days.find(({ tries }) => tries === most);
  const sum = (of: (day: FlowDay) => number): number => days.reduce((total, day) => total + of(day), 0);
  const says = peak
    ? words('flows.plot.says', {
        tries: count(sum(({ tries }) => tries)),
        executed: count(sum(({ executed }) => executed)),
        smart_count: days.length,
        day: formatDate(peak.day, locale),
        most: count(peak.tries),
      })
    : words('flows.plot.nothing');
  const told = (day: FlowDay): string => [formatDate(day.day, locale), ...BANDS.map(({ words: name, of }) => `${words(name)}: ${count(of(day))}`)].join('\n');
  return (
    <Box component="figure" sx={{ m: 0 }}>
      <Box
        role="img"
        aria-label={says}
        data-plot="days"
        sx={(theme) => ({ display: 'flex', alignItems: 'flex-end', gap: { xs: '1px', sm: '2px' }, height: HEIGHT, borderBottom: `1px solid ${theme.tokens.lineStrong}` })}
      >
        {days.map((day) => (
          <Box key={day.day} title={told(day)} sx={{ flex: '1 1 0', minWidth: 0, height: '100%', display: 'flex', flexDirection: 'column-reverse' }}>
            {BANDS.map(({ name, of, fill }) =>
              of(day) === 0 ? null : (
                <Box
                  key={name}
                  sx={(theme) => ({ flex: 'none', boxSizing: 'border-box', minHeight: 3, height: `${(of(day) / most) * 96}%`, printColorAdjust: 'exact', ...fill(theme) })}
                />
              ),
            )}
          </Box>
        ))}
      </Box>
      <Box aria-hidden sx={{ display: 'flex', justifyContent: 'space-between', mt: 0.5, fontSize: '0.75rem', color: 'text.secondary' }}>
        <span>{formatDate(days[0]?.day ?? '', locale)}</span>
        <span>{formatDate(days.at(-1)?.day ?? '', locale)}</span>
      </Box>
      <Box component="figcaption" sx={{ mt: 1, fontSize: '0.8125rem', color: 'text.secondary' }}>
        <Box component="ul" sx={{ m: 0, mb: 0.75, p: 0, listStyle: 'none', display: 'flex', flexWrap: 'wrap', columnGap: 2, rowGap: 0.5 }}>
          {BANDS.map(({ name, words: label, of, fill }) => (
            <Box component="li" key={name} sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}>
              <Box aria-hidden sx={(theme) => ({ width: 14, height: 14, borderRadius: '2px', boxSizing: 'border-box', printColorAdjust: 'exact', ...fill(theme) })} />
              {`${words(label)}: ${count(sum(of))}`}
            </Box>
          ))}
        </Box>
        {says}
      </Box>
      <Box component="details" sx={{ mt: 1, fontSize: '0.8125rem' }}>
        <Box component="summary" sx={{ cursor: 'pointer', color: 'text.secondary' }}>
          {words('flows.plot.table')}
        </Box>
        <Box role="group" tabIndex={0} aria-label={words('flows.byDay')} sx={{ overflowX: 'auto', maxHeight: 320, overflowY: 'auto' }}>
          <Table size="small" stickyHeader>
            <TableHead>
              <TableRow>
                <TableCell>{words('flows.day')}</TableCell>
                <TableCell align="right">{words('flows.tries')}</TableCell>
                {BANDS.map(({ name, words: label }) => (
                  <TableCell key={name} align="right">
                    {words(label)}
                  </TableCell>
                ))}
              </TableRow>
            </TableHead>
            <TableBody>
              {days.map((day) => (
                <TableRow key={day.day} data-day={day.day}>
                  <TableCell component="th" scope="row">
                    {formatDate(day.day, locale)}
                  </TableCell>
                  <TableCell align="right" className="figures">
                    {count(day.tries)}
                  </TableCell>
                  {BANDS.map(({ name, of }) => (
                    <TableCell key={name} align="right" className="figures">
                      {count(of(day))}
                    </TableCell>
                  ))}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      </Box>
    </Box>
  );
}
