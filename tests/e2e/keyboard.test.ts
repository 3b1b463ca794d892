import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { drawn, openPage, openPageAs } from './open-page.ts';
import { ask, until } from './probe.ts';

/** Most presses of Tab to anything on a page. */
const FAR = 90;

describeInBrowser('the console without a mouse', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage();
  }, 180_000);
  afterAll(() => stage?.close());

  /** Presses Tab until something of that name has the focus, seeing the focus at every stop. */
  async function tabTo(page: Page, name: RegExp): Promise<void> {
    for (let presses = 0; presses < FAR; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await ask(page, 'focused');
      if (focused.tag === 'body') continue;
      expect(focused.visible, `the focus on ${focused.tag} “${focused.name}” can be seen (${focused.look})`).toBe(true);
      if (name.test(focused.name)) return;
    }
    throw new Error(`Tab never came to ${name}`);
  }

  const focusOn = (page: Page, name: RegExp): Promise<void> => until(async () => name.test((await ask(page, 'focused')).name), `the focus is on ${name}`);

  it('does the main job from sign-in to the story with keys alone, and the focus is never lost (U2, V3)', { timeout: 240_000 }, async () => {
    const person = stage.gateway.personWith('billing-operator');
    const nextCode = stage.gateway.authenticatorOf(person);
    const { rows } = await sql<{
      id: string;
      number: string;
    }>`select id::text, number from product.invoice where status = 'paid' and currency = 'IDR' and amount_refunded = 0 and amount_paid between 3000000 and 200000000 order by number limit 1`.execute(
      stage.gateway.database.owner,
    );
    const invoice = rows[0] ?? { id: '', number: '' };
    const opened = await openPage(stage);
    const { page } = opened;
    const { keyboard } = page;
    await opened.page.goto('/');
    await page.getByLabel('E-mail').waitFor();
    await until(async () => (await ask(page, 'focused')).tag === 'input', 'the first field has the focus');
    await keyboard.type(person.email);
    await keyboard.press('Tab');
    await keyboard.type(person.password);
    await keyboard.press('Enter');
    await page.getByLabel('Six-digit code').waitFor();
    await keyboard.type(await nextCode());
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Hello, Dewi Lestari' }).waitFor();
    await drawn(page);

    await keyboard.press('Tab');
    await focusOn(page, /^Skip to content$/);
    await keyboard.press('Control+K');
    await focusOn(page, /^Search$/);
    await keyboard.type(invoice.number);
    await page.getByRole('option').filter({ hasText: invoice.number }).first().waitFor();
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: invoice.number }).waitFor();
    await drawn(page);

    await tabTo(page, /^Refund$/);
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog').last();
    await dialog.getByRole('textbox', { name: 'Amount' }).waitFor();
    await until(async () => (await ask(page, 'focused')).tag === 'input', 'the first field has the focus');
    await keyboard.type('1500000');
    await keyboard.press('Tab');
    await keyboard.type('Refunded without a mouse');
    await keyboard.press('Tab');
    await keyboard.type('SUP-77');
    await keyboard.press('Enter');
    await dialog.getByText('Nothing has changed yet').waitFor();

    // Escape asks before it throws away what was typed; Escape again, or Enter, keeps it.
    await until(async () => (await ask(page, 'focused')).tag !== 'body', 'the focus is back in the dialog');
    await keyboard.press('Escape');
    await focusOn(page, /^Keep working$/);
    await keyboard.press('Enter');
    await dialog.getByText('Nothing has changed yet').waitFor();
    await tabTo(page, /^Refund IDR/);
    await keyboard.press('Enter');
    const asked = page.getByRole('dialog', { name: 'Confirm with a fresh code' });
    await asked.waitFor();
    await until(async () => (await ask(page, 'focused')).tag === 'input', 'the code has the focus');
    await keyboard.type(await nextCode());
    await keyboard.press('Enter');
    await page.getByRole('link', { name: 'See the whole story' }).waitFor();
    await focusOn(page, /^Close$/);
    await keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await focusOn(page, /^Refund$/);
    const { rows: after } = await sql<{ refunded: string }>`select amount_refunded::text as refunded from product.invoice where id = ${invoice.id}`.execute(
      stage.gateway.database.owner,
    );
    expect(after[0]?.refunded).toBe('1500000.00');

    await tabTo(page, /1,500,000|Invoice refunded|refund/i);
    expect(opened.misdeeds.errors).toEqual([]);
    await opened.close();
  });

  it('walks a list with arrows, opens a row with Enter, shows the shortcuts on ? and gives the focus back on Escape (U2)', { timeout: 120_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('support-operator'));
    const { page } = opened;
    const { keyboard } = page;
    await opened.load('/tenants');
    await keyboard.press('ArrowDown');
    const first = await ask(page, 'focused');
    expect(first).toMatchObject({ tag: 'a', visible: true });
    await keyboard.press('ArrowDown');
    const second = await ask(page, 'focused');
    expect(second.name).not.toBe(first.name);
    await keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.waitFor();
    for (const meaning of ['Search', 'Home', 'Move through rows', 'Open the row', 'Add a filter', 'Close a dialog']) await sheet.getByText(meaning, { exact: true }).waitFor();
    await keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect((await ask(page, 'focused')).name).toBe(second.name);
    await keyboard.press('f');
    await page.getByRole('combobox', { name: 'Field' }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Field' }).waitFor({ state: 'detached' });
    await keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await keyboard.type('my prof');
    await page.getByRole('option', { name: /My profile/ }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Search' }).waitFor({ state: 'detached' });
    await page.locator('[data-row-link]').first().focus();
    await keyboard.press('Enter');
    await drawn(page);
    expect(new URL(page.url()).pathname).toMatch(/^\/tenants\/.+/);
    // Two keys, as the sheet says: home.
    await keyboard.press('g');
    await keyboard.press('h');
    await page.getByRole('heading', { name: 'Hello, Budi Santoso' }).waitFor();
    expect(opened.misdeeds).toEqual({ dialogs: [], violations: [], errors: [], strangers: [] });
    await opened.close();
  });
});
