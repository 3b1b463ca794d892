import BrokenIcon from '@mui/icons-material/GppBadOutlined';
import { Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { formatDecimal, showHidden } from '../fields/format.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { useEveryWhileHere } from '../live/while-here.ts';
import { AcknowledgeLoss } from './acknowledge-loss.tsx';
import { useAnchorName, usePlaceName } from './anchor-words.ts';
import { fillText } from './around.tsx';
import { useLogState, type LogState } from './log-state.ts';

/** Milliseconds: usually, and while nothing can be changed, which may be over at any moment. */
const EVERY = 60_000;
const EVERY_WHILE_HALTED = 5_000;

type Halt = 'behind' | 'fork' | 'unknown' | 'storeFull';

const haltOf = ({ standing, store }: LogState): Halt | null => {
  if (standing === 'behind' || standing === 'fork' || standing === 'unknown') return standing;
  return store?.level === 'full' ? 'storeFull' : null;
};

/**
 * Stands over every page while nothing can be changed: others have seen more of the log than the database holds, and two people have to say so; or somebody who could
 * know has not answered since the start; or the log's store is full.
 * Shown to whoever may see how the log fares; to everybody else each refused act says it.
 */
export function LogBanner() {
  const words = useWords();
  const locale = useFormatLocale();
  const anchorName = useAnchorName();
  const placeName = usePlaceName();
  const { state, refetch } = useLogState(EVERY);
  const halt = state ? haltOf(state) : null;
  useEveryWhileHere(EVERY_WHILE_HALTED, refetch, halt !== null);
  if (!state || halt === null) return null;
  const isLoss = halt === 'behind' || halt === 'fork';
  const title = words(isLoss ? 'integrity.banner' : 'integrity.banner.unknown');
  return (
    <Box
      role="region"
      aria-label={title}
      data-log-standing={halt}
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
        <Box component="strong">{title}</Box>{' '}
        <Box component="span" sx={{ color: 'text.primary' }}>
          {words(`integrity.problem.${halt}`, {
            place: placeName(state),
            seen: formatDecimal(String(state.seenSize ?? 0), locale),
            size: formatDecimal(String(state.size), locale),
            signed: state.checkpointSize === null ? words('integrity.signedNothing') : formatDecimal(String(state.checkpointSize), locale),
            unanswered: showHidden(state.unanswered.map(anchorName).join(', ')),
            percent: fillText(state.store, locale),
          })}
        </Box>
      </Box>
      <Link component={RouterLink} to="/integrity" underline="always">
        {words('integrity.banner.look')}
      </Link>
      {isLoss ? <AcknowledgeLoss onDone={refetch} /> : null}
    </Box>
  );
}
