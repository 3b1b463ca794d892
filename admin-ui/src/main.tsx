import '@fontsource-variable/inter/index.css';
import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import { I18nContextProvider, StoreContextProvider } from 'ra-core';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { BrokenPage } from './feedback/page-states.tsx';
import { createI18nProvider, startLocale } from './language/i18n-provider.ts';
import { createConsoleStore } from './preferences/console-store.ts';
import { Look } from './theme/look.tsx';

const SignInPage = lazy(() => import('./sign-in/sign-in-page.tsx'));
const EnrolPage = lazy(() => import('./sign-in/enrol-page.tsx'));
const Console = lazy(() => import('./console.tsx'));

const store = createConsoleStore();
store.setup();
const locale = startLocale(store.getItem('locale'), navigator.languages);
document.documentElement.lang = locale;
const i18nProvider = await createI18nProvider(locale);

/** The server puts a fresh nonce into the page; styles without it are refused by the policy. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
const styles = createCache({ key: 'sp', prepend: true, ...(nonce && !nonce.startsWith('__') ? { nonce } : {}) });

const errorElement = <BrokenPage resetErrorBoundary={() => window.location.reload()} />;
const router = createBrowserRouter([
  { path: '/sign-in', element: <SignInPage />, errorElement },
  { path: '/enrol', element: <EnrolPage />, errorElement },
  { path: '*', element: <Console i18nProvider={i18nProvider} store={store} />, errorElement },
]);

// A page that the browser kept after leaving it must not show what was on it (THREATS J08).
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload();
});

/** Time of the last reload for a newer build, so that a missing file can't make the page reload for ever. */
const RELOADED = 'sallyport.reloaded';
// The gateway was updated while this page was open: its old parts are gone, the new page has new ones.
window.addEventListener('vite:preloadError', (event) => {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < 10_000) return;
  event.preventDefault();
  sessionStorage.setItem(RELOADED, String(Date.now()));
  window.location.reload();
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <CacheProvider value={styles}>
        <StoreContextProvider value={store}>
          <I18nContextProvider value={i18nProvider}>
            <Look>
              <Suspense fallback={null}>
                <RouterProvider router={router} />
              </Suspense>
            </Look>
          </I18nContextProvider>
        </StoreContextProvider>
      </CacheProvider>
    </StrictMode>,
  );
}
