import { useEffect, useState } from 'react';
import { Box, Button, Link, Paper, Skeleton, Tab, Tabs, Typography } from '@mui/material';
import { Link as RouterLink, useLocation, useNavigate } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { NeedsPermission } from '../fields/masked.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { RequestList } from './request-list.tsx';
import { PAGE, REQUEST, requestResource, type InboxTab } from './requests.ts';
import { useApprovalCounts, useRequests } from './use-requests.ts';

const TABS: readonly InboxTab[] = ['review', 'mine', 'history'];
const PATHS: Readonly<Record<InboxTab, string>> = { review: '/approvals', mine: '/approvals/mine', history: '/approvals/history' };

/** What needs a second person: to review, asked by oneself, and what became of it. Each tab has its address. */
export function InboxPage() {
  const model = useModel();
  const words = useWords();
  const location = useLocation();
  const navigate = useNavigate();
  const counts = useApprovalCounts();
  const resource = requestResource(model);
  const tab = TABS.find((name) => PATHS[name] === location.pathname.replace(/\/$/, '')) ?? 'review';
  usePageTitle(words('approvals.title'));
  const label = (name: InboxTab): string => {
    const count = name === 'review' ? counts?.toReview : name === 'mine' ? counts?.mine : undefined;
    return `${words(`approvals.tab.${name}`)}${count ? ` · ${count}` : ''}`;
  };
  return (
    <Box>
      <Typography variant="h1">{words('approvals.title')}</Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mb: 1.5 }}>
        {words('approvals.help')}
      </Typography>
      {resource ? (
        <>
          <Tabs value={tab} onChange={(_event, next: InboxTab) => void navigate(PATHS[next])} aria-label={words('approvals.title')} sx={{ mb: 1.5 }}>
            {TABS.map((name) => (
              <Tab key={name} value={name} label={label(name)} id={`inbox-tab-${name}`} aria-controls="inbox-panel" />
            ))}
          </Tabs>
          <Box role="tabpanel" id="inbox-panel" aria-labelledby={`inbox-tab-${tab}`}>
            <InboxTabPanel key={tab} tab={tab} plural={resource.plural} />
          </Box>
        </>
      ) : (
        <NeedsPermission permission={model.resource(REQUEST)?.permission ?? 'approvals.request.read'} />
      )}
    </Box>
  );
}

function InboxTabPanel({ tab, plural }: { readonly tab: InboxTab; readonly plural: string }) {
  const words = useWords();
  const [first, setFirst] = useState(PAGE);
  const { data, error, refetch, isFetching } = useRequests(tab, first);
  // What is waited for may have come while another page was in view.
  useEffect(() => setFirst(PAGE), [tab]);
  if (error) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (!data) {
    return (
      <Paper variant="outlined" aria-busy sx={{ p: 1.5 }}>
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} height={44} />
        ))}
      </Paper>
    );
  }
  return (
    <>
      {data.requests.length === 0 ? (
        <Paper variant="outlined" sx={{ py: 7, px: 3, textAlign: 'center' }}>
          <Typography variant="h2">{words(`approvals.empty.${tab}`)}</Typography>
          <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>{words(`approvals.empty.${tab}.help`)}</Typography>
        </Paper>
      ) : (
        <RequestList requests={data.requests} tab={tab} walked />
      )}
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', mt: 1.5, fontSize: '0.8125rem' }}>
        {data.total > first && first < 100 ? (
          <Button variant="outlined" color="inherit" aria-busy={isFetching} onClick={() => setFirst(100)}>
            {words('approvals.older')}
          </Button>
        ) : null}
        {tab === 'history' ? (
          <Link component={RouterLink} to={`/${plural}`}>
            {words('approvals.all')}
          </Link>
        ) : null}
      </Box>
    </>
  );
}

export default InboxPage;
