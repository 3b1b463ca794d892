import { useState } from 'react';
import { Box, Button, MenuItem, Paper, TextField } from '@mui/material';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fromLocalTime, toLocalTime } from '../fields/local-time.ts';
import { zoneName } from '../fields/format.ts';
import { UUID } from '../frame/find-records.ts';
import { gatewayNow } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { useTimeZone } from '../preferences/use-preferences.ts';
import { useControls } from './report.ts';
import { PickedId } from './picked-id.tsx';
import { isEmpty, periodOf, type Selection } from './selection.ts';

/** Of the catalogue: who acts. */
const STAFF = 'staffMember';
const PERIODS = ['day', 'week', 'month', 'quarter'] as const;

/** Chooses what a report is about. Nothing is asked of the gateway before it is sent: reading a report is an event. */
export function SelectionForm({ selection, onChoose }: { readonly selection: Selection; readonly onChoose: (selection: Selection) => void }) {
  const words = useWords();
  const text = useText();
  const [zone] = useTimeZone();
  const model = useModel();
  const controls = useControls(true);
  const [draft, setDraft] = useState(selection);
  const [from, setFrom] = useState(selection.from ? toLocalTime(selection.from, zone) : '');
  const [to, setTo] = useState(selection.to ? toLocalTime(selection.to, zone) : '');
  const id = draft.correlationId?.trim() ?? '';
  const badId = id !== '' && !UUID.test(id);
  // What the field shows to the minute keeps the seconds that it came with.
  const instant = (local: string, known: string | undefined): string => (known && toLocalTime(known, zone) === local ? known : local === '' ? '' : fromLocalTime(local, zone));
  const whole: Selection = { ...draft, correlationId: id.toLowerCase(), from: instant(from, draft.from), to: instant(to, draft.to) };
  const backwards = Boolean(whole.from && whole.to && Date.parse(whole.from) >= Date.parse(whole.to));
  const wrong = isEmpty(whole) || badId || backwards;
  const set = (name: keyof Selection) => (value: string) => setDraft((old) => ({ ...old, [name]: value }));
  const frameworks = Map.groupBy(controls.data ?? [], ({ framework }) => framework);
  const choosePeriod = (name: (typeof PERIODS)[number]): void => {
    const period = periodOf(name, gatewayNow());
    setDraft((old) => ({ ...old, ...period }));
    setFrom(toLocalTime(period.from, zone));
    setTo(toLocalTime(period.to, zone));
  };
  return (
    <Paper
      variant="outlined"
      component="form"
      className="no-print"
      aria-label={words('reports.choose')}
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) onChoose(whole);
      }}
      sx={{
        p: 2,
        display: 'grid',
        gap: 1.5,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))', lg: 'minmax(0, 1.25fr) repeat(2, minmax(0, 1fr))' },
        alignItems: 'start',
      }}
    >
      <TextField
        label={words('failure.correlation')}
        value={draft.correlationId ?? ''}
        onChange={(event) => set('correlationId')(event.target.value)}
        error={badId}
        helperText={badId ? words('story.badId') : undefined}
        slotProps={{ htmlInput: { spellCheck: false, maxLength: 64 } }}
      />
      {model.tenant ? <PickedId name="tenantId" label={model.tenant.label} resource={model.tenant.name} value={draft.tenantId ?? ''} onChange={set('tenantId')} /> : null}
      <PickedId name="actorId" label={{ en: 'Who acted', id: 'Siapa yang bertindak' }} resource={STAFF} value={draft.actorId ?? ''} onChange={set('actorId')} />
      <TextField
        select
        label={words('reports.control')}
        value={controls.data ? (draft.control ?? '') : ''}
        onChange={(event) => set('control')(event.target.value)}
        helperText={words('reports.control.help')}
      >
        <MenuItem value="">{words('common.any')}</MenuItem>
        {[...frameworks].flatMap(([framework, list]) => [
          <MenuItem key={framework} disabled sx={{ fontWeight: 600, opacity: '1 !important' }}>
            {framework}
          </MenuItem>,
          ...list.map((control) => (
            <MenuItem key={control.id} value={control.id} sx={{ whiteSpace: 'normal' }}>
              {control.id} · {text(control.title)}
            </MenuItem>
          )),
        ])}
      </TextField>
      <TextField
        type="datetime-local"
        label={`${words('reports.from')} (${zoneName(zone)})`}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        slotProps={{ inputLabel: { shrink: true } }}
      />
      <TextField
        type="datetime-local"
        label={`${words('reports.to')} (${zoneName(zone)})`}
        value={to}
        onChange={(event) => setTo(event.target.value)}
        error={backwards}
        helperText={backwards ? words('reports.backwards') : undefined}
        slotProps={{ inputLabel: { shrink: true } }}
      />
      <Box sx={{ gridColumn: '1 / -1', display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Box role="group" aria-label={words('reports.period')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, mr: 'auto' }}>
          {PERIODS.map((name) => (
            <Button key={name} type="button" color="inherit" variant="outlined" onClick={() => choosePeriod(name)}>
              {words(`reports.period.${name}`)}
            </Button>
          ))}
        </Box>
        <Button
          type="button"
          color="inherit"
          onClick={() => {
            setDraft({});
            setFrom('');
            setTo('');
          }}
        >
          {words('reports.clear')}
        </Button>
        <Button type="submit" variant="contained" disabled={wrong}>
          {words('reports.show')}
        </Button>
      </Box>
    </Paper>
  );
}
