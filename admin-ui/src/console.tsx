import { QueryClient } from '@tanstack/react-query';
import { CoreAdminContext, CoreAdminUI, CustomRoutes, Resource, type I18nProvider, type Store } from 'ra-core';
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Box } from '@mui/material';
import { Route } from 'react-router';
import type { Catalogue } from '@sallyport/schema/vocabulary/catalogue.ts';
import { APPROVALS_KEY } from './approvals/use-requests.ts';
import { ModelProvider } from './catalogue/console-context.tsx';
import { createModel } from './catalogue/console-model.ts';
import { keepViewerFresh } from './catalogue/keep-viewer-fresh.ts';
import { loadStart } from './catalogue/load-model.ts';
import { RECORDS_OF_TOPIC } from './catalogue/use-records.ts';
import type { ConsoleViewer } from './catalogue/viewer.ts';
import { createDataProvider } from './data-provider.ts';
import { FailureNotice } from './feedback/failure-notice.tsx';
import { BrokenPage, NotFoundPage } from './feedback/page-states.tsx';
import { concerns, hearNews, onNews } from './live/live.ts';
import { Layout } from './frame/layout.tsx';
import { LayoutSkeleton, PageSkeleton } from './frame/layout-skeleton.tsx';
import { isFailure } from './gateway/gateway-failure.ts';

const HomePage = lazy(() => import('./home/home-page.tsx'));
const ListPage = lazy(() => import('./lists/list-page.tsx'));
const RecordPage = lazy(() => import('./records/record-page.tsx'));
const StoryPage = lazy(() => import('./stories/story-page.tsx'));
const PolicyPage = lazy(() => import('./stories/policy-page.tsx'));
const InboxPage = lazy(() => import('./approvals/inbox-page.tsx'));
const RequestPage = lazy(() => import('./approvals/request-page.tsx'));
const RolesPage = lazy(() => import('./roles/roles-page.tsx'));
const MyAccessPage = lazy(() => import('./access/my-access-page.tsx'));
const BreakGlassPage = lazy(() => import('./emergency/break-glass-page.tsx'));
const EmergencyPage = lazy(() => import('./emergency/emergency-page.tsx'));
const CampaignsPage = lazy(() => import('./reviews/campaigns-page.tsx'));
const CampaignPage = lazy(() => import('./reviews/campaign-page.tsx'));
const ResultPage = lazy(() => import('./reviews/result-page.tsx'));
const IntegrityPage = lazy(() => import('./integrity/integrity-page.tsx'));
const ReportsPage = lazy(() => import('./reports/reports-page.tsx'));
const AnswersPage = lazy(() => import('./answers/answers-page.tsx'));
const FlowsPage = lazy(() => import('./flows/flows-page.tsx'));
const MailboxPage = lazy(() => import('./mailbox/mailbox-page.tsx'));
const ProfilePage = lazy(() => import('./profile/profile-page.tsx'));

interface Start {
  readonly catalogue: Catalogue;
  readonly viewer: ConsoleViewer;
}

