import { Box } from '@mui/material';
import { useModel } from '../catalogue/console-context.tsx';
import { useCountdown } from '../feedback/countdown.ts';
import { gatewayNow } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';

/** Seconds before the end of a session at which the banner appears. */
const NOTICE = 15 * 60;

/** What is unusual about this session, full width, from the server's state. */
export function SessionBanner() {
  const { viewer } = useModel();
  const words = useWords();
  const { session } = viewer;
  const end = Date.parse(session.expiresAt) - (gatewayNow() - Date.now());
  const left = useCountdown(Number.isFinite(end) ? Math.round(end / 1000) * 1000 : null);
  const minutes = Math.ceil(left / 60);
  const lines = [
    session.mode.toLowerCase().includes('read') ? words('banner.readOnly') : null,
    session.secondFactor.toLowerCase().includes('recovery') ? words('banner.recovery') : null,
    left > 0 && left <= NOTICE ? words('banner.ending', { smart_count: minutes }) : null,
  ].filter((line) => line !== null);
  // The region stays so that screen readers hear it change: once a minute, politely.
  return (
    <div role="status">
      {lines.map((line) => (
        <Box
          key={line}
          sx={(theme) => ({
            px: { xs: 1.5, sm: 3 },
            py: 0.75,
            fontSize: '0.8125rem',
            fontWeight: 550,
            color: theme.tokens.warning,
            background: theme.tokens.warningSoft,
            borderBottom: `1px solid ${theme.tokens.line}`,
          })}
        >
          {line}
        </Box>
      ))}
    </div>
  );
}
