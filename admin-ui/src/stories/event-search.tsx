import { useState, type SubmitEvent } from 'react';
import { Box, Button, FormControlLabel, Link, MenuItem, Paper, Skeleton, Switch, TextField, Typography } from '@mui/material';
import { Link as RouterLink, useNavigate, useSearchParams } from 'react-router';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { formatDecimal } from '../fields/format.ts';
import { NeedsPermission } from '../fields/masked.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { UUID } from '../frame/find-records.ts';
import { useFocusedTenant } from '../frame/use-focused-tenant.ts';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { EventLine } from './event-line.tsx';
import { useEvents, WITHOUT_READINGS } from './use-events.ts';

const SHOWN = 50;
const DAY = 86_400_000;
const SPANS = [1, 7, 30, 0] as const;

/** The log as people look for a story in it: who, what, when, how it ended. Every other filter is in the full list. */
export function EventSearch() {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const navigate = useNavigate();
  const [focused] = useFocusedTenant();
  const [parameters, setParameters] = useSearchParams();
  const [id, setId] = useState('');
  const [who, setWho] = useState(parameters.get('who') ?? '');
  const outcome = parameters.get('outcome') ?? '';
  const action = parameters.get('action') ?? '';
  const readings = parameters.get('readings') === 'yes';
  const days = Number(parameters.get('days') ?? '7');
  const [now] = useState(Date.now);
  usePageTitle(words('story.title'));
  const actor = parameters.get('who') ?? '';
  const filter = {
    ...(actor ? { actorName: { contains: actor } } : {}),
    ...(readings ? {} : WITHOUT_READINGS),
    ...(outcome ? { outcome: { eq: outcome } } : {}),
    ...(action ? { action: { eq: action } } : {}),
    ...(days > 0 ? { time: { gte: new Date(now - days * DAY).toISOString() } } : {}),
    ...(focused ? { tenantId: { eq: focused.id } } : {}),
  };
  const { events, total, totalIsExact, error, refetch, allowed } = useEvents(filter, SHOWN);
  const set = (name: string, value: string): void =>
    setParameters((old) => {
      const next = new URLSearchParams(old);
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });
  const log = model.resource('auditEvent');
  const outcomes = log?.fields.find((field) => field.name === 'outcome')?.values ?? [];
  const open = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const wanted = id.trim().toLowerCase();
    if (UUID.test(wanted)) void navigate(`/story/${wanted}`);
    else set('who', who.trim());
  };
  return (
    <Box sx={{ maxWidth: 920 }}>
      <Typography variant="h1">{words('story.title')}</Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mb: 2 }}>
        {words('story.help')}
      </Typography>
      <Paper
        variant="outlined"
        component="form"
        onSubmit={open}
        sx={{
          p: 2,
          mb: 2,
          display: 'grid',
          gap: 1.5,
          gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr', md: '1fr 1fr 1fr', lg: '2fr 1.3fr 1.1fr 1.2fr 1.4fr auto' },
          alignItems: 'start',
        }}
      >
        <TextField
          label={words('failure.correlation')}
          value={id}
          onChange={(event) => setId(event.target.value)}
          error={id.trim() !== '' && !UUID.test(id.trim())}
          helperText={id.trim() !== '' && !UUID.test(id.trim()) ? words('story.badId') : undefined}
          slotProps={{ htmlInput: { spellCheck: false, maxLength: 64 } }}
        />
        <TextField label={words('story.who')} value={who} onChange={(event) => setWho(event.target.value)} slotProps={{ htmlInput: { maxLength: 200 } }} />
        <TextField select label={words('story.outcome')} value={outcome} onChange={(event) => set('outcome', event.target.value)}>
          <MenuItem value="">{words('common.any')}</MenuItem>
          {outcomes.map((item) => (
            <MenuItem key={item.value} value={item.value}>
              {text(item.label)}
            </MenuItem>
          ))}
        </TextField>
        <TextField select label={words('story.act')} value={action} onChange={(event) => set('action', event.target.value)}>
          <MenuItem value="">{words('common.any')}</MenuItem>
          {model.catalogue.actions.map((item) => (
            <MenuItem key={item.name} value={item.name}>
              {text(item.label)} · {text(model.resource(item.resource)?.label ?? item.label)}
            </MenuItem>
          ))}
        </TextField>
        <TextField select label={words('story.when')} value={String(days)} onChange={(event) => set('days', event.target.value)}>
          {SPANS.map((span) => (
            <MenuItem key={span} value={String(span)}>
              {span === 0 ? words('story.always') : words('story.days', { smart_count: span })}
            </MenuItem>
          ))}
        </TextField>
        <Button type="submit" variant="contained" sx={{ height: 38 }}>
          {words('story.find')}
        </Button>
      </Paper>
      {!allowed ? (
        <NeedsPermission permission={log?.permission ?? 'audit.event.read'} />
      ) : error ? (
        <FailureNotice error={error} retry={refetch} />
      ) : events ? (
        <Paper variant="outlined" sx={{ p: 2 }} data-events>
          <Box role="status" sx={{ mb: 1.5, color: 'text.secondary', fontSize: '0.8125rem', display: 'flex', alignItems: 'center', gap: 2, flexWrap: 'wrap' }}>
            <span>{words('story.found', { smart_count: total ?? 0, count: `${formatDecimal(String(total ?? 0), locale)}${totalIsExact ? '' : '+'}` })}</span>
            {events.length < (total ?? 0) ? <span>{words('story.newest', { smart_count: events.length })}</span> : null}
            <FormControlLabel
              sx={{ mr: 0, ml: 'auto' }}
              control={<Switch size="small" checked={readings} onChange={(event) => set('readings', event.target.checked ? 'yes' : '')} />}
              label={words('story.readings')}
              slotProps={{ typography: { sx: { fontSize: '0.8125rem' } } }}
            />
            {log ? (
              <Link component={RouterLink} to={`/${log.plural}`} sx={{ alignSelf: 'center' }}>
                {words('story.fullList')}
              </Link>
            ) : null}
          </Box>
          <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1.25 }}>
            {events.map((event) => (
              <EventLine key={event.id} event={event} target />
            ))}
          </Box>
        </Paper>
      ) : (
        <Skeleton variant="rounded" height={300} />
      )}
    </Box>
  );
}
