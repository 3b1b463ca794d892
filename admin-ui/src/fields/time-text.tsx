import { Box, Tooltip } from '@mui/material';
import { gatewayNow } from '../gateway/send-request.ts';
import { otherZone, useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { formatRelative, formatTime } from './format.ts';

/** A moment in the chosen zone; relative and other-zone forms in the tooltip (or the other way round). */
export function TimeText({ iso, relative = false, seconds = false }: { readonly iso: string; readonly relative?: boolean; readonly seconds?: boolean }) {
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const exact = formatTime(iso, locale, zone, seconds);
  const ago = formatRelative(iso, gatewayNow(), locale);
  return (
    <Tooltip title={`${relative ? exact : ago} · ${formatTime(iso, locale, otherZone(zone), true)}`}>
      <Box component="time" dateTime={iso} sx={{ whiteSpace: 'nowrap' }}>
        {relative ? ago : exact}
      </Box>
    </Tooltip>
  );
}
