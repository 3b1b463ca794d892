import { afterAll, beforeAll, expect, it } from 'vitest';
import { actInDialog, askFromPage } from './act-in-dialog.ts';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPageAs } from './open-page.ts';

const WHY = { reason: 'Payments are down for everybody and nobody answers', ticket: 'INC-771' };
const CLEAN = { dialogs: [], violations: [], errors: [], strangers: [] };
const SUSPEND = 'mutation ($input: SuspendTenantInput!) { suspendTenant(input: $input) { status } }';

describeInBrowser('breaking the glass, in Chromium', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage({ tenants: 4 });
  }, 180_000);
  afterAll(() => stage?.close());

  it('opens at once with a code, shows on every page until it is ended, and takes no second one before somebody else has signed (B1, B2, B3, E13, E14)', {
    timeout: 240_000,
  }, async () => {
    const { gateway } = stage;
    const engineer = gateway.personWith('production-engineer');
    const mine = await openPageAs(stage, engineer);
    const { page } = mine;
    const banner = page.locator('[data-emergency]');
    const acting = { justification: WHY, preview: true };
    const { data } = await mine.client.query('{ tenants(first: 1, filter: { status: { eq: ACTIVE } }) { nodes { id } } }');
    const tenant = (data?.['tenants'] as { nodes: { id: string }[] } | null | undefined)?.nodes[0]?.id;
    await mine.load('/break-glass');
    expect((await askFromPage(page, SUSPEND, { input: { id: tenant, ...acting } })).codes).toEqual(['FORBIDDEN']);
    await page.getByText('Everybody who may review it is told the moment you take it.').waitFor();
    expect(await banner.count()).toBe(0);
    const ended = await actInDialog(page, gateway.authenticatorOf(engineer), { act: 'activateBreakGlass', switches: ['For all tenants'], ...WHY });
    await ended.getByText('Emergency access is in force.').waitFor();
    await ended.getByRole('button', { name: 'Close', exact: true }).click();
    await banner.waitFor();
    expect((await askFromPage(page, SUSPEND, { input: { id: tenant, ...acting } })).data).toEqual({ suspendTenant: { status: 'PREVIEWED' } });

    // On every page, after a load, on paper; nothing in it but the way to its record and its end.
    await mine.go('/tenants');
    await banner.getByText('Break-glass in force').waitFor();
    await mine.load('/my-access');
    await banner.getByText('Break-glass in force').waitFor();
    await page.keyboard.press('Escape');
    expect(await banner.getByRole('button').allInnerTexts()).toEqual(['End now']);
    await page.emulateMedia({ media: 'print' });
    expect(await banner.isVisible()).toBe(true);
    expect(await banner.getByText('Break-glass in force').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    // Another session of the same person is not in it.
    const other = await openPageAs(stage, engineer);
    await other.load('/break-glass');
    await other.page.getByText('You have emergency access in another session.').waitFor();
    expect(await other.page.locator('[data-emergency]').count()).toBe(0);
    await other.close();

    await banner.getByRole('button', { name: 'End now' }).click();
    await banner.waitFor({ state: 'detached' });
    expect((await askFromPage(page, SUSPEND, { input: { id: tenant, ...acting } })).codes).toEqual(['FORBIDDEN']);
    await mine.load('/break-glass');
    expect(await banner.count()).toBe(0);
    await page.getByText('You can take no other yet.').waitFor();
    await page.getByText('INC-771').first().waitFor();
    expect(await page.locator('[data-action="activateBreakGlass"]').count()).toBe(0);
    await page.getByRole('link', { name: 'Fajar Nugroho · INC-771' }).click();
    await page.getByText('It is your own: somebody else has to review it.').waitFor();
    expect(await page.locator('[data-action="reviewBreakGlass"]').count()).toBe(0);

    const reviewer = gateway.personWith('security-operator');
    const theirs = await openPageAs(stage, reviewer);
    await theirs.load('/break-glass');
    await theirs.page.getByRole('link', { name: 'Fajar Nugroho · INC-771' }).click();
    const story = theirs.page.getByRole('region', { name: 'What was done under it' });
    await story.getByText('Emergency access ended').first().waitFor();
    expect(await story.getByRole('listitem').count()).toBeGreaterThan(0);
    const signed = await actInDialog(theirs.page, gateway.authenticatorOf(reviewer), {
      act: 'reviewBreakGlass',
      selects: { Verdict: 'Justified' },
      reason: 'Two looks at one tenant, then ended by hand',
    });
    await signed.getByRole('button', { name: 'Close', exact: true }).click();
    await theirs.page.getByText('Signed by Agus Pratama').waitFor();

    await mine.load('/break-glass');
    await page.locator('[data-action="activateBreakGlass"]').waitFor();
    await page.getByText('Justified', { exact: true }).first().waitFor();
    const [started, reviewed] = await Promise.all(
      ['started', 'reviewed'].map(async (step) => (await gateway.events({ kind: `emergency.break-glass.${step}` })).filter(({ outcome }) => outcome === 'ok')),
    );
    expect([started?.length, reviewed?.length]).toEqual([1, 1]);
    expect(reviewed?.[0]?.['correlation_id']).toBe(started?.[0]?.['correlation_id']);
    for (const opened of [mine, theirs]) expect(opened.misdeeds).toEqual(CLEAN);
    await mine.close();
    await theirs.close();
  });
});
