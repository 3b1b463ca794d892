import type { Locator, Page } from 'playwright-core';

/** What is typed into the dialog of an act, by the labels of its fields. */
export interface TypedAct {
  /** GraphQL name of the act, by which its button is found. */
  readonly act: string;
  readonly texts?: Readonly<Record<string, string>>;
  /** Switches that are turned on. */
  readonly switches?: readonly string[];
  /** Lists of fixed values: label → the option's own words. */
  readonly selects?: Readonly<Record<string, string>>;
  /** Pickers that search: label → what is typed, and the option that is taken. */
  readonly picks?: Readonly<Record<string, readonly [typed: string, option: string]>>;
  readonly reason?: string;
  readonly ticket?: string;
}

const dialogOf = (page: Page): Locator => page.getByRole('dialog').last();

/** Does a risky act as a person does: form, preview, the button that names it, the code. @returns the dialog at its end. */
export async function actInDialog(
  page: Page,
  nextCode: () => Promise<string>,
  { act, texts = {}, switches = [], selects = {}, picks = {}, reason, ticket }: TypedAct,
  place: Locator = page.locator('main'),
): Promise<Locator> {
  await place.locator(`[data-action="${act}"]`).first().click();
  const dialog = dialogOf(page);
  for (const [label, option] of Object.entries(selects)) {
    await dialog.getByRole('combobox', { name: label }).click();
    await page.getByRole('listbox').getByRole('option', { name: option, exact: true }).click();
  }
  for (const [label, [typed, option]] of Object.entries(picks)) {
    const field = dialog.getByRole('combobox', { name: label });
    await field.fill(typed);
    await page.getByRole('listbox').getByRole('option').filter({ hasText: option }).first().click();
    // A list of several stays open; where it is closed, Escape would be the dialog's.
    if (await page.getByRole('listbox').isVisible()) await field.press('Escape');
  }
  for (const label of switches) await dialog.getByRole('switch', { name: label }).check();
  for (const [label, text] of Object.entries(texts)) await dialog.getByRole('textbox', { name: label }).fill(text);
  if (reason !== undefined) await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
  if (ticket !== undefined) await dialog.getByRole('textbox', { name: 'Ticket' }).fill(ticket);
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await page.locator('[data-confirm]').click();
  await enterCode(page, nextCode);
  const ended = dialogOf(page);
  await ended.getByRole('status').waitFor();
  return ended;
}

/** Enters a fresh code into the dialog that asks for one. */
export async function enterCode(page: Page, nextCode: () => Promise<string>): Promise<void> {
  const asked = page.getByRole('dialog', { name: 'Confirm with a fresh code' });
  await asked.getByRole('textbox', { name: 'Code from your authenticator' }).fill(await nextCode());
  await asked.getByRole('button', { name: 'Confirm', exact: true }).click();
  await asked.waitFor({ state: 'detached' });
}

export interface FromPage {
  readonly data: Readonly<Record<string, unknown>> | null;
  /** Codes of the errors, in order. */
  readonly codes: readonly string[];
}

/** Asks from the page itself, past every button: a session has a new cookie after each code, and the page has the one in force. */
export function askFromPage(page: Page, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<FromPage> {
  return page.evaluate(
    async ([text, values]) => {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-request-surface': 'console' },
        body: JSON.stringify({ query: text, variables: values }),
      });
      const { data, errors = [] } = (await response.json()) as { data?: Record<string, unknown> | null; errors?: { extensions: { code: string } }[] };
      return { data: data ?? null, codes: errors.map((error) => error.extensions.code) };
    },
    [query, variables] as const,
  );
}
