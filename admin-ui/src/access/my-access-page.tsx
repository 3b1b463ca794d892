import { Box, Button, Link, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { MakeAct } from '../actions/record-acts.tsx';
import { useRequests, useRequestWords } from '../approvals/use-requests.ts';
import { PENDING } from '../approvals/requests.ts';
import { useModel } from '../catalogue/console-context.tsx';
import { useRecords } from '../catalogue/use-records.ts';
import { FactLine, Nothing, Section } from '../feedback/section.tsx';
import { TimeLeft } from '../feedback/time-left.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { GrantEntry } from './grant-entry.tsx';
import { OwnTokens } from './own-tokens.tsx';

/** Requests of my own that are shown here. */
const SHOWN = 50;
const list = { m: 0, p: 0, listStyle: 'none' } as const;

/** What I may do now, until when, what I have asked for, and what my scripts may do. */
export function MyAccessPage() {
  const { viewer, resource } = useModel();
  const words = useWords();
  usePageTitle(words('mine.title'));
  const {
    resource: grants,
    records,
    error,
    refetch,
  } = useRecords('accessGrant', {
    filter: { staffId: { eq: viewer.id }, state: { in: ['ACTIVE', 'WAITING'] } },
    orderBy: { field: 'createdAt', direction: 'DESC' },
    first: 100,
    actions: true,
  });
  const standing = records?.filter((grant) => grant['kind'] === 'STANDING') ?? [];
  const short = records?.filter((grant) => grant['kind'] !== 'STANDING') ?? [];
  return (
    <Box sx={{ maxWidth: 960, display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'flex-start' }}>
        <Box sx={{ flex: '1 1 260px' }}>
          <Typography variant="h1">{words('mine.title')}</Typography>
          <Box sx={{ color: 'text.secondary' }}>{words('mine.help')}</Box>
        </Box>
        <MakeAct name="requestElevation" preset={{ minutes: '30' }} />
      </Box>
      {grants ? (
        <>
          <Section id="mine-temporary" title={words('mine.temporary')} help={words('mine.temporary.help')} error={error} retry={refetch} waiting={!records}>
            {short.length === 0 ? <Nothing>{words('mine.temporary.none')}</Nothing> : null}
            <Box component="ul" sx={list}>
              {short.map((grant) => (
                <GrantEntry key={grant.id} resource={grants} record={grant} />
              ))}
            </Box>
          </Section>
          <Section id="mine-held" title={words('mine.held')} help={words('mine.held.help')} waiting={!records && !error}>
            {records && standing.length === 0 ? <Nothing>{words('mine.held.none')}</Nothing> : null}
            <Box component="ul" sx={list}>
              {standing.map((grant) => (
                <GrantEntry key={grant.id} resource={grants} record={grant} />
              ))}
            </Box>
          </Section>
        </>
      ) : null}
      {resource('approvalRequest') ? <OwnRequests /> : null}
      <OwnTokens />
      {resource('breakGlassUse') ? <EmergencyDoor /> : null}
    </Box>
  );
}

function OwnRequests() {
  const words = useWords();
  const say = useRequestWords();
  const { data, error, refetch } = useRequests('mine', SHOWN);
  const waiting = data?.requests.filter((request) => request.state === PENDING) ?? [];
  return (
    <Section
      id="mine-requests"
      title={words('mine.requests')}
      error={error}
      retry={() => void refetch()}
      waiting={!data}
      action={
        <Link component={RouterLink} to="/approvals/mine" sx={{ fontSize: '0.8125rem' }}>
          {words('mine.requests.all')}
        </Link>
      }
    >
      {waiting.length === 0 ? <Nothing>{words('mine.requests.none')}</Nothing> : null}
      <Box component="ul" sx={list}>
        {waiting.map((request) => (
          <Box component="li" key={request.id} sx={{ py: 0.75 }}>
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'baseline' }}>
              <Link component={RouterLink} to={`/approvals/${request.id}`} sx={{ fontWeight: 600 }}>
                {say.act(request)}
              </Link>
              <Box component="span" sx={{ flex: 1, color: 'text.secondary', fontSize: '0.8125rem' }}>
                {request.targetTitle ? say.object(request) : ''}
              </Box>
              <TimeLeft iso={request.expiresAt} />
            </Box>
            <FactLine>{[request.reason ?? null, request.ticket ?? null]}</FactLine>
          </Box>
        ))}
      </Box>
    </Section>
  );
}

/** Apart from asking, in look and place. */
function EmergencyDoor() {
  const words = useWords();
  return (
    <Box
      component="section"
      aria-labelledby="mine-emergency"
      sx={(theme) => ({ p: 2, borderRadius: '6px', border: `1px dashed ${theme.tokens.bad}`, display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' })}
    >
      <Box sx={{ flex: '1 1 260px' }}>
        <Typography variant="h2" id="mine-emergency">
          {words('mine.emergency')}
        </Typography>
        <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>{words('mine.emergency.help')}</Box>
      </Box>
      <Button component={RouterLink} to="/break-glass" color="error" variant="outlined">
        {words('mine.emergency.open')}
      </Button>
    </Box>
  );
}

export default MyAccessPage;
