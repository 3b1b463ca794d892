import { randomUUID } from 'node:crypto';
import type { DemoPerson } from '@sallyport/server/auth/seed-demo-staff.ts';
import type { Browser, Locator, Page } from 'playwright-core';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../helpers/gateway.ts';
import { launchBrowser } from './browser.ts';
import { takeConsole } from './built-console.ts';
import { pictureOnFailure } from './picture-on-failure.ts';

/** A gateway that listens, with the console as people get it, and a browser. */
export interface ConsoleStage {
  readonly gateway: TestGateway;
  readonly url: string;
  readonly browser: Browser;
  /** Signs a person in, by hand, in a browser profile of their own. */
  visit(person: DemoPerson): Promise<ConsoleVisit>;
  close(): Promise<void>;
}

/** Builds the console where its sources changed, which may take a minute. */
export async function openStage(options: TestGatewayOptions = {}): Promise<ConsoleStage> {
  const built = await takeConsole();
  let gateway: TestGateway | null = null;
  let browser: Browser | null = null;
  const close = async (): Promise<void> => {
    await browser?.close();
    await gateway?.close();
    await built.remove();
  };
  try {
    const started = await startTestGateway({ ...options, staticDirectory: built.folder });
    gateway = started;
    const [{ url }, launched] = await Promise.all([started.gateway.listen(), launchBrowser()]);
    browser = launched;
    return { gateway: started, url, browser: launched, close, visit: (person) => visitConsole(launched, url, person, started.authenticatorOf(person)) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What one act asks for in its dialog; fields by their labels. */
export interface ActWords {
  /** On the button, e.g. `Refund`. */
  readonly action: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly ticket?: string;
}

export interface SentByHand {
  readonly data: Readonly<Record<string, unknown>> | null;
  /** Codes of the errors, in order. */
  readonly codes: readonly string[];
}

/** One person at the console, in English. */
export interface ConsoleVisit {
  readonly page: Page;
  /** Errors that the page itself threw or printed. */
  readonly pageErrors: readonly string[];
  openList(label: string): Promise<void>;
  /** Types into the list's own search and opens the record of that title. */
  findInList(things: string, text: string, title: string): Promise<void>;
  /** Opens a record of a related list on the page of another. */
  openRelated(tab: string, title: string): Promise<void>;
  /** The fact of that label on a record's page. */
  fact(label: string): Locator;
  /** Labels on the buttons of acts; empty where there are none. */
  actions(): Promise<readonly string[]>;
  /** Fills the dialog of an act and asks for its preview. @returns the table of changes. */
  preview(words: ActWords): Promise<Locator>;
  /** Presses the button that names act and object. @returns what stands on it. */
  confirm(): Promise<string>;
  /** Enters a fresh code into the dialog that asks for one. */
  confirmWithCode(): Promise<void>;
  /** Waits for the end of the act. @returns its correlation ID. */
  done(): Promise<string>;
  /** Outcome and reason of each step of a story, as the page says them. */
  story(correlationId: string): Promise<readonly string[]>;
  /** Sends a document from the page, past every button. */
  sendByHand(document: string, variables: Readonly<Record<string, unknown>>, correlationId?: string): Promise<SentByHand>;
  close(): Promise<void>;
}

async function visitConsole(browser: Browser, url: string, person: DemoPerson, nextCode: () => Promise<string>): Promise<ConsoleVisit> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  pictureOnFailure(page);
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await signIn(page, url, person, nextCode);
  const dialog = () => page.getByRole('dialog').last();
  const bar = () => page.getByRole('group', { name: 'Actions' });
  const recordShown = (title: string) => page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  return {
    page,
    pageErrors,
    openList: async (label) => {
      await page.getByRole('navigation').getByRole('link', { name: label, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: label }).waitFor();
    },
    findInList: async (things, text, title) => {
      const search = page.getByRole('textbox', { name: `Search ${things}` });
      await search.fill(text);
      await search.press('Enter');
      await page.locator('[data-row-link]').getByText(title, { exact: true }).first().click();
      await recordShown(title);
    },
    openRelated: async (tab, title) => {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      await page.getByRole('tabpanel').getByRole('link', { name: title, exact: true }).first().click();
      await recordShown(title);
    },
    fact: (label) => page.locator('dt', { hasText: new RegExp(`^${RegExp.escape(label)}$`) }).locator('xpath=following-sibling::dd[1]'),
    actions: async () => {
      await page.getByRole('heading', { name: 'History' }).waitFor();
      return bar().getByRole('button').allInnerTexts();
    },
    preview: async ({ action, fields = {}, reason, ticket }) => {
      await bar().getByRole('button', { name: action }).click();
      const form = dialog();
      for (const [label, value] of Object.entries(fields)) await form.getByRole('textbox', { name: label }).fill(value);
      if (reason !== undefined) await form.getByRole('textbox', { name: 'Reason' }).fill(reason);
      if (ticket !== undefined) await form.getByRole('textbox', { name: 'Ticket' }).fill(ticket);
      await form.getByRole('button', { name: 'Preview' }).click();
      await form.getByText('Nothing has changed yet').waitFor();
      return form;
    },
    confirm: async () => {
      const button = page.locator('[data-confirm]');
      const words = await button.innerText();
      await button.click();
      return words;
    },
    confirmWithCode: async () => {
      const asked = page.getByRole('dialog', { name: 'Confirm with a fresh code' });
      await asked.getByRole('textbox', { name: 'Code from your authenticator' }).fill(await nextCode());
      await asked.getByRole('button', { name: 'Confirm', exact: true }).click();
      await asked.waitFor({ state: 'detached' });
    },
    done: async () => {
      const link = dialog().getByRole('link', { name: 'See the whole story' });
      const target = (await link.getAttribute('href')) ?? '';
      await dialog().getByRole('button', { name: 'Close', exact: true }).click();
      return target.split('/').at(-1) ?? '';
    },
    story: async (correlationId) => {
      await page.goto(`${url}/story/${correlationId}`);
      await page.getByRole('heading', { name: /^\d+ steps?$/ }).waitFor();
      return page
        .getByRole('main')
        .locator('ol > li span')
        .filter({ hasText: /^(Done|Refused|Failed|Previewed)( · [A-Z_]+)?$/ })
        .allInnerTexts();
    },
    sendByHand: async (document, variables, correlationId = randomUUID()) => {
      const answer = await page.evaluate(
        async ([query, values, id]) => {
          const response = await fetch('/graphql', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-correlation-id': id, 'x-request-surface': 'api' },
            body: JSON.stringify({ query, variables: values }),
          });
          return (await response.json()) as { data?: Record<string, unknown> | null; errors?: { extensions: { code: string } }[] };
        },
        [document, variables, correlationId] as const,
      );
      return { data: answer.data ?? null, codes: (answer.errors ?? []).map((error) => error.extensions.code) };
    },
    close: () => context.close(),
  };
}

async function signIn(page: Page, url: string, person: DemoPerson, nextCode: () => Promise<string>): Promise<void> {
  await page.goto(url);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Six-digit code').fill(await nextCode());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: person.displayName }).waitFor();
}
