import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';

const APPROVE = 'mutation ($input: ApproveRequestInput!) { approveRequest(input: $input) { status } }';
const DECISION = 'query ($id: ID!) { approvalDecision(id: $id) { shownDigest } }';
const WHY = { reason: 'The whole year was billed twice', ticket: 'SUP-3107' };
const AMOUNT = '300000000.00';

interface LargeInvoice {
  readonly id: string;
  readonly number: string;
}

describeInBrowser('an act that takes two people, in Chromium', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage();
  }, 180_000);
  afterAll(() => stage?.close());

  /** A paid invoice in rupiah, made large enough for the amount. */
  async function takeLargeInvoice(): Promise<LargeInvoice> {
    const { rows } = await sql<LargeInvoice>`
      update product.invoice i set total = 400000000, amount_paid = 400000000 where i.id = (
        select i.id from product.invoice i join product.tenant t on t.id = i.tenant_id
        where i.status = 'paid' and i.currency = 'IDR' and i.amount_refunded = 0 and t.status = 'active' order by i.number limit 1)
      returning i.id::text, i.number`.execute(stage.gateway.database.owner);
    const [invoice] = rows;
    if (!invoice) throw new Error('The seed holds no paid invoice');
    return invoice;
  }

  it('asks, is approved by somebody else with a fresh code, runs once, and one correlation ID tells it all (A2, A3, A8, D01, H01)', { timeout: 240_000 }, async () => {
    const { gateway, url } = stage;
    const invoice = await takeLargeInvoice();

    const dewi = await stage.visit(gateway.personWith('billing-operator'));
    const siti = await stage.visit(gateway.personWith('platform-admin'));
    await dewi.openList('Invoices');
    await dewi.findInList('invoices', invoice.number, invoice.number);
    const form = await dewi.preview({ action: 'Refund', fields: { Amount: AMOUNT }, ...WHY });
    const plan = form.locator('[data-plan]');
    await plan.getByText('This takes a second person').waitFor();
    await plan.getByText(gateway.personWith('platform-admin').displayName).waitFor();
    expect(await dewi.confirm()).toBe('Ask for approval');
    await dewi.confirmWithCode();
    await form.getByText('Filed. It runs when a second person has approved it.').waitFor();
    const path = (await form.locator('[data-request]').getAttribute('href')) ?? '';
    await form.locator('[data-request]').click();
    await dewi.page.getByText('You asked for this. Somebody else has to decide.').waitFor();
    expect(await dewi.page.locator('[data-action]').evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-action')))).toEqual(['cancelRequest']);
    expect(await refundsOf(invoice.id)).toEqual({ refunded: '0.00', entries: 0 });

    // By hand, past every button: nobody approves their own request.
    const id = path.split('/').at(-1) ?? '';
    const { data } = await dewi.sendByHand(DECISION, { id });
    const shown = data?.['approvalDecision'] as { shownDigest: string } | null | undefined;
    const sent = await dewi.sendByHand(APPROVE, { input: { id, shownDigest: shown?.shownDigest, justification: { reason: 'Mine' }, preview: true } });
    expect([sent.data?.['approveRequest'] ?? null, sent.codes[0]]).toEqual([null, expect.stringMatching(/^(FORBIDDEN|SELF_APPROVAL)$/)]);

    // The approver's menu says so without a reload, and the keyboard alone leads to the decision.
    await siti.page.getByRole('link', { name: /^Approvals.*1 request waits for you/ }).click();
    await siti.page.getByRole('heading', { level: 1, name: 'Approvals' }).waitFor();
    await siti.page.locator('[data-row-link]').first().waitFor();
    await siti.page.keyboard.press('j');
    await siti.page.keyboard.press('Enter');
    await siti.page.getByRole('heading', { level: 1, name: `Refund · ${invoice.number}` }).waitFor();
    const changes = siti.page.getByRole('table', { name: 'Changes' }).first();
    await changes.getByRole('row', { name: /Refunded.*IDR.300,000,000/ }).waitFor();
    const main = siti.page.getByRole('main');
    for (const text of [WHY.reason, WHY.ticket, 'Dewi Lestari']) await main.getByText(text).first().waitFor();
    await main.locator('[data-oddity="first-time"]').waitFor();
    await siti.page.keyboard.press('a');
    const asked = siti.page.getByRole('dialog', { name: /^Approve/ });
    await asked.getByRole('textbox', { name: 'Reason' }).fill('Checked against the two invoices');
    await asked.getByRole('button', { name: /^Approve Refund/ }).click();
    await siti.confirmWithCode();
    await siti.page.locator('[data-ending="EXECUTED"]').waitFor();
    expect(await refundsOf(invoice.id)).toEqual({ refunded: AMOUNT, entries: 1 });

    // The requester sees it where they stand.
    await dewi.page.locator('[data-ending="EXECUTED"]').waitFor();
    await dewi.page.getByText('Checked against the two invoices').waitFor();
    const { rows } = await sql<{ correlationId: string }>`select correlation_id::text as "correlationId" from gateway.approval_request where id = ${id}`.execute(
      gateway.database.owner,
    );
    const correlationId = rows[0]?.correlationId ?? '';

    const hendra = await stage.visit(gateway.personWith('compliance-auditor'));
    const steps = await hendra.story(correlationId);
    expect(steps.filter((step) => step.startsWith('Refused'))).toEqual(expect.arrayContaining(['Refused · STEP_UP_REQUIRED']));
    expect(steps.filter((step) => step === 'Previewed')).toHaveLength(1);
    const story = hendra.page.getByRole('main');
    for (const text of [WHY.reason, 'Checked against the two invoices', 'Dewi Lestari', 'Siti Rahmawati', 'Approval asked for', 'Refund'])
      await story.getByText(text).first().waitFor();
    await hendra.page.goto(`${url}${path}`);
    await hendra.page.locator('[data-ending="EXECUTED"]').waitFor();
    expect(await hendra.page.locator('[data-action]').count()).toBe(0);
    for (const visit of [dewi, siti, hendra]) expect(visit.pageErrors).toEqual([]);
    for (const visit of [dewi, siti, hendra]) await visit.close();
  });

  it('asks for a right where it is missing, gets it from a phone for a short time, and is told when the next one is denied (A5, A2, U5, E16)', { timeout: 240_000 }, async () => {
    const { gateway } = stage;
    const rina = await stage.visit(gateway.personWith('support-viewer'));
    const agus = await stage.visit(gateway.personWith('security-operator'));
    await agus.page.setViewportSize({ width: 360, height: 780 });

    /** From the fact that is not hers to the filed request. */
    const askFor = async (permission: string): Promise<void> => {
      await rina.page.locator(`[data-ask="${permission}"]`).first().click();
      const form = rina.page.getByRole('dialog', { name: 'Ask for access' });
      await form.getByRole('textbox', { name: 'Reason' }).fill('A customer asks who receives the invoice');
      await form.getByRole('textbox', { name: 'Ticket' }).fill('SUP-3108');
      await form.getByRole('button', { name: 'Preview' }).click();
      await form.locator('[data-plan]').getByText('Agus Pratama').waitFor();
      await form.locator('[data-confirm]').click();
      await rina.confirmWithCode();
      await form.getByText('Filed. It runs when a second person has approved it.').waitFor();
      await form.getByRole('button', { name: 'Close', exact: true }).click();
    };
    /** What waits for him, opened and answered. */
    const answer = async (act: 'approveRequest' | 'denyRequest', button: RegExp): Promise<void> => {
      await agus.page.goto(`${stage.url}/approvals`);
      await agus.page.getByRole('heading', { level: 1, name: 'Approvals' }).waitFor();
      await agus.page.locator('[data-row-link]').first().click();
      await agus.page.locator(`[data-action="${act}"]`).click();
      const dialog = agus.page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('Asked the shift lead');
      await dialog.getByRole('button', { name: button }).click();
      await agus.confirmWithCode();
      await agus.page.locator('[data-ending]').waitFor();
    };

    await rina.openList('Invoices');
    await rina.page.locator('[data-row-link]').first().click();
    await rina.fact('Email').getByText('needs billing.invoice.read-contact').waitFor();
    await askFor('billing.invoice.read-contact');
    await answer('approveRequest', /^Approve/);
    // The right arrives without a reload, for this tenant only, and the value is still hers to reveal.
    await rina.fact('Email').getByRole('button', { name: 'Reveal Email' }).click();
    await rina.fact('Email').getByText('@').waitFor();
    const { rows } = await sql<{ kind: string; tenants: number; minutes: number }>`
      select kind, array_length(tenant_ids, 1) as tenants, minutes from gateway.access_grant where kind = 'elevation'`.execute(gateway.database.owner);
    expect(rows).toEqual([{ kind: 'elevation', tenants: 1, minutes: 30 }]);

    await askFor('audit.event.read');
    await answer('denyRequest', /^Deny/);
    await rina.page.getByRole('link', { name: 'Approvals', exact: true }).click();
    await rina.page.getByRole('tab', { name: /^Mine/ }).click();
    await rina.page.locator('[data-row-link]').first().click();
    await rina.page.locator('[data-ending="DENIED"]').waitFor();
    await rina.page.getByText('Asked the shift lead').waitFor();
    expect((await sql`select 1 from gateway.access_grant where kind = 'elevation'`.execute(gateway.database.owner)).rows).toHaveLength(1);
    for (const visit of [rina, agus]) expect(visit.pageErrors).toEqual([]);
    for (const visit of [rina, agus]) await visit.close();
  });

  async function refundsOf(id: string): Promise<{ refunded: string | undefined; entries: number | undefined }> {
    const { rows } = await sql<{ refunded: string; entries: number }>`
      select amount_refunded::text as refunded, (select count(*)::int from product.credit_entry where invoice_id = ${id}) as entries from product.invoice where id = ${id}`.execute(
      stage.gateway.database.owner,
    );
    return { refunded: rows[0]?.refunded, entries: rows[0]?.entries };
  }
});
