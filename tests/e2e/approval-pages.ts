import type { Page } from 'playwright-core';
import type { Answered } from '../helpers/gateway.ts';
import type { ConsoleStage } from './console-driver.ts';
import type { Stop } from './pages.ts';

const ADJUST = 'mutation ($input: AdjustCreditInput!) { adjustCredit(input: $input) { status approvalRequest { id } } }';
const ELEVATE = 'mutation ($input: RequestElevationInput!) { requestElevation(input: $input) { status approvalRequest { id } } }';
const CANCEL = 'mutation ($input: CancelRequestInput!) { cancelRequest(input: $input) { status } }';
const WHY = { reason: 'Goodwill for the outage of 12 November, as agreed with the account team', ticket: 'SUP-2041' };
const AMOUNT = '300000000.00';

function filedBy(answer: Answered, mutation: string): string {
  const filed = answer.data?.[mutation] as { approvalRequest: { id: string } | null } | null | undefined;
  if (!filed?.approvalRequest) throw new Error(`Nothing was filed: ${JSON.stringify(answer.errors)}`);
  return filed.approvalRequest.id;
}

async function openApproval(page: Page): Promise<void> {
  await page.locator('[data-action="approveRequest"]').click();
  await page.getByRole('dialog').locator('textarea:not([aria-hidden])').first().waitFor();
}

async function openPlan(page: Page): Promise<void> {
  await page.locator('[data-action="adjustCredit"]').click();
  const form = page.getByRole('dialog').locator('form');
  await form.locator('input[name="amount"]').fill(AMOUNT);
  await form.locator('textarea:not([aria-hidden])').first().fill(WHY.reason);
  await form.locator('input').last().fill(WHY.ticket);
  await page.getByRole('dialog').locator('button[type="submit"]').click();
  await page.locator('[data-plan]').waitFor();
}

async function openAsking(page: Page): Promise<void> {
  await page.locator('[data-ask]').first().click();
  await page.getByRole('dialog').locator('input[name="permissions"]').waitFor();
}

/** The pages and states of what takes two people. Files two requests, and withdraws a third, so that there is something to see. */
export async function approvalStops({ gateway }: ConsoleStage): Promise<readonly Stop[]> {
  const billing = await gateway.asRole('billing-operator');
  const viewer = await gateway.asRole('support-viewer');
  const tenants = (await billing.query('{ tenants(filter: { status: { eq: ACTIVE } }, first: 2) { nodes { id } } }')).data?.['tenants'] as { nodes: { id: string }[] };
  const [tenant, other] = tenants.nodes.map(({ id }) => id);
  const adjust = (id: string | undefined) => billing.act(ADJUST, { input: { id, amount: AMOUNT, justification: WHY } });
  const request = filedBy(await adjust(tenant), 'adjustCredit');
  const withdrawn = filedBy(await adjust(other), 'adjustCredit');
  await billing.act(CANCEL, { input: { id: withdrawn } });
  const elevation = { tenants: [tenant], everywhere: false, permissions: ['billing.invoice.read-contact'], minutes: 30, justification: WHY };
  const asked = filedBy(await viewer.act(ELEVATE, { input: elevation }), 'requestElevation');
  return [
    { name: 'approvals-inbox', role: 'platform-admin', path: '/approvals' },
    { name: 'approvals-request', role: 'platform-admin', path: `/approvals/${request}` },
    { name: 'approvals-decide', role: 'platform-admin', path: `/approvals/${request}`, open: openApproval },
    { name: 'approvals-elevation', role: 'security-operator', path: `/approvals/${asked}` },
    { name: 'approvals-mine', role: 'billing-operator', path: '/approvals/mine' },
    { name: 'approvals-own', role: 'billing-operator', path: `/approvals/${request}` },
    { name: 'approvals-history', role: 'billing-operator', path: '/approvals/history' },
    { name: 'approvals-ended', role: 'billing-operator', path: `/approvals/${withdrawn}` },
    { name: 'act-needs-two', role: 'billing-operator', path: `/tenants/${tenant}`, open: openPlan },
    { name: 'roles', role: 'compliance-auditor', path: '/roles' },
    { name: 'ask-for-access', role: 'support-viewer', path: '/roles', open: openAsking },
  ];
}
