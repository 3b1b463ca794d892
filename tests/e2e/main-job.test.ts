import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';

const REFUND = 'mutation ($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status } }';
const TRAIL = `query ($correlationId: ID!) { auditTrail(correlationId: $correlationId) { steps { outcome reasonCode action actorName reason ticket changes { field before after } } } }`;
const WHY = { reason: 'The project was billed twice in October', ticket: 'SUP-2041' };
const AMOUNT = '1500000.00';

interface PaidInvoice {
  readonly id: string;
  readonly number: string;
  readonly tenant: string;
}

describeInBrowser('the main job, in Chromium, on the seeded product', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage();
  }, 180_000);
  afterAll(() => stage?.close());

  /** Paid, in rupiah, with room for the refund and for what would need a second person. */
  async function findPaidInvoice(): Promise<PaidInvoice> {
    const { rows } = await sql<PaidInvoice>`
      select i.id::text, i.number, t.name as tenant from product.invoice i join product.tenant t on t.id = i.tenant_id
      where i.status = 'paid' and i.currency = 'IDR' and i.amount_refunded = 0 and i.amount_paid between 3000000 and 200000000 and t.name ~ '^[A-Za-z .]{4,40}$'
      order by i.number limit 1`.execute(stage.gateway.database.owner);
    const [invoice] = rows;
    if (!invoice) throw new Error('The seed holds no such invoice');
    return invoice;
  }

  it('refunds an invoice with preview and fresh code; the viewer has no button and is refused by hand; the auditor reads it all (U1, U3, C02, H01, J09)', {
    timeout: 240_000,
  }, async () => {
    const { gateway } = stage;
    const invoice = await findPaidInvoice();

    const dewi = await stage.visit(gateway.personWith('billing-operator'));
    await dewi.openList('Invoices');
    await dewi.findInList('invoices', invoice.number, invoice.number);
    const form = await dewi.preview({ action: 'Refund', fields: { Amount: AMOUNT }, ...WHY });
    const changes = form.getByRole('table', { name: 'Changes' }).first();
    await changes.getByRole('row', { name: /Status.*Paid.*Partially refunded/ }).waitFor();
    await changes.getByRole('row', { name: /Refunded.*IDR.1,500,000/ }).waitFor();
    expect(await refundedOf(invoice.id)).toBe('0.00');
    expect(await dewi.confirm()).toBe(`Refund IDR 1,500,000 to ${invoice.tenant}`);

    // The code is asked for this act and this object; whoever turns back finds the form as it was.
    const asked = dewi.page.getByRole('dialog', { name: 'Confirm with a fresh code' });
    await asked.getByText(`Refund IDR 1,500,000 to ${invoice.tenant}`).waitFor();
    await asked.getByText(invoice.number, { exact: true }).waitFor();
    await asked.getByRole('button', { name: 'Cancel' }).click();
    await asked.waitFor({ state: 'detached' });
    const own = dewi.page.getByRole('dialog').last();
    await own.getByRole('button', { name: 'Back' }).click();
    expect(await own.getByRole('textbox', { name: 'Amount' }).inputValue()).toBe(AMOUNT);
    expect(await own.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe(WHY.reason);
    expect(await own.getByRole('textbox', { name: 'Ticket' }).inputValue()).toBe(WHY.ticket);
    await own.getByRole('button', { name: 'Preview' }).click();
    await dewi.confirm();
    await dewi.confirmWithCode();
    const correlationId = await dewi.done();
    await dewi.page.getByText('Partially refunded', { exact: true }).first().waitFor();
    expect(await refundedOf(invoice.id)).toBe(AMOUNT);

    const rina = await stage.visit(gateway.personWith('support-viewer'));
    await rina.openList('Invoices');
    await rina.findInList('invoices', invoice.number, invoice.number);
    expect(await rina.actions()).toEqual([]);
    await rina.fact('Refunded').getByText('IDR 1,500,000').waitFor();
    for (const label of ['Name', 'Email', 'Address']) await rina.fact(label).getByText('needs billing.invoice.read-contact').waitFor();
    const sent = await rina.sendByHand(REFUND, { input: { id: invoice.id, amount: AMOUNT, justification: WHY } }, correlationId);
    expect(sent).toEqual({ data: { refundInvoice: null }, codes: ['FORBIDDEN'] });
    expect(await refundedOf(invoice.id)).toBe(AMOUNT);

    const hendra = await stage.visit(gateway.personWith('compliance-auditor'));
    expect(await hendra.story(correlationId)).toEqual([
      'Previewed',
      'Refused · STEP_UP_REQUIRED',
      'Previewed',
      'Refused · STEP_UP_REQUIRED',
      'Done',
      'Done',
      'Refused · FORBIDDEN',
    ]);
    const main = hendra.page.getByRole('main');
    for (const text of [WHY.reason, WHY.ticket, 'Dewi Lestari', 'Rina Wulandari']) await main.getByText(text).first().waitFor();
    const asAuditor = await gateway.asRole('compliance-auditor');
    const trail = (await asAuditor.query(TRAIL, { correlationId })).data?.['auditTrail'] as { steps: { outcome: string; reasonCode: string | null }[] };
    expect(trail.steps.map(({ outcome, reasonCode }) => [outcome.toUpperCase(), reasonCode])).toEqual([
      ['PREVIEWED', null],
      ['DENIED', 'STEP_UP_REQUIRED'],
      ['PREVIEWED', null],
      ['DENIED', 'STEP_UP_REQUIRED'],
      ['OK', null],
      ['OK', null],
      ['DENIED', 'FORBIDDEN'],
    ]);
    for (const visit of [dewi, rina, hendra]) expect(visit.pageErrors).toEqual([]);
  });

  async function refundedOf(id: string): Promise<string | undefined> {
    const { rows } = await sql<{ refunded: string }>`select amount_refunded::text as refunded from product.invoice where id = ${id}`.execute(stage.gateway.database.owner);
    return rows[0]?.refunded;
  }
});
