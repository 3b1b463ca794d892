import { Box, LinearProgress, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { MakeAct } from '../actions/record-acts.tsx';
import { useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { textOf, useRecords, type FoundRecords } from '../catalogue/use-records.ts';
import { FactLine, Nothing, Section } from '../feedback/section.tsx';
import { formatDecimal, formatDuration, showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import { useEveryWhileHere } from '../live/while-here.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { VERIFICATION, VERIFY } from './log-state.ts';

const SHOWN = 6;
/** Milliseconds. */
const WHILE_RUNNING = 1000;
const OTHERWISE = 20_000;

const isRunning = (record: GatewayRecord | undefined): boolean => record?.['state'] === 'RUNNING';

/** The newest whole verifications, asked for again more often while one runs. */
export function useVerifications(): FoundRecords {
  const found = useRecords(VERIFICATION, { orderBy: { field: 'startedAt', direction: 'DESC' }, first: SHOWN });
  useEveryWhileHere(isRunning(found.records?.[0]) ? WHILE_RUNNING : OTHERWISE, found.refetch, found.resource !== undefined);
  return found;
}

/** State of the last verification that came to an end by itself; null where none has. */
export const lastResult = (records: readonly GatewayRecord[] | undefined): string | null => {
  const ended = records?.find((record) => record['state'] === 'INTACT' || record['state'] === 'DAMAGED');
  return ended ? textOf(ended, 'state') : null;
};

export function Verifications({ found }: { readonly found: FoundRecords }) {
  const words = useWords();
  const { resource, records, error, refetch } = found;
  const running = isRunning(records?.[0]);
  return (
    <Section
      id="integrity-verifications"
      title={words('integrity.verifications')}
      help={words('integrity.verifications.help')}
      error={error}
      retry={refetch}
      waiting={!records}
      action={
        <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
          {resource ? (
            <Link component={RouterLink} to={`/${resource.plural}`} sx={{ fontSize: '0.8125rem' }}>
              {words('integrity.verifications.all')}
            </Link>
          ) : null}
          <MakeAct name={VERIFY} offered={records !== undefined && !running} onDone={refetch} />
        </Box>
      }
    >
      {records?.length === 0 ? <Nothing>{words('integrity.verifications.none')}</Nothing> : null}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {resource ? records?.map((record) => <VerificationLine key={record.id} resource={resource} record={record} />) : null}
      </Box>
    </Section>
  );
}

function VerificationLine({ resource, record }: { readonly resource: CatalogueResource; readonly record: GatewayRecord }) {
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const state = fieldOf(resource, 'state')?.values?.find((item) => item.value === record['state']);
  const [size, checked] = [Number(textOf(record, 'size') ?? 0), Number(textOf(record, 'checked') ?? 0)];
  const [started, ended] = [textOf(record, 'startedAt'), textOf(record, 'endedAt')];
  const [problem, firstBad] = [textOf(record, 'problem'), textOf(record, 'firstBad')];
  const count = (value: number): string => formatDecimal(String(value), locale);
  return (
    <Box
      component="li"
      data-verification={String(record['state'])}
      sx={(theme) => ({ py: 1, '&:first-of-type': { pt: 0 }, '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` } })}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', fontSize: '0.8125rem' }}>
        {state ? <StateChip label={text(state.label)} tone={state.tone} /> : null}
        {started ? (
          <Link component={RouterLink} to={`/${resource.plural}/${record.id}`} sx={{ fontWeight: 550 }}>
            <TimeText iso={started} />
          </Link>
        ) : null}
        <FactLine>
          {[
            isRunning(record)
              ? words('integrity.checkedOf', { checked: count(checked), size: count(size) })
              : words('integrity.checked', { smart_count: checked, count: count(checked) }),
            started && ended ? formatDuration((Date.parse(ended) - Date.parse(started)) / 1000, locale) : null,
          ]}
        </FactLine>
      </Box>
      {isRunning(record) ? (
        <LinearProgress
          variant={size > 0 ? 'determinate' : 'indeterminate'}
          value={size > 0 ? Math.min(100, (checked / size) * 100) : 0}
          aria-label={words('integrity.verifying')}
          sx={{ mt: 1, borderRadius: 2 }}
        />
      ) : null}
      {problem || firstBad ? (
        <Box sx={(theme) => ({ mt: 0.5, color: theme.tokens.bad, fontSize: '0.8125rem' })}>
          {firstBad ? words('integrity.firstBad', { index: count(Number(firstBad)) }) : ''} {problem ? showHidden(problem) : ''}
        </Box>
      ) : null}
    </Box>
  );
}
