import type { Page } from 'playwright-core';
import { drawn } from './open-page.ts';
import type { Stop } from './pages.ts';

async function openVerdict(page: Page): Promise<void> {
  await page.locator('[data-verify-event]').first().click();
  await page.locator('[data-event-verdict]').waitFor();
}

/** Loads the page anew: between two selections the page, and its heading, stay. */
const openReport = (page: Page): Promise<void> => page.locator('[data-report]').waitFor();

const openAnswers = (page: Page): Promise<void> => page.locator('[data-answers]').waitFor();

const openFlows = (page: Page): Promise<void> => page.locator('[data-figure="done"]').waitFor();

const lastMonth = (): string => new URLSearchParams({ from: new Date(Date.now() - 30 * 86_400_000).toISOString(), to: new Date().toISOString() }).toString();

/** Shows the page as it is when the log has lost events: the answer says so to this page alone, and the gateway goes on. */
async function openLoss(page: Page): Promise<void> {
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('LogState')) return route.fallback();
    const response = await route.fetch();
    const body = (await response.json()) as { data?: { log?: Record<string, unknown> } };
    Object.assign(body.data?.log ?? {}, { standing: 'behind', seenPlace: 'witness.example', seenSize: 90_210 });
    return route.fulfill({ response, json: body });
  });
  await page.reload();
  await page.locator('[data-log-standing]').waitFor();
  await drawn(page);
}

/** How the log fares, one event's check, reports. The last one stays as it is: nothing may follow it in its role. */
export const evidenceStops = (correlationId: string): readonly Stop[] => [
  { name: 'log-integrity', role: 'compliance-auditor', path: '/integrity' },
  { name: 'verify-event', role: 'compliance-auditor', path: `/story/${correlationId}`, open: openVerdict },
  { name: 'reports', role: 'compliance-auditor', path: '/reports' },
  { name: 'report', role: 'compliance-auditor', path: `/reports?correlationId=${correlationId}`, open: openReport },
  { name: 'answers', role: 'compliance-auditor', path: '/answers' },
  { name: 'answers-made', role: 'compliance-auditor', path: `/answers?${lastMonth()}`, open: openAnswers },
  { name: 'answers-without-report', role: 'customer-success', path: `/answers?${lastMonth()}`, open: openAnswers },
  { name: 'flows', role: 'compliance-auditor', path: '/flows', open: openFlows },
  { name: 'flow-way', role: 'compliance-auditor', path: '/flows?days=7&action=refundInvoice', open: openFlows },
  { name: 'report-without-pack', role: 'support-operator', path: `/reports?correlationId=${correlationId}` },
  { name: 'log-behind', role: 'platform-admin', path: '/integrity', open: openLoss },
];