const toSignIn = (): void => window.location.replace(`/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);

/** Asks the gateway who this is and what it serves, keeps the first fresh, and sends strangers to the door. */
function useStart(): { start: Start | null; failure: unknown; reload: () => void } {
  const [start, setStart] = useState<Start | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let live = true;
    setFailure(null);
    loadStart().then(
      (loaded) => live && setStart(loaded),
      (error: unknown) => {
        if (isFailure(error) && error.code === 'UNAUTHENTICATED') toSignIn();
        else if (live) setFailure(error);
      },
    );
    return () => {
      live = false;
    };
  }, [attempt]);
  const known = start?.viewer ?? null;
  useEffect(() => (known ? keepViewerFresh(known, (viewer) => setStart((old) => (old ? { ...old, viewer } : old))) : undefined), [known]);
  return { start, failure, reload: () => setAttempt((count) => count + 1) };
}

const createQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      // Reads are recorded and may ask for a code: they happen when a person acts, not when a window gets focus.
      queries: {
        retry: (count, error) => count < 2 && isFailure(error) && error.code === 'UNAVAILABLE',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 10_000,
      },
      mutations: { retry: false },
    },
  });

const page = (element: ReactNode): ReactNode => <Suspense fallback={<PageSkeleton />}>{element}</Suspense>;
const Home = () => page(<HomePage />);
const ListRoute = () => page(<ListPage />);
const RecordRoute = () => page(<RecordPage />);

/** Keeps what is in view up to date with what the gateway says has changed. */
function useNews(queries: QueryClient, started: boolean): void {
  useEffect(() => {
    if (!started) return undefined;
    const stopHearing = onNews((topics) => {
      if (concerns(topics, 'approvals')) void queries.invalidateQueries({ queryKey: [APPROVALS_KEY] });
      for (const [topic, names] of Object.entries(RECORDS_OF_TOPIC))
        if (concerns(topics, topic)) for (const name of names) void queries.invalidateQueries({ queryKey: ['records', name] });
    });
    const stopNews = hearNews();
    return () => {
      stopHearing();
      stopNews();
    };
  }, [queries, started]);
}

interface ConsoleProps {
  readonly i18nProvider: I18nProvider;
  readonly store: Store;
}

export function Console({ i18nProvider, store }: ConsoleProps) {
  const { start, failure, reload } = useStart();
  const [queries] = useState(createQueries);
  useNews(queries, start !== null);
  const model = useMemo(() => (start ? createModel(start.catalogue, start.viewer) : null), [start]);
  const dataProvider = useMemo(() => (model ? createDataProvider(model) : null), [model]);
  if (failure) {
    return (
      <Box component="main" sx={{ maxWidth: 560, mx: 'auto', p: 3, pt: 10 }}>
        <FailureNotice error={failure} retry={reload} story={false} />
      </Box>
    );
  }
  if (!model || !dataProvider) return <LayoutSkeleton />;
  return (
    <ModelProvider model={model}>
      <CoreAdminContext dataProvider={dataProvider} i18nProvider={i18nProvider} queryClient={queries} store={store}>
        <CoreAdminUI disableTelemetry title="Sallyport" layout={Layout} dashboard={Home} catchAll={NotFoundPage} error={BrokenPage} loading={LayoutSkeleton}>
          {model.modules.flatMap(({ resources }) => resources.map((resource) => <Resource key={resource.plural} name={resource.plural} list={ListRoute} edit={RecordRoute} />))}
          <CustomRoutes>
            <Route path="/story/:correlationId" element={page(<StoryPage />)} />
            <Route path="/story" element={page(<StoryPage />)} />
            <Route path="/policy/:hash" element={page(<PolicyPage />)} />
            <Route path="/approvals" element={page(<InboxPage />)} />
            <Route path="/approvals/mine" element={page(<InboxPage />)} />
            <Route path="/approvals/history" element={page(<InboxPage />)} />
            <Route path="/approvals/:id" element={page(<RequestPage />)} />
            <Route path="/roles" element={page(<RolesPage />)} />
            <Route path="/my-access" element={page(<MyAccessPage />)} />
            <Route path="/break-glass" element={page(<BreakGlassPage />)} />
            <Route path="/break-glass/:id" element={page(<EmergencyPage />)} />
            <Route path="/access-reviews" element={page(<CampaignsPage />)} />
            <Route path="/access-reviews/:id" element={page(<CampaignPage />)} />
            <Route path="/access-reviews/:id/result" element={page(<ResultPage />)} />
            <Route path="/integrity" element={page(<IntegrityPage />)} />
            <Route path="/reports" element={page(<ReportsPage />)} />
            <Route path="/answers" element={page(<AnswersPage />)} />
            <Route path="/flows" element={page(<FlowsPage />)} />
            <Route path="/mailbox" element={page(<MailboxPage />)} />
            <Route path="/mailbox/:id" element={page(<MailboxPage />)} />
            <Route path="/profile" element={page(<ProfilePage />)} />
          </CustomRoutes>
        </CoreAdminUI>
      </CoreAdminContext>
    </ModelProvider>
  );
}

export default Console;
