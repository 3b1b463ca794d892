import BrokenIcon from '@mui/icons-material/GppBadOutlined';
import { Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { formatDecimal, showHidden } from '../fields/format.ts';
import { MakeAct } from '../actions/record-acts.tsx';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { useAnchorName } from './anchor-words.ts';
import { ACKNOWLEDGE, useLogState } from './log-state.ts';

/** Milliseconds. */
const EVERY = 60_000;

/**
 * Stands over every page while others have seen more of the log than the database holds: nothing can be changed until two people have said so.
 * Shown to whoever may see how the log fares; to everybody else each refused act says it.
 */
export function LogBanner() {
  const words = useWords();
  const locale = useFormatLocale();
  const anchorName = useAnchorName();
  const { state, refetch } = useLogState(EVERY);
  if (!state || (state.standing !== 'behind' && state.standing !== 'fork')) return null;
  return (
    <Box
      role="region"
      aria-label={words('integrity.banner')}
      data-log-standing={state.standing}
      sx={(theme) => ({
        gridColumn: '1 / -1',
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        columnGap: 1.5,
        rowGap: 0.75,
        px: { xs: 1.5, sm: 3 },
        py: 1,
        fontSize: '0.8125rem',
        color: theme.tokens.bad,
        background: theme.tokens.badSoft,
        borderBottom: `2px solid ${theme.tokens.bad}`,
        '& a': { color: 'inherit' },
      })}
    >
      <BrokenIcon aria-hidden sx={{ fontSize: 22 }} />
      <Box sx={{ flex: '1 1 260px', minWidth: 0 }}>
        <Box component="strong">{words('integrity.banner')}</Box>{' '}
        <Box component="span" sx={{ color: 'text.primary' }}>
          {words(`integrity.problem.${state.standing}`, {
            place: showHidden(anchorName(state.seenPlace ?? '')),
            seen: formatDecimal(String(state.seenSize ?? 0), locale),
            size: formatDecimal(String(state.size), locale),
            about: '',
            since: '',
          })}
        </Box>
      </Box>
      <Link component={RouterLink} to="/integrity" underline="always">
        {words('integrity.banner.look')}
      </Link>
      <MakeAct name={ACKNOWLEDGE} onDone={refetch} />
    </Box>
  );
}
