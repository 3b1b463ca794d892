import { Box, Link } from '@mui/material';
import { formatDecimal, showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { Nothing } from '../feedback/section.tsx';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { CommandText } from './command-text.tsx';
import type { LogKey, LogState } from './log-state.ts';
import { PinnedKeys } from './pinned-keys.tsx';
import { isOfName, pinOf, verifyCommand } from './verify-command.ts';

/** A key is of one name of the log: the key of a name from before a loss signs nothing any more, though it was never retired. */
const standingOf = ({ verifier, lastSize }: LogKey, origin: string | null) =>
  !isOfName(verifier, origin)
    ? ({ tone: 'neutral', label: 'integrity.key.earlier' } as const)
    : lastSize === null
      ? ({ tone: 'good', label: 'integrity.key.signs' } as const)
      : ({ tone: 'neutral', label: 'integrity.key.retired' } as const);

/** Public keys of the log, the command that uses them, and the keys that this person trusts by another way. */
export function KeysSection({ log }: { readonly log: LogState }) {
  const words = useWords();
  const locale = useFormatLocale();
  const count = (size: number): string => formatDecimal(String(size), locale);
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      {log.keys.length === 0 ? <Nothing>{words('integrity.keys.none')}</Nothing> : null}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1.5 }}>
        {log.keys.map((key) => (
          <li key={key.verifier}>
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', mb: 0.5, fontSize: '0.8125rem' }}>
              <StateChip {...standingOf(key, log.origin)} label={words(standingOf(key, log.origin).label)} />
              <Box component="span" sx={{ color: 'text.secondary' }}>
                {key.lastSize === null
                  ? words(key.sinceSize === 0 ? 'integrity.key.sinceFirst' : 'integrity.key.since', { count: count(key.sinceSize) })
                  : words('integrity.key.until', { count: count(key.sinceSize), last: count(key.lastSize) })}
                {' · '}
                <TimeText iso={key.madeAt} />
              </Box>
            </Box>
            <CommandText text={pinOf(key)} label={words('integrity.key.copy')} />
          </li>
        ))}
      </Box>
      {log.witnesses.map((witness) => (
        <Box key={witness.verifier} data-witness={witness.name}>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 0.5, fontSize: '0.8125rem' }}>
            <Box component="span">{words('integrity.witnessKey', { name: showHidden(witness.name) })}</Box>
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {witness.lastSize === null ? words('integrity.witnessKey.none') : words('integrity.witnessKey.said', { count: count(witness.lastSize) })}
              {witness.lastAt ? (
                <>
                  {' · '}
                  <TimeText iso={witness.lastAt} relative />
                </>
              ) : null}
            </Box>
          </Box>
          <CommandText text={witness.verifier} label={words('integrity.witnessKey.copy')} />
        </Box>
      ))}
      {log.origin ? (
        <Box>
          <Box sx={{ fontSize: '0.8125rem', mb: 0.5 }}>{words('integrity.origin')}</Box>
          <CommandText text={log.origin} label={words('integrity.origin.copy')} />
        </Box>
      ) : null}
      {log.origin && log.keys.length > 0 ? (
        <Box>
          <Box sx={{ fontSize: '0.8125rem', mb: 0.5 }}>{words('integrity.command')}</Box>
          <CommandText text={verifyCommand('evidence.zip', log.origin, log.keys, log.witnesses)} label={words('integrity.command.copy')} />
          <Box sx={{ mt: 0.75, fontSize: '0.8125rem', color: 'text.secondary' }}>
            {words('integrity.command.help')}{' '}
            <Link href="/log/checkpoint" target="_blank" rel="noreferrer" underline="always">
              {showHidden(words('integrity.command.checkpoint'))}
            </Link>
          </Box>
        </Box>
      ) : null}
      <PinnedKeys />
    </Box>
  );
}
