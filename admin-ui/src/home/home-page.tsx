import { Box, Link, Paper, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import { useHasRequests, Waiting } from '../approvals/waiting.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { formatDecimal, showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { NeedsPermission } from '../fields/masked.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { listedModules } from '../frame/own-pages.ts';
import { useFocusedTenant } from '../frame/use-focused-tenant.ts';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { EventLine } from '../stories/event-line.tsx';
import { useEvents, WITHOUT_READINGS } from '../stories/use-events.ts';
import { loadStanding, standingOf } from './standing.ts';

/** What stands out, what I may do and until when, what I did: all from the server, by what this viewer may read. */
export function HomePage() {
  const model = useModel();
  const words = useWords();
  const hasRequests = useHasRequests();
  usePageTitle(words('page.home'));
  return (
    <Box>
      <Typography variant="h1" sx={{ mb: 2 }}>
        {words('home.hello', { name: showHidden(model.viewer.displayName) })}
      </Typography>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1.25fr) minmax(0, 1fr)' }, alignItems: 'start' }}>
        <Box sx={{ display: 'grid', gap: 2 }}>
          {hasRequests ? (
            <Card id="home-waiting" title={words('home.waiting')}>
              <Waiting />
            </Card>
          ) : null}
          <Standing />
          <Shortcuts />
        </Box>
        <Box sx={{ display: 'grid', gap: 2 }}>
          <Grants />
          <OwnEvents />
        </Box>
      </Box>
    </Box>
  );
}

const Card = ({ id, title, children }: { readonly id: string; readonly title: string; readonly children: ReactNode }) => (
  <Paper variant="outlined" component="section" aria-labelledby={id} sx={{ p: 2 }}>
    <Typography variant="h2" id={id} sx={{ mb: 1.25 }}>
      {title}
    </Typography>
    {children}
  </Paper>
);

function Standing() {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const [focused] = useFocusedTenant();
  const tenantId = focused?.id ?? null;
  const asked = standingOf(model, tenantId);
  const { data, error, refetch } = useQuery({
    queryKey: ['standing', tenantId],
    enabled: asked.length > 0,
    queryFn: ({ signal }) => loadStanding(asked, tenantId, model, signal),
    staleTime: 30_000,
  });
  const odd = data?.filter((item) => item.count > 0);
  return (
    <Card id="home-odd" title={focused ? words('home.oddAt', { tenant: focused.title }) : words('home.odd')}>
      {error ? (
        <FailureNotice error={error} retry={() => void refetch()} />
      ) : asked.length === 0 ? (
        <Box sx={{ color: 'text.secondary' }}>{words('home.nothingToWatch')}</Box>
      ) : !odd ? (
        <Skeleton variant="rounded" height={150} />
      ) : odd.length === 0 ? (
        <Box sx={{ color: 'text.secondary' }}>{words('home.calm')}</Box>
      ) : (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {odd.map((item) => (
            <Box component="li" key={`${item.resource.name}.${item.value.value}`} sx={(theme) => ({ '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` } })}>
              <Box
                component={RouterLink}
                to={`/${item.resource.plural}?filter=${encodeURIComponent(JSON.stringify({ [item.field.name]: { in: [item.value.value] } }))}`}
                sx={(theme) => ({
                  display: 'flex',
                  alignItems: 'center',
                  gap: 1.5,
                  py: 0.9,
                  px: 0.5,
                  mx: -0.5,
                  borderRadius: '6px',
                  color: 'text.primary',
                  textDecoration: 'none',
                  '&:hover': { background: theme.tokens.neutralSoft },
                })}
              >
                <Box component="span" className="figures" sx={{ minWidth: 48, textAlign: 'right', fontWeight: 650, fontSize: '1rem' }}>
                  {formatDecimal(String(item.count), locale)}
                </Box>
                <Box component="span" sx={{ flex: 1, minWidth: 0 }}>
                  {text(item.resource.labelPlural)}
                  {item.field.name === item.resource.state ? '' : ` · ${text(item.field.label)}`}
                </Box>
                <StateChip label={text(item.value.label)} tone={item.value.tone} />
              </Box>
            </Box>
          ))}
        </Box>
      )}
    </Card>
  );
}

function Grants() {
  const { viewer, catalogue, tenant } = useModel();
  const text = useText();
  const words = useWords();
  return (
    <Card id="home-grants" title={words('home.grants')}>
      {viewer.grants.length === 0 ? <Box sx={{ color: 'text.secondary' }}>{words('home.noGrants')}</Box> : null}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1.25 }}>
        {viewer.grants.map((grant) => {
          const role = catalogue.roles.find((item) => item.name === grant.role);
          const count = grant.tenantIds?.length ?? 0;
          return (
            <Box component="li" key={grant.id}>
              <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1, flexWrap: 'wrap' }}>
                <Box component="span" sx={{ fontWeight: 600 }}>
                  {role ? text(role.label) : grant.kind === 'break-glass' ? words('emergency.title') : words('mine.singles', { smart_count: grant.permissions?.length ?? 0 })}
                </Box>
                <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
                  {grant.global
                    ? words('home.global')
                    : words('home.tenants', { smart_count: count, tenants: tenant ? text(count === 1 ? tenant.label : tenant.labelPlural).toLowerCase() : '' })}
                </Box>
              </Box>
              <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
                {role ? text(role.purpose) : null}
                <Box>
                  {grant.expiresAt ? (
                    <>
                      {words('home.ends')} <TimeText iso={grant.expiresAt} relative />
                    </>
                  ) : (
                    words('home.noEnd')
                  )}
                  {grant.reason ? ` · ${showHidden(grant.reason)}` : ''}
                </Box>
              </Box>
            </Box>
          );
        })}
      </Box>
      <Link component={RouterLink} to="/my-access" sx={{ display: 'inline-block', mt: 1.25, fontSize: '0.8125rem' }}>
        {words('mine.more')}
      </Link>
    </Card>
  );
}

function OwnEvents() {
  const model = useModel();
  const words = useWords();
  const { events, error, refetch, allowed } = useEvents({ actorId: { eq: model.viewer.id }, ...WITHOUT_READINGS }, 8);
  const log = model.resource('auditEvent');
  if (!log) return null;
  return (
    <Card id="home-events" title={words('home.events')}>
      {!allowed ? (
        <NeedsPermission permission={log.permission} />
      ) : error ? (
        <FailureNotice error={error} retry={refetch} />
      ) : !events ? (
        <Skeleton variant="rounded" height={160} />
      ) : events.length === 0 ? (
        <Box sx={{ color: 'text.secondary' }}>{words('history.empty')}</Box>
      ) : (
        <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1.25 }}>
          {events.map((event) => (
            <EventLine key={event.id} event={event} target />
          ))}
        </Box>
      )}
    </Card>
  );
}

function Shortcuts() {
  const modules = listedModules(useModel());
  const text = useText();
  const words = useWords();
  return (
    <Card id="home-go" title={words('home.go')}>
      <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(180px, 1fr))', gap: 1.5 }}>
        {modules.map(({ module, resources }) => (
          <Box key={module.name}>
            <Box sx={{ fontSize: '0.75rem', fontWeight: 600, color: 'text.secondary', mb: 0.25 }}>{text(module.label)}</Box>
            {resources.map((resource) => (
              <Link key={resource.plural} component={RouterLink} to={`/${resource.plural}`} sx={{ display: 'block', py: '2px' }}>
                {text(resource.labelPlural)}
              </Link>
            ))}
          </Box>
        ))}
      </Box>
    </Card>
  );
}

export default HomePage;
