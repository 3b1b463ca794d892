import AxeBuilder from '@axe-core/playwright';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADJUST, adjustment, openTenants, SENSITIVE_AMOUNT } from '../harness/demo-acts.ts';
import { appendInThePast } from '../helpers/past-events.ts';
import { FILE, LARGE } from '../integration/approvals/approval-scene.ts';
import { FLOWS } from '../integration/flows/flow-document.ts';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPageAs } from './open-page.ts';
import { ask, until } from './probe.ts';

const CALM = { dialogs: [], violations: [], errors: [], strangers: [] };
const DAY = 86_400_000;

describeInBrowser('how guarded acts go, in Chromium', () => {
  let stage: ConsoleStage;
  let tenants: readonly string[] = [];
  beforeAll(async () => {
    stage = await openStage({ tenants: 12 });
    const { gateway } = stage;
    tenants = await openTenants(gateway);
    const [own = '', large = ''] = tenants;
    const billing = await gateway.asRole('billing-operator');
    expect((await billing.query(ADJUST, { input: adjustment(own) })).codes).toEqual([]);
    expect((await billing.query(ADJUST, { input: adjustment(own, '0.00') })).codes).toEqual(['BAD_INPUT']);
    expect((await billing.query(ADJUST, { input: { ...adjustment(own), justification: null } })).codes).toEqual(['JUSTIFICATION_REQUIRED']);
    expect((await billing.query(ADJUST, { input: { ...adjustment(own, '0'), justification: null } })).codes).toEqual(['JUSTIFICATION_REQUIRED']);
    expect((await billing.act(ADJUST, { input: adjustment(own, SENSITIVE_AMOUNT) })).codes).toEqual([]);
    expect((await billing.act(FILE, { input: adjustment(large, LARGE) })).codes).toEqual([]);
    // Yesterday four asked for a code and left.
    for (let round = 0; round < 4; round += 1)
      await appendInThePast(gateway.database.owner, new Date(Date.now() - DAY - round * 600_000).toISOString().replace('Z', '000Z'), {
        kind: 'billing.credit.adjusted',
        action: 'adjustCredit',
        outcome: 'denied',
        reasonCode: 'STEP_UP_REQUIRED',
        tenantId: own,
        target: { type: 'tenant', id: own },
      });
  }, 240_000);
  afterAll(() => stage?.close());

  const figure = (page: Page, name: string): Promise<string> => page.locator(`[data-figure="${name}"] dd`).first().innerText();
  const grave = async (page: Page): Promise<readonly string[]> => {
    await ask(page, 'rest');
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  };

  it('says in four figures where it hurts, orders acts by what hurts, and shows the way of one with the events behind it (C7, L17)', { timeout: 240_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('compliance-auditor'));
    const { page } = opened;
    await opened.load('/');
    await page.getByRole('navigation').getByRole('link', { name: 'Flows', exact: true }).first().click();
    await page.locator('[data-figure="done"]').waitFor();
    const told = (await opened.client.query(FLOWS)).data?.['flows'];
    expect([await figure(page, 'done'), await figure(page, 'code'), await figure(page, 'waiting'), await figure(page, 'refused')]).toEqual(
      [told.total.executed, 4, 1, 3].map(String),
    );
    expect(await page.locator('[data-figure="refused"]').innerText()).toContain('(2)');
    await page.getByText('By act and by day, never by person.').waitFor();

    // The plot is told in words, and stands as a table too.
    const plot = page.locator('[data-plot="days"]');
    expect(await plot.getAttribute('aria-label')).toContain(`${told.total.tries} tries in`);
    await page.getByText('The same as a table').click();
    const yesterday = page.locator(`[data-day="${new Date(Date.now() - DAY).toISOString().slice(0, 10)}"]`);
    expect(await yesterday.isVisible()).toBe(true);
    expect(await page.locator('[data-day]').count()).toBe(told.days.length);

    const rows = page.locator('[data-flow]');
    const tried = (told.actions as { tries: number }[]).filter(({ tries }) => tries > 0).length;
    expect(await rows.count()).toBe(tried);
    await page.locator('[data-sort="abandoned"]').click();
    expect(await rows.first().getAttribute('data-flow')).toBe('adjustCredit');
    expect(await page.locator('th[aria-sort="descending"]').innerText()).toContain('Given up at the code');
    await page.getByRole('button', { name: /^Show \d+ acts that nobody tried$/ }).click();
    expect(await rows.count()).toBe(told.actions.length);

    // By keyboard alone: the act's way takes the focus, and leaves again.
    await page.locator('[data-flow="adjustCredit"] button').focus();
    await page.keyboard.press('Enter');
    const way = page.locator('[data-way="adjustCredit"]');
    await way.waitFor();
    expect(await way.locator('h2').evaluate((heading) => heading === heading.ownerDocument.activeElement)).toBe(true);
    expect(
      await way.locator('[data-stage]').evaluateAll((stages) => stages.map((each) => `${each.getAttribute('data-stage')} ${each.querySelector('[data-count]')?.textContent}`)),
    ).toEqual(['tried 10', 'asked 6', 'given 2', 'filed 1', 'decided 0', 'executed 2']);
    expect(await way.locator('[data-worst]').getAttribute('data-worst')).toBe('missing');
    expect(await way.locator('[data-refusal]').evaluateAll((lines) => lines.map((line) => line.getAttribute('data-refusal')))).toEqual(['JUSTIFICATION_REQUIRED', 'BAD_INPUT']);
    expect(await grave(page)).toEqual([]);

    await way.locator('[data-refusal="JUSTIFICATION_REQUIRED"] a').click();
    await page.waitForURL(/\/auditEvents/);
    const filter = JSON.parse(new URL(page.url()).searchParams.get('filter') ?? '{}');
    expect(filter).toMatchObject({ action: { eq: 'adjustCredit' }, reasonCode: { eq: 'JUSTIFICATION_REQUIRED' } });
    await page.locator('[data-figure]').first().waitFor({ state: 'detached' });
    await until(async () => (await page.locator('table tbody tr').count()) === 2, 'the list holds the two events behind the figure');
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('speaks Indonesian and fits 360 pixels in the dark, figures and way alike (C7)', { timeout: 180_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('platform-admin'), { locale: 'id', colorScheme: 'dark', width: 360, height: 800 });
    const { page } = opened;
    await opened.load('/flows?days=7&action=adjustCredit');
    await page.locator('[data-way="adjustCredit"]').getByText('Paling banyak percobaan gugur di sini: Diminta kode baru. Kode tidak diberikan (4).').waitFor();
    await page.getByText('tidak pernah menurut orang').waitFor();
    expect(await figure(page, 'code')).toBe('4');
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true);
    expect(await grave(page)).toEqual([]);
    await page.getByRole('button', { name: 'Tutup perjalanan' }).click();
    await page.locator('[data-way]').waitFor({ state: 'detached' });
    expect(await page.locator('[data-flow="adjustCredit"] button').evaluate((link) => link === link.ownerDocument.activeElement)).toBe(true);
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('says so where nothing happened, where the gateway does not answer, and where the page is none of theirs (C7)', { timeout: 180_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('security-operator'));
    const { page } = opened;
    await opened.load(`/flows?tenantId=${tenants.at(-1)}`);
    await page.locator('[data-empty]').getByText('Nobody tried a guarded act in this time').waitFor();
    expect(await figure(page, 'done')).toBe('0');
    await page.route('**/graphql', (route) => (route.request().postData()?.includes('query Flows') ? route.abort() : route.fallback()));
    await opened.load('/flows?days=90');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-figure="done"]').waitFor();
    await opened.close();

    const stranger = await openPageAs(stage, stage.gateway.personWith('support-operator'));
    await stranger.load('/flows');
    await stranger.page.getByText('audit.flow.read').first().waitFor();
    expect(await stranger.page.getByRole('navigation').getByRole('link', { name: 'Flows', exact: true }).count()).toBe(0);
    const { rows } = await sql<{
      read: number;
    }>`select count(*)::int as read from audit.event where kind = 'audit.flows.read' and actor_name = ${stage.gateway.personWith('support-operator').displayName}`.execute(
      stage.gateway.database.owner,
    );
    expect(rows).toEqual([{ read: 0 }]);
    await stranger.close();
  });
});
