import BadIcon from '@mui/icons-material/GppBadOutlined';
import GoodIcon from '@mui/icons-material/VerifiedUserOutlined';
import WarningIcon from '@mui/icons-material/GppMaybeOutlined';
import { Box, Paper, Typography } from '@mui/material';
import { formatDecimal, formatTime, showHidden } from '../fields/format.ts';
import { gatewayNow } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { Age } from './age.tsx';
import { useAnchorName, usePlaceName } from './anchor-words.ts';
import { judgeLog, type FoundProblem, type LogTone } from './judge-log.ts';
import { fillText } from './around.tsx';
import type { LogState } from './log-state.ts';

const ICONS = { good: GoodIcon, warning: WarningIcon, bad: BadIcon } as const satisfies Record<LogTone, unknown>;
const GROUNDS = { good: 'goodSoft', warning: 'warningSoft', bad: 'badSoft' } as const;

/** The whole state in one sentence, in a tone, a sign and words; below it what is amiss, and the figures that it rests on. */
export function Glance({ log, lastVerification }: { readonly log: LogState; readonly lastVerification: string | null }) {
  const words = useWords();
  const locale = useFormatLocale();
  const { tone, problems } = judgeLog(log, lastVerification, gatewayNow());
  const Icon = ICONS[tone];
  const count = (value: number): string => formatDecimal(String(value), locale);
  const facts: readonly (readonly [name: string, value: React.ReactNode, more: React.ReactNode])[] = [
    [
      words('integrity.size'),
      count(log.size),
      log.unsealed === 0 ? words('integrity.waiting.none') : words('integrity.waiting', { smart_count: log.unsealed, seconds: Math.ceil(log.oldestUnsealedSeconds ?? 0) }),
    ],
    [
      words('integrity.checkpoint'),
      log.checkpointAt ? <Age iso={log.checkpointAt} /> : '—',
      log.checkpointSize === null ? words('integrity.checkpoint.none') : words('integrity.covers', { count: count(log.checkpointSize), today: count(log.checkpointsToday) }),
    ],
    [
      words('integrity.witness'),
      log.witnessedAt ? <Age iso={log.witnessedAt} /> : '—',
      log.witnessedSize === null
        ? words('integrity.witness.none')
        : log.witnessedSize >= log.size
          ? words('integrity.witness.all')
          : words('integrity.witness.upTo', { count: count(log.witnessedSize), smart_count: log.size - log.witnessedSize }),
    ],
  ];
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-labelledby="integrity-glance"
      data-log-tone={tone}
      sx={(theme) => ({ overflow: 'hidden', borderColor: tone === 'good' ? theme.tokens.line : theme.tokens[tone] })}
    >
      <Box sx={(theme) => ({ display: 'flex', gap: 1.75, p: 2.5, background: theme.tokens[GROUNDS[tone]], color: theme.tokens[tone] })}>
        <Icon aria-hidden sx={{ fontSize: 34, mt: '-2px' }} />
        <Box role="status" sx={{ minWidth: 0 }}>
          <Typography variant="h2" id="integrity-glance" sx={{ fontSize: '1.0625rem' }}>
            {words(`integrity.tone.${tone}`)}
          </Typography>
          {problems.length === 0 ? (
            <Box sx={{ color: 'text.primary' }}>{words('integrity.tone.good.help')}</Box>
          ) : (
            <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.25, color: 'text.primary' }}>
              {problems.map((found) => (
                <li key={`${found.problem} ${found.about}`} data-problem={found.problem}>
                  <Problem found={found} log={log} />
                </li>
              ))}
            </Box>
          )}
        </Box>
      </Box>
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: { xs: '1fr', sm: 'repeat(3, 1fr)' } }}>
        {facts.map(([name, value, more], index) => (
          <Box
            key={name}
            sx={(theme) => ({
              p: 2,
              borderTop: `1px solid ${theme.tokens.line}`,
              [theme.breakpoints.up('sm')]: { borderLeft: index === 0 ? 'none' : `1px solid ${theme.tokens.line}` },
            })}
          >
            <Box component="dt" sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
              {name}
            </Box>
            <Box component="dd" className="figures" sx={{ m: 0, fontSize: '1.1875rem', fontWeight: 620, letterSpacing: '-0.01em' }}>
              {value}
            </Box>
            <Box component="dd" sx={{ m: 0, color: 'text.secondary', fontSize: '0.8125rem' }}>
              {more}
            </Box>
          </Box>
        ))}
      </Box>
    </Paper>
  );
}

function Problem({ found, log }: { readonly found: FoundProblem; readonly log: LogState }) {
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const anchorName = useAnchorName();
  const placeName = usePlaceName();
  const anchor = log.anchors.find(({ name }) => name === found.about);
  const stream = log.streams.find(({ destination }) => destination === found.about);
  const witness = log.witnesses.find(({ name }) => name === found.about);
  const since = anchor?.failingSince ?? stream?.failingSince;
  return (
    <>
      {words(`integrity.problem.${found.problem}`, {
        about: showHidden(anchor ? anchorName(anchor.kind) : (found.about ?? '')),
        place: placeName(log),
        seen: formatDecimal(String(log.seenSize ?? 0), locale),
        size: formatDecimal(String(log.size), locale),
        signed: log.checkpointSize === null ? words('integrity.signedNothing') : formatDecimal(String(log.checkpointSize), locale),
        unanswered: showHidden(log.unanswered.map(anchorName).join(', ')),
        percent: fillText(log.store, locale),
        seconds: formatDecimal(Math.abs(log.clock.differenceSeconds ?? 0).toFixed(0), locale),
        jump: formatDecimal((log.clock.lastJumpSeconds ?? 0).toFixed(0), locale),
        failures: String(witness?.failures ?? 0),
        since: since ? formatTime(since, locale, zone) : '',
      })}
    </>
  );
}
