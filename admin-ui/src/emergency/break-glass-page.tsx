import { Alert, Box, Link, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { MakeAct } from '../actions/record-acts.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { textOf, useRecords } from '../catalogue/use-records.ts';
import { NotFoundPage } from '../feedback/page-states.tsx';
import { FactLine, Nothing, Section } from '../feedback/section.tsx';
import { formatTime, showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { announceHere } from '../live/live.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { AWAITING_REVIEW, IN_FORCE, seesOthers, TAKE, USE } from './emergencies.ts';
import { EmergencyRules, OpenedByEmergency } from './emergency-rules.tsx';

/** Uses shown on the page; the plain list has all. */
const SHOWN = 50;

/** Power without asking: what it is, the way to it, and every use with its review. */
export function BreakGlassPage() {
  const model = useModel();
  const words = useWords();
  usePageTitle(words('emergency.title'));
  const others = seesOthers(model);
  const own = useRecords(USE, { filter: { personId: { eq: model.viewer.id }, state: { in: [IN_FORCE, AWAITING_REVIEW] } }, first: 5 });
  const all = useRecords(USE, { orderBy: { field: 'startedAt', direction: 'DESC' }, first: SHOWN });
  const { resource } = all;
  if (!resource) return <NotFoundPage />;
  const debt = own.records?.[0];
  return (
    <Box sx={{ maxWidth: 960, display: 'grid', gap: 2 }}>
      <Typography variant="h1">{words('emergency.title')}</Typography>
      <EmergencyRules>
        {debt || model.viewer.breakGlass ? <Debt use={debt} /> : null}
        <Take offered={own.records !== undefined && !debt} />
      </EmergencyRules>
      <Section id="emergency-opens" title={words('emergency.opens')}>
        <OpenedByEmergency />
      </Section>
      <Section
        id="emergency-history"
        title={words('emergency.history')}
        help={words(others ? 'emergency.history.help' : 'emergency.history.mine')}
        error={all.error}
        retry={all.refetch}
        waiting={!all.records}
        action={
          <Link component={RouterLink} to={`/${resource.plural}`} sx={{ fontSize: '0.8125rem' }}>
            {words('emergency.generic')}
          </Link>
        }
      >
        {all.records?.length === 0 ? <Nothing>{words(others ? 'emergency.history.none' : 'emergency.history.noneMine')}</Nothing> : null}
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {all.records?.map((use) => (
            <UseLine key={use.id} resource={resource} use={use} />
          ))}
        </Box>
      </Section>
    </Box>
  );
}

function Take({ offered }: { readonly offered: boolean }) {
  const { viewer, action, mayAct } = useModel();
  const words = useWords();
  const take = action(TAKE);
  return (
    <>
      {take && (mayAct(take) || viewer.breakGlass) ? null : <Alert severity="info">{words('emergency.mayNot')}</Alert>}
      <MakeAct name={TAKE} offered={offered} preset={{ minutes: '15' }} onDone={() => announceHere('viewer')} />
    </>
  );
}

/** Why there is no second one now. */
function Debt({ use }: { readonly use: GatewayRecord | undefined }) {
  const { viewer } = useModel();
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const path = `/break-glass/${use?.id ?? viewer.breakGlass?.id ?? ''}`;
  const here = viewer.breakGlass !== null;
  const inForce = here || use?.['state'] === IN_FORCE;
  const began = use && textOf(use, 'startedAt');
  return (
    <Alert
      severity={inForce ? 'error' : 'warning'}
      action={
        <Link component={RouterLink} to={path} color="inherit" underline="always" sx={{ whiteSpace: 'nowrap', pt: 0.5 }}>
          {words('emergency.owed.open')}
        </Link>
      }
    >
      <Box sx={{ fontWeight: 600 }}>{words(here ? 'emergency.inForce' : inForce ? 'emergency.elsewhere' : 'emergency.owed')}</Box>
      {!inForce && use && began ? words('emergency.owed.why', { ticket: showHidden(textOf(use, 'ticket') ?? ''), time: formatTime(began, locale, zone) }) : null}
    </Alert>
  );
}

function UseLine({ resource, use }: { readonly resource: CatalogueResource; readonly use: GatewayRecord }) {
  const text = useText();
  const words = useWords();
  const state = fieldOf(resource, 'state')?.values?.find((item) => item.value === use['state']);
  const verdict = fieldOf(resource, 'verdict')?.values?.find((item) => item.value === use['verdict']);
  const shown = verdict ?? state;
  const began = textOf(use, 'startedAt');
  const reviewer = textOf(use, 'reviewedBy');
  return (
    <Box component="li" sx={(theme) => ({ py: 1, display: 'grid', gap: 0.25, '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` } })}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Link component={RouterLink} to={`/break-glass/${use.id}`} sx={{ fontWeight: 600 }}>
          {showHidden(textOf(use, 'personName') ?? '')} · {showHidden(textOf(use, 'ticket') ?? '')}
        </Link>
        {shown ? <StateChip label={text(shown.label)} tone={shown.tone} /> : null}
        <Box component="span" sx={{ flex: 1 }} />
        {began ? (
          <Box component="span" sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>
            <TimeText iso={began} relative />
          </Box>
        ) : null}
      </Box>
      <FactLine>{[showHidden(textOf(use, 'reason') ?? ''), reviewer ? words('emergency.review.signed', { name: showHidden(reviewer) }) : null]}</FactLine>
    </Box>
  );
}

export default BreakGlassPage;
