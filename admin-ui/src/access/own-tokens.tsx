import { useState } from 'react';
import { Box, Button } from '@mui/material';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { MakeAct, RecordActs } from '../actions/record-acts.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { namesOf, textOf, useRecords } from '../catalogue/use-records.ts';
import { FactLine, Nothing, Section } from '../feedback/section.tsx';
import { TimeLeft } from '../feedback/time-left.tsx';
import { showHidden } from '../fields/format.ts';
import { PermissionList } from '../fields/permission-list.tsx';
import { Reach } from '../fields/reach.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import { MONO } from '../theme/theme.ts';
import { TokenExample } from './token-shown.tsx';

const ACTIVE = 'ACTIVE';

/** Tokens that I made: those in force, and on request those that have ended. */
export function OwnTokens() {
  const { viewer } = useModel();
  const words = useWords();
  const [all, setAll] = useState(false);
  const { resource, records, error, refetch } = useRecords('accessToken', {
    filter: { ownerId: { eq: viewer.id } },
    orderBy: { field: 'createdAt', direction: 'DESC' },
    actions: true,
  });
  if (!resource) return null;
  const live = records?.filter((token) => token['state'] === ACTIVE) ?? [];
  const ended = records?.filter((token) => token['state'] !== ACTIVE) ?? [];
  return (
    <Section
      id="mine-tokens"
      title={words('mine.tokens')}
      help={words('mine.tokens.help')}
      error={error}
      retry={refetch}
      waiting={!records}
      action={
        <MakeAct name="createToken" preset={{ minutes: '15' }} after={(outcome) => (typeof outcome['token'] === 'string' ? <TokenExample token={outcome['token']} /> : null)} />
      }
    >
      {live.length === 0 ? <Nothing>{words('mine.tokens.none')}</Nothing> : null}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {(all ? [...live, ...ended] : live).map((token) => (
          <Token key={token.id} resource={resource} token={token} />
        ))}
      </Box>
      {ended.length > 0 ? (
        <Button color="inherit" onClick={() => setAll((shown) => !shown)} aria-expanded={all} sx={{ mt: 1, color: 'text.secondary' }}>
          {all ? words('mine.tokens.hideEnded') : words('mine.tokens.ended', { smart_count: ended.length })}
        </Button>
      ) : null}
    </Section>
  );
}

function Token({ resource, token }: { readonly resource: CatalogueResource; readonly token: GatewayRecord }) {
  const text = useText();
  const words = useWords();
  const state = fieldOf(resource, 'state')?.values?.find((item) => item.value === token['state']);
  const active = token['state'] === ACTIVE;
  const [made, ends, used, reason] = [textOf(token, 'createdAt'), textOf(token, 'expiresAt'), textOf(token, 'lastUsedAt'), textOf(token, 'reason')];
  const permissions = namesOf(token, 'permissions');
  return (
    <Box component="li" data-token={token.id} sx={(theme) => ({ py: 1.25, display: 'grid', gap: 0.5, '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` } })}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
        <Box component="span" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
          {showHidden(textOf(token, 'name') ?? '')}
        </Box>
        <Box component="code" sx={{ fontFamily: MONO, fontSize: '0.75rem', color: 'text.secondary' }}>
          {textOf(token, 'hint')}…
        </Box>
        {state && !active ? <StateChip label={text(state.label)} tone={state.tone} /> : null}
        <Box component="span" sx={{ flex: { xs: '1 1 100%', sm: '1 1 120px' }, minWidth: 0, color: 'text.secondary', fontSize: '0.8125rem' }}>
          <Reach record={token} />
        </Box>
        {active && ends ? <TimeLeft iso={ends} /> : null}
        <RecordActs resource={resource} record={token} only={['revokeToken']} enabledOnly />
      </Box>
      <FactLine>
        {made ? (
          <>
            {words('mine.token.made')} <TimeText iso={made} relative />
          </>
        ) : null}
        {reason && reason !== '-' ? showHidden(reason) : null}
        {used ? (
          <>
            {words('mine.lastUsed')} <TimeText iso={used} relative />
          </>
        ) : (
          words('mine.neverUsed')
        )}
      </FactLine>
      <PermissionList names={permissions} summary={`${words('mine.whatItAllows')} (${permissions.length})`} />
    </Box>
  );
}
