import { Box } from '@mui/material';
import { textOf, useRecords } from '../catalogue/use-records.ts';
import { FactLine, Nothing, Section } from '../feedback/section.tsx';
import { formatDecimal, showHidden } from '../fields/format.ts';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { GAP } from './log-state.ts';

/** Losses that two people have acknowledged; for good, as the log's name says. */
export function Gaps() {
  const words = useWords();
  const locale = useFormatLocale();
  const { records, error, refetch } = useRecords(GAP, { orderBy: { field: 'acknowledgedAt', direction: 'DESC' }, first: 20 });
  const count = (value: string | null): string => formatDecimal(value ?? '0', locale);
  return (
    <Section id="integrity-gaps" title={words('integrity.gaps')} help={words('integrity.gaps.help')} error={error} retry={refetch} waiting={!records}>
      {records?.length === 0 ? <Nothing>{words('integrity.gaps.none')}</Nothing> : null}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1 }}>
        {records?.map((gap) => {
          const at = textOf(gap, 'acknowledgedAt');
          return (
            <li key={gap.id}>
              <Box sx={{ fontWeight: 550 }}>
                {words('integrity.gap.lost', { seen: count(textOf(gap, 'seenSize')), had: count(textOf(gap, 'signedSize') ?? textOf(gap, 'databaseSize')) })}
              </Box>
              <FactLine>
                {[at ? <TimeText key="at" iso={at} /> : null, `${showHidden(textOf(gap, 'originBefore') ?? '')} → ${showHidden(textOf(gap, 'originAfter') ?? '')}`]}
              </FactLine>
            </li>
          );
        })}
      </Box>
    </Section>
  );
}
