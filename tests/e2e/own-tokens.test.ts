import { afterAll, beforeAll, expect, it } from 'vitest';
import { actInDialog, askFromPage } from './act-in-dialog.ts';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPageAs } from './open-page.ts';
import { until } from './probe.ts';

describeInBrowser('a token of one’s own, in Chromium', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage({ tenants: 4 });
  }, 180_000);
  afterAll(() => stage?.close());

  interface Answer {
    readonly status: number;
    readonly data: Record<string, unknown> | null;
    readonly codes: readonly string[];
  }

  /** As a script asks: no cookie, no origin, no browser. */
  async function askWith(token: string, query: string): Promise<Answer> {
    const response = await fetch(`${stage.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, unknown> | null; errors?: { extensions: { code: string } }[] };
    return { status: response.status, data: data ?? null, codes: (errors ?? []).map(({ extensions }) => extensions.code) };
  }

  it('is shown once with an example that runs, holds what was chosen and no more, and is dead when it is revoked (T1, T2, T3, G05, G08)', { timeout: 180_000 }, async () => {
    const { gateway } = stage;
    const person = gateway.personWith('support-operator');
    const opened = await openPageAs(stage, person);
    const { page } = opened;
    await opened.load('/my-access');
    await page.getByText('No live token.').waitFor();
    const ended = await actInDialog(page, gateway.authenticatorOf(person), {
      act: 'createToken',
      texts: { Name: 'nightly report' },
      picks: { Permissions: ['accounts.tenant.read', 'accounts.tenant.read'] },
      switches: ['For all tenants'],
      reason: 'Checks the night run of the sync',
    });
    const example = (await ended.locator('[data-example]').textContent()) ?? '';
    const token = /slp_[A-Za-z0-9_-]+/.exec(example)?.[0] ?? '';
    expect(token.length).toBeGreaterThan(30);
    expect(example).toContain(`${stage.url}/graphql`);

    const who = await askWith(token, '{ viewer { displayName token { name } permissions { name } } tenants(first: 2) { nodes { id } } }');
    expect(who.codes).toEqual([]);
    expect(who.data?.['viewer']).toEqual({ displayName: 'Budi Santoso', token: { name: 'nightly report' }, permissions: [{ name: 'accounts.tenant.read' }] });
    // The person may read people; the token was not given that.
    expect((await askFromPage(page, '{ people(first: 1) { totalCount } }')).codes).toEqual([]);
    expect((await askWith(token, '{ people(first: 1) { totalCount } }')).codes).toEqual(['FORBIDDEN']);

    // Nothing of it stays once the dialog is closed.
    await ended.getByRole('button', { name: 'Close', exact: true }).click();
    const entry = page.locator('[data-token]').filter({ hasText: 'nightly report' });
    await entry.waitFor();
    const left = await page.evaluate<string>('document.documentElement.outerHTML + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })');
    expect(left.includes(token)).toBe(false);

    await entry.getByRole('button', { name: 'Revoke' }).click();
    await until(async () => (await entry.count()) === 0, 'the token has left the live ones');
    expect(await askWith(token, '{ viewer { id } }')).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
    await page.getByRole('button', { name: /^Show 1 that has ended/ }).click();
    await entry.getByText('Revoked', { exact: true }).waitFor();
    expect(opened.misdeeds).toEqual({ dialogs: [], violations: [], errors: [], strangers: [] });
    await opened.close();
  });
});
