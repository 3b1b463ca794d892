import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerOf, figureOf, tellAnswers } from '../integration/evidence/answers-document.ts';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPageAs } from './open-page.ts';

const REFUND = 'mutation ($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status } }';
const CALM = { dialogs: [], violations: [], errors: [], strangers: [] };

describeInBrowser('answers to security questionnaires, in Chromium', () => {
  let stage: ConsoleStage;
  let tenantId: string;
  beforeAll(async () => {
    stage = await openStage({ tenants: 4 });
    const billing = await stage.gateway.asRole('billing-operator');
    const { data } = await billing.query('{ invoices(filter: { status: { eq: PAID } }, first: 1) { nodes { id tenantId } } }');
    const [invoice] = (data?.['invoices'].nodes ?? []) as { id: string; tenantId: string }[];
    tenantId = invoice?.tenantId ?? '';
    const input = { id: invoice?.id, amount: '1000.00', justification: { reason: 'Billed twice in October', ticket: 'SUP-2041' } };
    await billing.query(REFUND, { input });
    await (await stage.gateway.asRole('support-viewer')).query(REFUND, { input });
  }, 240_000);
  afterAll(() => stage?.close());

  it('computes a customer’s answers with verdict and figures, leads to the evidence, prints them, and hands them out as Markdown and CSV (C4, C6)', {
    timeout: 240_000,
  }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('compliance-auditor'));
    const { page } = opened;
    await opened.load('/answers');
    await page.getByText('Choose whose questionnaire it is').waitFor();
    const form = page.getByRole('form', { name: 'Whose questionnaire, and for which period' });
    await form.getByRole('button', { name: '30 days' }).click();
    await form.getByRole('button', { name: 'Compute the answers' }).click();
    await page.locator('[data-answers]').waitFor();
    const search = new URL(page.url()).searchParams;
    const asked = { from: search.get('from') ?? '', to: search.get('to') ?? '' };
    expect(Date.parse(asked.to) - Date.parse(asked.from)).toBe(30 * 86_400_000);

    const told = await tellAnswers(opened.client, { tenantId, ...asked, to: new Date().toISOString() });
    await opened.load(`/answers?${new URLSearchParams({ tenantId, from: told.from, to: told.to })}`);
    const answer = page.locator('[data-answer="fresh-code"]');
    await answer.waitFor();
    expect(await page.locator('[data-answer]').count()).toBe(told.answers.length);
    for (const { id, verdict } of told.answers) expect([id, await page.locator(`[data-answer="${id}"]`).getAttribute('data-verdict')]).toEqual([id, verdict]);
    expect(await answer.innerText()).toContain(answerOf(told, 'fresh-code').answer.en);
    expect(await answer.locator('[data-figure="privileged"] dd').innerText()).toBe(String(figureOf(told, 'fresh-code', 'privileged')));
    // The word stands beside the icon: colour is never the only sign.
    const words = { YES: 'Yes', PARTLY: 'Partly', NO: 'No', NOT_APPLICABLE: 'Not applicable' } as const;
    for (const { id, verdict } of told.answers)
      expect(
        await page
          .locator(`[data-answer="${id}"]`)
          .getByText(words[verdict as keyof typeof words], { exact: true })
          .count(),
        id,
      ).toBe(1);
    expect(await page.locator('[data-claim]').innerText()).toContain('no claim of certification');

    const [text] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Markdown' }).click()]);
    expect(text.suggestedFilename()).toMatch(/^security-answers-[\w-]+\.md$/);
    const markdown = await readFile(await text.path(), 'utf8');
    expect(markdown).toContain(answerOf(told, 'fresh-code').answer.en);
    expect(markdown.split('\n')[2]).toContain(told.claim.en);
    const [sheet] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
    const csv = await readFile(await sheet.path(), 'utf8');
    expect(csv.split('\r\n')[0]).toContain(told.claim.en);
    expect(csv.split('\r\n').length).toBe(told.answers.length + 3);

    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Print', exact: true }).isVisible()).toBe(false);
    expect(await answer.isVisible()).toBe(true);
    expect((await page.pdf({ preferCSSPageSize: true })).toString('latin1')).toMatch(/MediaBox \[0 0 59[45](\.\d+)? 84[12]/);
    await page.emulateMedia({ media: null });

    await answer.getByRole('link', { name: 'See the evidence' }).click();
    await page.locator('[data-report]').waitFor();
    const selection = new URL(page.url()).searchParams;
    expect(Object.fromEntries(selection)).toEqual({ ...answerOf(told, 'fresh-code').evidence });
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('speaks Indonesian, fits 360 pixels in the dark, and says where the evidence is for who may not read the log (C4, V1)', { timeout: 180_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('customer-success'), { locale: 'id', colorScheme: 'dark', width: 360, height: 800 });
    const { page } = opened;
    const told = await tellAnswers(opened.client, { tenantId });
    await opened.load(`/answers?${new URLSearchParams({ tenantId, from: told.from, to: told.to })}`);
    const answer = page.locator('[data-answer="fresh-code"]');
    await answer.waitFor();
    expect(await answer.innerText()).toContain(answerOf(told, 'fresh-code').answer.id);
    expect(await page.locator('[data-claim]').innerText()).toContain(told.claim.id);
    expect(await answer.getByRole('link', { name: 'Lihat bukti' }).count()).toBe(0);
    expect(await answer.innerText()).toContain('audit.event.read');
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true);
    const [text] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Markdown' }).click()]);
    expect(await readFile(await text.path(), 'utf8')).toContain('# Jawaban kuesioner keamanan');
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('says so when nothing happened, when the period cannot be, and when the page is none of theirs', { timeout: 180_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('customer-success'));
    const { page } = opened;
    await opened.load(`/answers?${new URLSearchParams({ tenantId, from: '2024-02-01T00:00:00Z', to: '2024-03-01T00:00:00Z' })}`);
    await page.locator('[data-answers-quiet]').waitFor();
    expect(await page.locator('[data-answer="fresh-code"]').getAttribute('data-verdict')).toBe('NOT_APPLICABLE');
    await opened.load(`/answers?${new URLSearchParams({ tenantId: 'no-such-tenant', from: '2024-02-01T00:00:00Z', to: '2024-03-01T00:00:00Z' })}`);
    await page.getByRole('alert').first().waitFor();
    await opened.load(`/answers?${new URLSearchParams({ tenantId, from: '2022-02-01T00:00:00Z', to: '2024-03-01T00:00:00Z' })}`);
    await page.getByText('Longer than 366 days').waitFor();
    expect(await page.getByRole('button', { name: 'Compute the answers' }).isDisabled()).toBe(true);
    await opened.close();

    const stranger = await openPageAs(stage, stage.gateway.personWith('support-operator'));
    await stranger.load('/answers');
    await stranger.page.getByText('assurance.answers.read').first().waitFor();
    expect(await stranger.page.locator('form[aria-label]').count()).toBe(0);
    expect(await stranger.page.getByRole('navigation').getByRole('link', { name: 'Questionnaire answers' }).count()).toBe(0);
    await stranger.close();
  });
});
