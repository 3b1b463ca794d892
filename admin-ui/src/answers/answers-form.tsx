import { useState } from 'react';
import { Box, Button, Paper, TextField } from '@mui/material';
import { useModel } from '../catalogue/console-context.tsx';
import { zoneName } from '../fields/format.ts';
import { fromLocalTime, toLocalTime } from '../fields/local-time.ts';
import { useFocusedTenant } from '../frame/use-focused-tenant.ts';
import { gatewayNow } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { useTimeZone } from '../preferences/use-preferences.ts';
import { PickedId } from '../reports/picked-id.tsx';
import { ANSWERING, type Asked, isTooLong, lastDays, PERIODS } from './answers.ts';

/** Chooses of whom and of when. Nothing is asked of the gateway before it is sent: reading answers is an event. */
export function AnswersForm({ asked, onChoose }: { readonly asked: Asked | null; readonly onChoose: (asked: Asked) => void }) {
  const words = useWords();
  const [zone] = useTimeZone();
  const model = useModel();
  const [focused] = useFocusedTenant();
  const [tenantId, setTenantId] = useState((asked ? asked.tenantId : focused?.id) ?? '');
  const [period, setPeriod] = useState(() => (asked ? { from: asked.from, to: asked.to } : lastDays(90, gatewayNow())));
  const set = (name: 'from' | 'to') => (local: string) => setPeriod((old) => ({ ...old, [name]: fromLocalTime(local, zone) }));
  const tooLong = isTooLong(period);
  const backwards = period.from !== '' && period.to !== '' && Date.parse(period.from) >= Date.parse(period.to);
  const needsTenant = tenantId === '' && !model.holdsAt(ANSWERING, null);
  const wrong = tooLong || backwards || needsTenant || period.from === '' || period.to === '';
  const complaint = backwards ? words('reports.backwards') : tooLong ? words('answers.tooLong') : undefined;
  return (
    <Paper
      variant="outlined"
      component="form"
      className="no-print"
      aria-label={words('answers.choose')}
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) onChoose({ ...(tenantId === '' ? {} : { tenantId }), ...period });
      }}
      sx={{ p: 2, display: 'grid', gap: 1.5, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))', lg: 'repeat(3, minmax(0, 1fr))' }, alignItems: 'start' }}
    >
      {model.tenant ? (
        <Box>
          <PickedId name="tenantId" label={model.tenant.label} resource={model.tenant.name} value={tenantId} onChange={setTenantId} />
          <Box sx={{ mt: 0.5, fontSize: '0.75rem', color: 'text.secondary' }}>{words(needsTenant ? 'answers.tenant.needed' : 'answers.tenant.all')}</Box>
        </Box>
      ) : null}
      <TextField
        type="datetime-local"
        label={`${words('reports.from')} (${zoneName(zone)})`}
        value={toLocalTime(period.from, zone)}
        onChange={(event) => set('from')(event.target.value)}
        slotProps={{ inputLabel: { shrink: true } }}
      />
      <TextField
        type="datetime-local"
        label={`${words('reports.to')} (${zoneName(zone)})`}
        value={toLocalTime(period.to, zone)}
        onChange={(event) => set('to')(event.target.value)}
        error={complaint !== undefined}
        helperText={complaint}
        slotProps={{ inputLabel: { shrink: true } }}
      />
      <Box sx={{ gridColumn: '1 / -1', display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Box role="group" aria-label={words('reports.period')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, mr: 'auto' }}>
          {PERIODS.map((days) => (
            <Button key={days} type="button" color="inherit" variant="outlined" onClick={() => setPeriod(lastDays(days, gatewayNow()))}>
              {words('answers.days', { smart_count: days })}
            </Button>
          ))}
        </Box>
        <Button type="submit" variant="contained" disabled={wrong}>
          {words('answers.show')}
        </Button>
      </Box>
    </Paper>
  );
}
