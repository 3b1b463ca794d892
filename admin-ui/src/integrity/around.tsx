import { Box } from '@mui/material';
import type { ReactNode } from 'react';
import { formatDecimal } from '../fields/format.ts';
import { sizeText } from '../fields/size-text.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { FactLine } from '../feedback/section.tsx';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import type { LogState, LogStore } from './log-state.ts';

/** How full the store is, as a share. */
export const fillText = (store: LogStore | null, locale: string): string =>
  store === null ? '' : new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(store.usedBytes / store.capacityBytes);

/** Below this many seconds two clocks agree, as far as anybody could tell. */
const SAME_BELOW = 1;
const MOST_APART = 5;
const STORE_TONES: Readonly<Record<string, 'good' | 'warning' | 'bad'>> = { roomy: 'good', filling: 'warning', full: 'bad' };

/** Clock and room: what the log rests on besides keys and witnesses. */
export function Around({ log }: { readonly log: LogState }) {
  return (
    <Box component="dl" sx={{ m: 0, display: 'grid', gap: 1.5, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}>
      <Clock clock={log.clock} />
      <Store store={log.store} />
    </Box>
  );
}

const Fact = ({ name, mark, children }: { readonly name: string; readonly mark: string; readonly children: ReactNode }) => (
  <Box data-around={mark}>
    <Box component="dt" sx={{ color: 'text.secondary', fontSize: '0.75rem', mb: 0.5 }}>
      {name}
    </Box>
    <Box component="dd" sx={{ m: 0 }}>
      {children}
    </Box>
  </Box>
);

function Clock({ clock: { differenceSeconds, jumps, lastJumpSeconds, lastJumpIndex, lastJumpAt } }: { readonly clock: LogState['clock'] }) {
  const words = useWords();
  const locale = useFormatLocale();
  const apart = Math.abs(differenceSeconds ?? 0);
  const figure = (value: number): string => formatDecimal(value.toFixed(0), locale);
  const label =
    differenceSeconds === null
      ? words('integrity.clock.unknown')
      : apart < SAME_BELOW
        ? words('integrity.clock.same')
        : words(differenceSeconds > 0 ? 'integrity.clock.ahead' : 'integrity.clock.behind', { seconds: figure(apart) });
  return (
    <Fact name={words('integrity.clock')} mark="clock">
      <StateChip tone={differenceSeconds === null ? 'neutral' : apart > MOST_APART || jumps > 0 ? 'warning' : 'good'} label={label} />
      <FactLine>
        {[
          jumps === 0 ? words('integrity.clock.noJumps') : words('integrity.clock.jumps', { smart_count: jumps, seconds: figure(lastJumpSeconds ?? 0) }),
          lastJumpIndex === null ? null : words('integrity.clock.at', { index: formatDecimal(String(lastJumpIndex), locale) }),
          lastJumpAt === null ? null : <TimeText key="at" iso={lastJumpAt} relative />,
        ]}
      </FactLine>
    </Fact>
  );
}

function Store({ store }: { readonly store: LogStore | null }) {
  const words = useWords();
  const locale = useFormatLocale();
  return (
    <Fact name={words('integrity.store')} mark="store">
      {store === null ? (
        <StateChip tone="neutral" label={words('integrity.store.unbounded')} />
      ) : (
        <StateChip
          tone={STORE_TONES[store.level] ?? 'neutral'}
          label={words('integrity.store.of', { used: sizeText(store.usedBytes, locale), capacity: sizeText(store.capacityBytes, locale) })}
        />
      )}
      <FactLine>{[store === null ? null : fillText(store, locale), words('integrity.store.help')]}</FactLine>
    </Fact>
  );
}
