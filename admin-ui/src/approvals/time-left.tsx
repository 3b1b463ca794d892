import { Box } from '@mui/material';
import { formatDuration } from '../fields/format.ts';
import { visuallyHidden } from '../fields/masked.tsx';
import { useTimeLeft } from '../feedback/time-left.tsx';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';

/** Seconds before the end at which the time that is left takes colour. */
const SOON = 3600;

/** How long a request can still be decided on, by the gateway's clock. Ticks for the eye; is said once a minute. */
export function TimeLeft({ until, spoken = false }: { readonly until: string; readonly spoken?: boolean }) {
  const words = useWords();
  const locale = useFormatLocale();
  const seconds = useTimeLeft(until);
  const shown = seconds === 0 ? words('approvals.over') : words('approvals.left', { duration: formatDuration(seconds, locale) });
  const said = seconds === 0 ? words('approvals.over') : words('request.countdown', { duration: formatDuration(Math.max(60, Math.ceil(seconds / 60) * 60), locale) });
  return (
    <Box
      component="span"
      className="figures"
      sx={(theme) => ({ whiteSpace: 'nowrap', fontWeight: seconds <= SOON ? 600 : 450, color: seconds <= SOON ? theme.tokens.warning : 'inherit' })}
    >
      <span aria-hidden={spoken}>{shown}</span>
      {spoken ? (
        <Box component="span" role="timer" aria-live="polite" sx={visuallyHidden}>
          {said}
        </Box>
      ) : null}
    </Box>
  );
}
