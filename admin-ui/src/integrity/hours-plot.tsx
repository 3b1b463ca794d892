import { Box } from '@mui/material';
import { formatDecimal, formatTime } from '../fields/format.ts';
import { gatewayNow } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { eventsByHour } from './events-by-hour.ts';
import type { LogHour } from './log-state.ts';

const HEIGHT = 56;
const BAR = 20;

/** Events that checkpoints of each hour covered first, over the last day. */
export function HoursPlot({ hours, size }: { readonly hours: readonly LogHour[]; readonly size: number }) {
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const bars = eventsByHour(hours, size, gatewayNow());
  const most = Math.max(1, ...bars.map(({ events }) => events));
  const sum = bars.reduce((total, { events }) => total + events, 0);
  const peak = bars.find(({ events }) => events === most);
  const count = (value: number): string => formatDecimal(String(value), locale);
  const says = words('integrity.plot.says', { count: count(sum), most: peak ? count(peak.events) : '0', hour: peak ? formatTime(peak.hour, locale, zone) : '—' });
  return (
    <Box component="figure" sx={{ m: 0 }}>
      <Box
        component="svg"
        role="img"
        aria-label={says}
        viewBox={`0 0 ${bars.length * BAR} ${HEIGHT}`}
        preserveAspectRatio="none"
        sx={{ display: 'block', width: '100%', height: HEIGHT }}
      >
        {bars.map(({ hour, events }, index) => {
          const height = events === 0 ? 1 : Math.max(2, (events / most) * HEIGHT);
          return (
            <Box
              component="rect"
              key={hour}
              x={index * BAR + 2}
              y={HEIGHT - height}
              width={BAR - 4}
              height={height}
              sx={(theme) => ({ fill: events === 0 ? theme.tokens.line : theme.tokens.accent })}
            >
              <title>{`${formatTime(hour, locale, zone)}: ${count(events)}`}</title>
            </Box>
          );
        })}
      </Box>
      <Box component="figcaption" sx={{ mt: 0.75, fontSize: '0.8125rem', color: 'text.secondary' }}>
        {says}
      </Box>
    </Box>
  );
}
