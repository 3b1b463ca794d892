import { Box } from '@mui/material';
import { visuallyHidden } from '../fields/masked.tsx';
import { formatDuration } from '../fields/format.ts';
import { gatewayNow } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { useCountdown } from './countdown.ts';

const two = (part: number): string => String(part).padStart(2, '0');

/** `4:09`, `1:20:00`: what is left, as a clock shows it. */
export function clockText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Seconds until a moment of the gateway's clock; 0 when it is past, or where there is none. */
export function useTimeLeft(iso: string | null): number {
  const end = iso === null ? Number.NaN : Date.parse(iso) - (gatewayNow() - Date.now());
  // To the second: the difference of the clocks wavers, and must not start the countdown anew.
  return useCountdown(Number.isFinite(end) ? Math.round(end / 1000) * 1000 : null);
}

/** What is left of a short time, by the second to the eye and by the minute to a screen reader. */
export function TimeLeft({ iso, announce = false }: { readonly iso: string; readonly announce?: boolean }) {
  const words = useWords();
  const locale = useFormatLocale();
  const left = useTimeLeft(iso);
  const spoken = left === 0 ? words('time.over') : words('time.left', { duration: formatDuration(left < 60 ? 60 : Math.ceil(left / 60) * 60, locale) });
  return (
    <>
      <Box component="span" aria-hidden className="figures" sx={{ fontVariantNumeric: 'tabular-nums', fontWeight: 600 }}>
        {clockText(left)}
      </Box>
      <Box component="span" sx={visuallyHidden} {...(announce ? { role: 'status' } : {})}>
        {spoken}
      </Box>
    </>
  );
}
