import { useState } from 'react';
import { Box, Button, Paper, Skeleton, Typography } from '@mui/material';
import { useSearchParams } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { Section } from '../feedback/section.tsx';
import { formatTime } from '../fields/format.ts';
import { NeedsPermission } from '../fields/masked.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { PickedId } from '../reports/picked-id.tsx';
import { DaysPlot } from './days-plot.tsx';
import { FlowTable, linkOf } from './flow-table.tsx';
import { FlowWay } from './flow-way.tsx';
import { type Asked, askedFrom, FLOWING, type Flows, LENGTHS, useFlows } from './flows.ts';
import { Headline } from './headline.tsx';

/** Where guarded flows hurt: by act and by day, never by person. */
export function FlowsPage() {
  const model = useModel();
  const words = useWords();
  const [search, setSearch] = useSearchParams();
  usePageTitle(words('flows.title'));
  const allowed = model.holds(FLOWING);
  const asked = askedFrom(search);
  const { data: flows, error, refetch } = useFlows(asked, allowed);
  const set = (name: string, value: string): void =>
    setSearch((old) => {
      const next = new URLSearchParams(old);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  return (
    <Box sx={{ maxWidth: 1080, display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Box>
        <Typography variant="h1">{words('flows.title')}</Typography>
        <Box sx={{ color: 'text.secondary' }}>{words('flows.help')}</Box>
        <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>{words('flows.people')}</Box>
      </Box>
      {allowed ? (
        <>
          <Choice asked={asked} set={set} />
          {error ? (
            <FailureNotice error={error} retry={() => void refetch()} />
          ) : flows ? (
            <Figures flows={flows} asked={asked} action={search.get('action') ?? ''} choose={(action) => set('action', action)} />
          ) : (
            <Skeleton variant="rounded" height={320} />
          )}
        </>
      ) : (
        <Paper variant="outlined" sx={{ p: 2 }}>
          <NeedsPermission permission={FLOWING} />
        </Paper>
      )}
    </Box>
  );
}

/** Of when and of whom. Each choice asks the gateway once, and an ID that is being typed not at all: reading figures is an event. */
function Choice({ asked, set }: { readonly asked: Asked; readonly set: (name: string, value: string) => void }) {
  const model = useModel();
  const words = useWords();
  const [tenantId, setTenantId] = useState(asked.tenantId);
  return (
    <Paper
      variant="outlined"
      component="form"
      className="no-print"
      aria-label={words('flows.choose')}
      onSubmit={(event) => {
        event.preventDefault();
        set('tenantId', tenantId.trim());
      }}
      sx={{ p: 2, display: 'grid', gap: 1.5, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' }, alignItems: 'start' }}
    >
      <Box role="group" aria-label={words('flows.period')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5 }}>
        {LENGTHS.map((days) => (
          <Button
            key={days}
            type="button"
            color={days === asked.days ? 'primary' : 'inherit'}
            variant={days === asked.days ? 'contained' : 'outlined'}
            aria-pressed={days === asked.days}
            onClick={() => set('days', String(days))}
          >
            {words('flows.days', { smart_count: days })}
          </Button>
        ))}
      </Box>
      {model.tenant ? (
        <Box>
          <PickedId name="tenantId" label={model.tenant.label} resource={model.tenant.name} value={tenantId} onChange={setTenantId} />
          {tenantId.trim() === asked.tenantId ? (
            <Box sx={{ mt: 0.5, fontSize: '0.75rem', color: 'text.secondary' }}>{words('flows.tenant.all')}</Box>
          ) : (
            <Button type="submit" variant="contained" sx={{ mt: 1 }}>
              {words('flows.tenant.show')}
            </Button>
          )}
        </Box>
      ) : null}
    </Paper>
  );
}

interface FiguresProps {
  readonly flows: Flows;
  readonly asked: Asked;
  readonly action: string;
  readonly choose: (action: string) => void;
}

function Figures({ flows, asked, action, choose }: FiguresProps) {
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const [byHand, setByHand] = useState(false);
  const row = flows.actions.find((each) => each.action === action);
  const open = (name: string): void => {
    setByHand(true);
    choose(name);
  };
  const close = (): void => {
    choose('');
    document.getElementById(linkOf(action))?.focus();
  };
  return (
    <>
      <Headline flows={flows} />
      <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
        {words('flows.asOf', { from: formatTime(flows.from, locale, zone), to: formatTime(flows.to, locale, zone) })}
      </Box>
      {flows.total.tries === 0 ? (
        <Paper variant="outlined" sx={{ p: 3, color: 'text.secondary' }} data-empty>
          <Box sx={{ fontWeight: 600, color: 'text.primary' }}>{words('flows.empty')}</Box>
          {words('flows.empty.help')}
        </Paper>
      ) : (
        <Section id="flow-days" title={words('flows.byDay')} help={words('flows.byDay.help')}>
          <DaysPlot days={flows.days} />
        </Section>
      )}
      <Section id="flow-acts" title={words('flows.byAct')} help={words('flows.byAct.help')}>
        <FlowTable rows={flows.actions} chosen={action} onChoose={open} />
      </Section>
      {row ? <FlowWay flows={flows} asked={asked} row={row} takeFocus={byHand} onClose={close} /> : null}
      {action !== '' && !row ? <Box sx={{ color: 'text.secondary' }}>{words('flows.unknownAct')}</Box> : null}
    </>
  );
}

export default FlowsPage;
