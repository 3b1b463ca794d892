import type { DemoPerson } from '@sallyport/server/auth/seed-demo-staff.ts';
import type { BrowserContext, Page } from 'playwright-core';
import type { TestClient } from '../helpers/gateway.ts';
import type { ConsoleStage } from './console-driver.ts';
import { pictureOnFailure } from './picture-on-failure.ts';
import { ask, PROBE_SCRIPT, until } from './probe.ts';

export interface PageLook {
  readonly locale?: 'en' | 'id';
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** What a page must never do, noted from its first moment: every list stays empty where all is well. */
export interface Misdeeds {
  /** Dialogs of the browser's own: `alert`, `confirm`, `prompt`. */
  readonly dialogs: string[];
  /** What the content security policy refused. */
  readonly violations: string[];
  /** Errors that reached nobody. */
  readonly errors: string[];
  /** Requests to anywhere but the gateway. */
  readonly strangers: string[];
}

/** A browser profile of a person who is signed in already, past the sign-in form. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly misdeeds: Misdeeds;
  /** Goes to an address by the console's own router, without a load, and waits until the page is drawn. */
  go(path: string): Promise<void>;
  /** Loads an address and waits until the page is drawn. */
  load(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface SignedInPage extends OpenPage {
  /** The same session, by hand: what the page may ask, asked without the page. */
  readonly client: TestClient;
}

/** Milliseconds for one condition on a machine that is busy with something else. */
const PATIENCE = 30_000;

/** A page of nobody yet. */
export async function openPage({ browser, url }: ConsoleStage, look: PageLook = {}): Promise<OpenPage> {
  const { locale = 'en', colorScheme = 'light', width = 1280, height = 900 } = look;
  const context = await browser.newContext({ locale: locale === 'id' ? 'id-ID' : 'en-US', colorScheme, viewport: { width, height }, reducedMotion: 'reduce', baseURL: url });
  context.setDefaultTimeout(PATIENCE);
  const misdeeds: Misdeeds = { dialogs: [], violations: [], errors: [], strangers: [] };
  await context.exposeBinding('noteViolation', (_source, text: string) => void misdeeds.violations.push(text));
  await context.addInitScript({ content: PROBE_SCRIPT });
  const page = await context.newPage();
  pictureOnFailure(page);
  page.on('dialog', (dialog) => {
    misdeeds.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => misdeeds.errors.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`) && !/^(data|blob):/.test(request.url())) misdeeds.strangers.push(request.url());
  });
  return {
    page,
    context,
    misdeeds,
    go: async (path) => {
      await ask(page, 'go', path);
      await drawn(page);
    },
    load: async (path) => {
      await page.goto(path);
      await drawn(page);
    },
    close: () => context.close(),
  };
}

/** The same for somebody who has signed in. */
export async function openPageAs(stage: ConsoleStage, person: DemoPerson, look: PageLook = {}): Promise<SignedInPage> {
  const [client, opened] = await Promise.all([stage.gateway.as(person), openPage(stage, look)]);
  await carrySession(opened.context, stage.url, client);
  return { ...opened, client };
}

/** Puts the session of a client into a browser profile. */
export async function carrySession(context: BrowserContext, url: string, client: TestClient): Promise<void> {
  const cookies = client
    .cookie()
    .split('; ')
    .map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url, httpOnly: true, sameSite: 'Strict' as const }));
  await context.addCookies(cookies);
}

/** Waits until the page has its heading and nothing in it is still to come. */
export const drawn = (page: Page): Promise<void> => until(() => ask(page, 'drawn'), `the page at ${page.url()} is drawn`);
