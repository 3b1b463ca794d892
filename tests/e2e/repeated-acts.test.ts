import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { drawn, type OpenPage, openPageAs } from './open-page.ts';
import { until } from './probe.ts';

describeInBrowser('acts that are repeated, overtaken or interrupted, in Chromium', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage();
  }, 180_000);
  afterAll(() => stage?.close());

  const clean = ({ misdeeds }: OpenPage): void => expect(misdeeds).toEqual({ dialogs: [], violations: [], errors: [], strangers: [] });

  it('does one thing when a button is pressed twice, Enter repeats, or the answer is lost on the way (J12, K09)', { timeout: 180_000 }, async () => {
    const dewi = await openPageAs(stage, stage.gateway.personWith('billing-operator'));
    const { rows } = await sql<{
      id: string;
    }>`select id::text from product.invoice where status = 'paid' and currency = 'IDR' and amount_paid > 3000 and amount_refunded = 0 order by number limit 3`.execute(
      stage.gateway.database.owner,
    );
    const [byClick = '', byEnter = '', byLoss = ''] = rows.map(({ id }) => id);
    const { page } = dewi;

    await dewi.load(`/invoices/${byClick}`);
    await previewRefund(page, '1000');
    await page.locator('[data-confirm]').dblclick();
    await page.getByRole('link', { name: 'See the whole story' }).waitFor();
    expect(await refundsOf(byClick)).toEqual({ refunded: '1000.00', events: 1 });
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    // No ceremony: the click is the act. A second one, be it a moment after the first is done, is none of its own.
    const resend = page.getByRole('button', { name: 'Resend' });
    await resend.dblclick({ delay: 120 });
    await until(async () => (await sentTimes(byClick)) > 0, 'the invoice is sent');
    await resend.focus();
    await page.reload();
    await drawn(page);
    expect(await sentTimes(byClick)).toBe(1);

    await dewi.load(`/invoices/${byEnter}`);
    await previewRefund(page, '1000');
    await page.locator('[data-confirm]').focus();
    await page.evaluate(`(() => { const button = document.querySelector('[data-confirm]'); for (let times = 0; times < 5; times += 1) button.click(); })()`);
    await page.getByRole('link', { name: 'See the whole story' }).waitFor();
    expect(await refundsOf(byEnter)).toEqual({ refunded: '1000.00', events: 1 });

    await dewi.load(`/invoices/${byLoss}`);
    await previewRefund(page, '1000');
    // The gateway does it; its answer never arrives. The person presses again.
    let lost = 0;
    await page.route('**/graphql', async (route) => {
      if (lost > 0 || !route.request().postData()?.includes('Act_refundInvoice')) return route.continue();
      lost += 1;
      await route.fetch();
      return route.abort('connectionreset');
    });
    await page.locator('[data-confirm]').click();
    await page.getByRole('alert').first().waitFor();
    await page.locator('[data-confirm]').click();
    await page.getByRole('link', { name: 'See the whole story' }).waitFor();
    expect(lost).toBe(1);
    expect(await refundsOf(byLoss)).toEqual({ refunded: '1000.00', events: 1 });
    clean(dewi);
    await dewi.close();
  });

  async function previewRefund(page: Page, amount: string): Promise<void> {
    await page.getByRole('button', { name: 'Refund' }).click();
    const dialog = page.getByRole('dialog').last();
    await dialog.getByRole('textbox', { name: 'Amount' }).fill(amount);
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Pressed more than once');
    await dialog.getByRole('textbox', { name: 'Ticket' }).fill('SUP-12');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('Nothing has changed yet').waitFor();
  }

  async function refundsOf(id: string): Promise<{ refunded: string | undefined; events: number }> {
    const { rows } = await sql<{ refunded: string; events: number }>`
      select amount_refunded::text as refunded, (select count(*)::int from audit.event e where e.target_id = i.id::text and e.action = 'refundInvoice' and e.outcome = 'ok' and e.kind not like 'gateway.%' and e.after is not null) as events
      from product.invoice i where id = ${id}`.execute(stage.gateway.database.owner);
    return { refunded: rows[0]?.refunded, events: rows[0]?.events ?? -1 };
  }

  async function sentTimes(id: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*)::int from audit.event where target_id = ${id} and action = 'resendInvoice' and outcome = 'ok'`.execute(
      stage.gateway.database.owner,
    );
    return rows[0]?.count ?? -1;
  }

  it('says what changed and by whom it may be seen when a record changed under a form, and keeps what was typed (J13)', { timeout: 120_000 }, async () => {
    const dewi = await openPageAs(stage, stage.gateway.personWith('billing-operator'));
    const { rows } = await sql<{
      id: string;
    }>`select id::text from product.invoice where status = 'paid' and currency = 'IDR' and amount_paid > 10000 and amount_refunded = 0 order by number desc limit 1`.execute(
      stage.gateway.database.owner,
    );
    const id = rows[0]?.id ?? '';
    await dewi.load(`/invoices/${id}`);
    await previewRefund(dewi.page, '1000');
    const colleague = await stage.gateway.asRole('billing-operator');
    const done = await colleague.query('mutation ($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status } }', {
      input: { id, amount: '2500.00', justification: { reason: 'A colleague was first', ticket: 'SUP-13' } },
    });
    expect(done.codes).toEqual([]);
    await dewi.page.locator('[data-confirm]').click();
    const dialog = dewi.page.getByRole('dialog').last();
    await dialog.getByText('The record changed while you were working').waitFor();
    await dialog.getByRole('row', { name: /Refunded.*2,500/ }).waitFor();
    await dialog.getByRole('row', { name: /Status.*Paid.*Partially refunded/ }).waitFor();
    expect((await refundsOf(id)).refunded).toBe('2500.00');
    await dialog.getByRole('button', { name: 'Go on with the current record' }).click();
    expect(await dialog.getByRole('textbox', { name: 'Amount' }).inputValue()).toBe('1000');
    expect(await dialog.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('Pressed more than once');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dewi.page.locator('[data-confirm]').click();
    await dialog.getByRole('link', { name: 'See the whole story' }).waitFor();
    expect((await refundsOf(id)).refunded).toBe('3500.00');
    clean(dewi);
    await dewi.close();
  });

  it('asks to sign in again over the page when the session was ended elsewhere, and goes on with the same act (A15, U1)', { timeout: 120_000 }, async () => {
    const person = stage.gateway.personWith('billing-operator');
    const dewi = await openPageAs(stage, person);
    const { rows } = await sql<{
      id: string;
    }>`select id::text from product.invoice where status = 'paid' and currency = 'IDR' and amount_paid > 10000 and amount_refunded = 0 order by number desc limit 1`.execute(
      stage.gateway.database.owner,
    );
    const id = rows[0]?.id ?? '';
    await dewi.load(`/invoices/${id}`);
    const address = dewi.page.url();
    await previewRefund(dewi.page, '1000');
    const elsewhere = await stage.gateway.as(person);
    const listed = (await (await elsewhere.get('/auth/sessions')).json()) as { sessions: { id: string; current: boolean }[] };
    // The act is on its way when the session ends: else the open stream may tell the page first, and the page covers the button.
    const ended = Promise.withResolvers<void>();
    await dewi.page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('Act_refundInvoice')) await ended.promise;
      await route.continue();
    });
    await dewi.page.locator('[data-confirm]').click();
    for (const session of listed.sessions.filter(({ current }) => !current)) await elsewhere.post('/auth/sessions/end', { id: session.id });
    ended.resolve();
    const again = dewi.page.getByRole('dialog', { name: 'Your session has ended' });
    await again.getByLabel('Password').fill(person.password);
    await again.getByRole('button', { name: 'Continue' }).click();
    await again.getByLabel('Six-digit code').fill(await dewi.client.nextCode());
    await again.getByRole('button', { name: 'Sign in' }).click();
    await dewi.page.getByRole('link', { name: 'See the whole story' }).waitFor();
    expect(dewi.page.url()).toBe(address);
    expect(await refundsOf(id)).toEqual({ refunded: '1000.00', events: 1 });
    expect(dewi.misdeeds.dialogs).toEqual([]);
    await dewi.close();
  });
});
