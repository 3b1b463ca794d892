import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import type { Catalogue } from '@sallyport/schema/vocabulary/catalogue.ts';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { sampleRecords } from './allowed-controls.ts';
import { accessStops } from './access-pages.ts';
import { approvalStops } from './approval-pages.ts';
import type { ConsoleStage } from './console-driver.ts';
import { evidenceStops } from './evidence-pages.ts';

/** A page, or a state of one, that people look at. */
export interface Stop {
  /** Also the name of its screenshot. */
  readonly name: string;
  /** Whose page it is; null for somebody at the door. */
  readonly role: RoleName | null;
  readonly path: string;
  /** What opens the state on the page, in either language. */
  readonly open?: (page: Page) => Promise<void>;
}

const openDialog =
  (action: string) =>
  async (page: Page): Promise<void> => {
    await page.locator(`[data-action="${action}"]`).click();
    await page.getByRole('dialog').waitFor();
  };

async function openPreview(page: Page): Promise<void> {
  await openDialog('refundInvoice')(page);
  const form = page.getByRole('dialog').locator('form');
  await form.locator('input[name="amount"]').fill('1500000');
  await form.locator('textarea:not([aria-hidden])').first().fill('The project was billed twice in October');
  await form.locator('input').last().fill('SUP-2041');
  await page.getByRole('dialog').locator('button[type="submit"]').click();
  await page.locator('[data-confirm]').waitFor();
}

async function openStepUp(page: Page): Promise<void> {
  await openPreview(page);
  await page.locator('[data-confirm]').click();
  await page.locator('input[name="code"]').waitFor();
}

/** The role whose page of a resource shows most. */
const VIEWERS: Readonly<Record<string, RoleName>> = {
  auditEvent: 'compliance-auditor',
  tenant: 'security-operator',
  planSubscription: 'support-viewer',
  invoice: 'billing-operator',
  invoiceLine: 'billing-operator',
  creditEntry: 'billing-operator',
};

/**
 * Every page of the console: the door, the frame's own pages, list and record of each resource, and the states of a risky act.
 * Makes one refund with a refusal, so that there is a story to show.
 */
export async function listStops(stage: ConsoleStage, catalogue: Catalogue): Promise<readonly Stop[]> {
  const { gateway } = stage;
  const stops: Stop[] = [
    { name: 'sign-in', role: null, path: '/sign-in' },
    { name: 'enrol', role: null, path: '/enrol' },
    { name: 'home', role: 'security-operator', path: '/' },
    { name: 'profile', role: 'security-operator', path: '/profile' },
    { name: 'not-found', role: 'security-operator', path: '/no-such-page' },
    { name: 'story-search', role: 'compliance-auditor', path: '/story' },
  ];
  const billing = await gateway.asRole('billing-operator');
  const paid = (await billing.query('{ invoices(filter: { status: { eq: PAID }, total: { gt: "3000000" } }, first: 1) { nodes { id } } }')).data?.['invoices'] as
    | { nodes: { id: string }[] }
    | null
    | undefined;
  const other = (await billing.query('{ invoices(filter: { status: { eq: PAID } }, first: 2, orderBy: [{ field: NUMBER, direction: ASC }]) { nodes { id } } }')).data?.[
    'invoices'
  ] as { nodes: { id: string }[] } | null | undefined;
  const correlationId = randomUUID();
  const refund = 'mutation ($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status } }';
  const input = { id: other?.nodes[0]?.id, amount: '1000.00', justification: { reason: 'The project was billed twice in October', ticket: 'SUP-2041' } };
  await billing.query(refund, { input: { ...input, preview: true } }, { correlationId });
  await billing.query(refund, { input }, { correlationId });
  await (await gateway.asRole('support-viewer')).query(refund, { input }, { correlationId });
  stops.push({ name: 'story', role: 'compliance-auditor', path: `/story/${correlationId}` });
  for (const resource of catalogue.resources) {
    const role = VIEWERS[resource.name] ?? 'security-operator';
    const [id] = (await sampleRecords(await gateway.asRole(role), resource, 1)) ?? [];
    stops.push({ name: `${resource.plural}-list`, role, path: `/${resource.plural}` });
    if (id !== undefined) stops.push({ name: `${resource.name}-record`, role, path: `/${resource.plural}/${id}` });
  }
  const invoice = paid?.nodes[0]?.id;
  if (invoice === undefined) throw new Error('The seed holds no paid invoice of this size');
  stops.push({ name: 'invoice-for-a-viewer', role: 'support-viewer', path: `/invoices/${invoice}` });
  stops.push({ name: 'act-form', role: 'billing-operator', path: `/invoices/${invoice}`, open: openDialog('refundInvoice') });
  stops.push({ name: 'act-preview', role: 'billing-operator', path: `/invoices/${invoice}`, open: openPreview });
  stops.push({ name: 'act-code', role: 'billing-operator', path: `/invoices/${invoice}`, open: openStepUp });
  stops.push({
    name: 'search',
    role: 'security-operator',
    path: '/tenants',
    open: (page) => page.keyboard.press('Control+K').then(() => page.getByRole('combobox').first().waitFor()),
  });
  stops.push({ name: 'shortcuts', role: 'security-operator', path: '/tenants', open: (page) => page.keyboard.press('?').then(() => page.getByRole('dialog').waitFor()) });
  stops.push(...(await approvalStops(stage)), ...(await accessStops(stage)), ...evidenceStops(correlationId));
  return stops;
}
