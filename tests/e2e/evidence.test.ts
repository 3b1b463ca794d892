import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventsOf, trustIn, unpack, verifyPack } from '../integration/evidence/evidence-packs.ts';
import { enterCode } from './act-in-dialog.ts';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPageAs } from './open-page.ts';

const REFUND = 'mutation ($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status } }';
const CALM = { dialogs: [], violations: [], errors: [], strangers: [] };

describeInBrowser('reports and evidence, in Chromium', () => {
  let stage: ConsoleStage;
  const correlationId = randomUUID();
  let tenant = '';
  beforeAll(async () => {
    stage = await openStage({ tenants: 4 });
    const billing = await stage.gateway.asRole('billing-operator');
    const { data } = await billing.query('{ invoices(filter: { status: { eq: PAID } }, first: 1) { nodes { id tenant { name } } } }');
    tenant = data?.['invoices'].nodes[0].tenant.name;
    const input = { id: data?.['invoices'].nodes[0].id, amount: '1000.00', justification: { reason: 'Billed twice in October', ticket: 'SUP-2041' } };
    await billing.query(REFUND, { input: { ...input, preview: true } }, { correlationId });
    await billing.query(REFUND, { input }, { correlationId });
    await (await stage.gateway.asRole('support-viewer')).query(REFUND, { input }, { correlationId });
  }, 240_000);
  afterAll(() => stage?.close());

  it('tells a story as a report, shares it by its address, prints it, and hands out a pack that the offline verifier takes (C1, C3, C5, L5)', { timeout: 240_000 }, async () => {
    const { gateway } = stage;
    const auditor = gateway.personWith('compliance-auditor');
    const opened = await openPageAs(stage, auditor);
    const { page } = opened;
    await opened.load('/reports');
    await page.getByText('Choose what the report is about').waitFor();
    const form = page.getByRole('form', { name: 'What the report is about' });
    await form.getByRole('textbox', { name: 'Correlation ID' }).fill('nonsense');
    expect(await form.getByRole('button', { name: 'Show the report' }).isDisabled()).toBe(true);
    await form.getByRole('textbox', { name: 'Correlation ID' }).fill(correlationId.toUpperCase());
    await page.keyboard.press('Enter');
    await page.locator('[data-report]').waitFor();
    expect(new URL(page.url()).search).toBe(`?correlationId=${correlationId}`);
    const told = page.locator(`[data-story="${correlationId}"]`);
    await told.getByText('Billed twice in October').first().waitFor();
    expect(await told.locator('[data-verify-event]').count()).toBe(3);
    const figure = (name: string) => page.locator(`[data-figure="${name}"] dd`).innerText();
    expect([await figure('events'), await figure('stories'), await figure('people')]).toEqual(['3', '1', '2']);
    await page.getByRole('heading', { name: 'Policy then in force' }).waitFor();

    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Print', exact: true }).isVisible()).toBe(false);
    expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
    expect(await told.getByText('Billed twice in October').first().isVisible()).toBe(true);
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    // A4 in points, as the style sheet asks.
    expect(paper).toMatch(/MediaBox \[0 0 59[45](\.\d+)? 84[12]/);
    await page.emulateMedia({ media: null });

    await page.getByRole('button', { name: 'Make and download' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), enterCode(page, gateway.authenticatorOf(auditor))]);
    const bytes = await readFile(await file.path());
    const report = await verifyPack(bytes, await trustIn(gateway));
    expect(report.intact).toBe(true);
    const summary = (await unpack(bytes)).get('summary.html')?.toString() ?? '';
    expect(summary).toContain(tenant);
    expect(summary).toContain('Refund: refused, the right was missing (FORBIDDEN)');
    expect(eventsOf(await unpack(bytes)).map((event) => event['outcome'])).toEqual(['previewed', 'ok', 'denied']);
    await page.locator('[data-pack="done"]').getByText(`sallyport verify ${file.suggestedFilename()} --origin`, { exact: false }).waitFor();
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('speaks in names and words: the tenant, why something was refused, and a code that was asked for is no refusal (L1, U5)', { timeout: 120_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('compliance-auditor'), { locale: 'id' });
    const { page } = opened;
    await opened.load(`/story/${correlationId}`);
    await page.getByRole('region', { name: 'Ringkasnya' }).getByText(tenant).first().waitFor();
    await page.getByText('Kembalikan: ditolak, haknya tidak ada (FORBIDDEN)').waitFor();
    expect(await page.getByText('kode autentikator').count()).toBeGreaterThan(0);
    await opened.load(`/reports?correlationId=${correlationId}`);
    const refused = page.getByRole('table', { name: 'Ditolak dan gagal' });
    await refused.waitFor();
    expect(await refused.getByRole('row').count()).toBe(2);
    await opened.load('/retentionPeriods');
    await page.getByRole('link', { name: 'Yang dilakukan' }).waitFor();
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('keeps the selection when the code is not given, says what a control’s report claims, and that nothing is there where nothing is (C6, J13)', {
    timeout: 180_000,
  }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('compliance-auditor'));
    const { page } = opened;
    await opened.load(`/reports?correlationId=${correlationId}`);
    await page.getByRole('button', { name: 'Make and download' }).click();
    await page.getByRole('dialog', { name: 'Confirm with a fresh code' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('You closed the dialog; nothing was sent.').waitFor();
    expect(new URL(page.url()).search).toBe(`?correlationId=${correlationId}`);

    await opened.load('/reports');
    await page.getByRole('combobox', { name: 'Control' }).click();
    await page.getByRole('option', { name: /^AC-6\(9\)/ }).click();
    await page.getByRole('button', { name: '24 hours' }).click();
    await page.getByRole('button', { name: 'Show the report' }).click();
    await page.getByText('whether the control is met is for an auditor to say').waitFor();

    await opened.load(`/reports?correlationId=${randomUUID()}`);
    await page.locator('[data-report-empty]').waitFor();
    expect(await page.locator('[data-pack]').count()).toBe(0);
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('offers a report to who reads events, a pack to nobody who lacks a right for it, and neither to others (L19)', { timeout: 120_000 }, async () => {
    const reader = await openPageAs(stage, stage.gateway.personWith('support-operator'));
    await reader.load(`/reports?correlationId=${correlationId}`);
    await reader.page.locator('[data-report]').waitFor();
    await reader.page.getByText('audit.evidence.make').first().waitFor();
    expect(await reader.page.getByRole('button', { name: 'Make and download' }).count()).toBe(0);
    await reader.close();

    const stranger = await openPageAs(stage, stage.gateway.personWith('support-viewer'));
    await stranger.load(`/reports?correlationId=${correlationId}`);
    await stranger.page.getByText('audit.event.read').first().waitFor();
    expect(await stranger.page.locator('[data-report], form').count()).toBe(0);
    expect(await stranger.page.getByRole('navigation').getByRole('link', { name: 'Reports' }).count()).toBe(0);
    await stranger.close();
  });
});
