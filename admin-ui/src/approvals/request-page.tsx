import { Box, Link, Paper, Skeleton, Typography } from '@mui/material';
import { Link as RouterLink, useParams } from 'react-router';
import { ChangesTable } from '../actions/changes-table.tsx';
import { useModel } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import { FieldValue } from '../fields/field-value.tsx';
import { IdChip } from '../fields/id-chip.tsx';
import { useTitles } from '../fields/titles.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { NotFoundPage } from '../feedback/page-states.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { DecisionBar } from './decision-bar.tsx';
import { RequestEnding } from './request-ending.tsx';
import { RequestFacts } from './request-facts.tsx';
import { RequestInput } from './request-input.tsx';
import { RequestOddities } from './request-oddities.tsx';
import { PENDING, REQUEST, type RequestInView } from './requests.ts';
import { TimeLeft } from './time-left.tsx';
import { useRequest, useRequestWords } from './use-requests.ts';

/** One request: the change on top, what is odd beside it, who and why, then the decision. Read-only once it has ended. */
export function RequestPage() {
  const { id = '' } = useParams();
  const { data, error, refetch, isPending } = useRequest(id);
  if (error) {
    return (
      <Box sx={{ maxWidth: 640 }}>
        <Crumb />
        <FailureNotice error={error} retry={() => void refetch()} />
      </Box>
    );
  }
  if (isPending) return <RequestSkeleton />;
  return data ? <RequestShown key={data.request.id} view={data} /> : <NotFoundPage />;
}

function RequestShown({ view }: { readonly view: RequestInView }) {
  const model = useModel();
  const words = useWords();
  const say = useRequestWords();
  const { request, decision } = view;
  const { tenant } = model;
  const titles = useTitles(tenant && request.tenantId ? [{ resource: tenant.name, ids: [request.tenantId] }] : []);
  const resource = model.resource(REQUEST);
  const state = resource?.state ? fieldOf(resource, resource.state) : undefined;
  const target = request.targetId ? model.resource(request.targetType) : undefined;
  const open = request.state === PENDING;
  const title = `${say.act(request)} · ${say.object(request)}`;
  usePageTitle(title);
  const masked = decision?.changes.some((change) => change.masked) ?? false;
  return (
    <Box sx={{ pb: open ? { xs: 9, sm: 0 } : 0 }}>
      <Crumb />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start', mb: 2 }}>
        <Box sx={{ mr: 'auto', minWidth: 0 }}>
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, flexWrap: 'wrap' }}>
            <Typography variant="h1" sx={{ overflowWrap: 'anywhere' }}>
              {title}
            </Typography>
            {state ? <FieldValue field={state} record={request} /> : null}
          </Box>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 1.5, color: 'text.secondary', fontSize: '0.8125rem', mt: 0.25 }}>
            {tenant && request.tenantId && request.targetType !== tenant.name ? (
              <Link component={RouterLink} to={`/${tenant.plural}/${encodeURIComponent(request.tenantId)}`}>
                {titles(tenant.name, request.tenantId)}
              </Link>
            ) : null}
            {target && model.holds(target.permission) && request.targetId ? (
              <Link component={RouterLink} to={`/${target.plural}/${encodeURIComponent(request.targetId)}`}>
                {words('action.open', { title: say.object(request) })}
              </Link>
            ) : null}
            {open ? <TimeLeft until={request.expiresAt} spoken /> : null}
            <IdChip id={request.id} />
          </Box>
        </Box>
        <DecisionBar view={view} />
      </Box>
      {open ? null : <RequestEnding request={request} />}
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) 360px' }, alignItems: 'start' }}>
        <Paper variant="outlined" component="section" aria-labelledby="request-changes" sx={{ p: 2 }}>
          <Typography variant="h2" id="request-changes" sx={{ mb: 1 }}>
            {words(open ? 'request.changes' : 'request.changed')}
          </Typography>
          {decision && (decision.changes.length > 0 || decision.input.length === 0) ? <ChangesTable changes={decision.changes} currency={null} /> : null}
          {masked ? <Box sx={{ mt: 1, color: 'text.secondary', fontSize: '0.8125rem' }}>{words('request.hidden')}</Box> : null}
          {decision ? <RequestInput request={request} decision={decision} /> : null}
        </Paper>
        <RequestOddities request={request} />
        <RequestFacts view={view} />
      </Box>
    </Box>
  );
}

function Crumb() {
  const words = useWords();
  return (
    <Box sx={{ mb: 0.5, fontSize: '0.8125rem' }}>
      <Link component={RouterLink} to="/approvals" sx={{ color: 'text.secondary' }}>
        ← {words('approvals.title')}
      </Link>
    </Box>
  );
}

const RequestSkeleton = () => (
  <Box aria-busy>
    <Skeleton width={90} height={20} />
    <Skeleton width={320} height={36} sx={{ mb: 2 }} />
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', lg: 'minmax(0, 1fr) 360px' } }}>
      <Paper variant="outlined" sx={{ p: 2 }}>
        <Skeleton height={140} />
      </Paper>
      <Skeleton variant="rounded" height={140} />
    </Box>
  </Box>
);

export default RequestPage;
