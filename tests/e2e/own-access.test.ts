import { createEnrolmentLink } from '@sallyport/server/auth/enrolment/enrolment-link.ts';
import { codeAt } from '@sallyport/server/auth/totp.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { drawn, openPage, openPageAs } from './open-page.ts';
import { until } from './probe.ts';

const EMAIL = 'intan.maharani@sallyport.example';
const PASSWORD = 'a long sentence that Intan keeps';

describeInBrowser('a person’s own access, in Chromium', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage({ tenants: 3 });
  }, 180_000);
  afterAll(() => stage?.close());

  it('takes an invited person from the one-time link to the first page, and from a lost phone in by a recovery code (B17, B18, A13)', { timeout: 180_000 }, async () => {
    const { owner } = stage.gateway.database;
    const { rows } = await sql<{ id: string }>`select id::text from gateway.staff where email = ${EMAIL}`.execute(owner);
    const { url } = await createEnrolmentLink(owner, rows[0]?.id ?? '', stage.url);
    const opened = await openPage(stage);
    const { page } = opened;
    const sent: string[] = [];
    page.on('request', (request) => void sent.push(request.url()));
    await page.goto(url);
    await page.getByText(`Welcome, ${EMAIL}`).waitFor();
    const token = new URL(url).hash.slice(1);
    expect(page.url()).toBe(`${stage.url}/enrol`);
    expect(sent.some((address) => address.includes(token))).toBe(false);

    // What the app would scan is a picture that was drawn, of the same key that stands beside it.
    const qr = page.getByRole('img', { name: 'QR code for the authenticator app' });
    expect(await qr.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBeGreaterThan(0);
    const secret = ((await page.getByText(/^([A-Z2-7]{4} ){3,}/).textContent()) ?? '').replaceAll(/[^A-Z2-7]/g, '');
    await page.getByLabel('New password', { exact: false }).first().fill(PASSWORD);
    await page.getByLabel('New password again').fill(`${PASSWORD}!`);
    await page.getByText('The two passwords differ.').waitFor();
    await page.getByLabel('New password again').fill(PASSWORD);
    const now = await databaseSeconds();
    await page.getByLabel('First code').fill(codeAt(secret, now));
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
    const codes = await page.getByRole('listitem').allInnerTexts();
    expect(codes.length).toBe(10);

    // The link works once.
    const second = await openPage(stage);
    await second.page.goto(url);
    await second.page.getByRole('alert').waitFor();
    expect(await second.page.getByText(EMAIL).count()).toBe(0);
    await second.close();

    await page
      .getByRole('button', { name: 'I have kept them: sign in' })
      .or(page.getByRole('link', { name: 'I have kept them: sign in' }))
      .click();
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByRole('textbox', { name: 'Recovery code' }).fill(codes[0] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Hello, Intan Maharani' }).waitFor();
    await page.getByText('You signed in with a recovery code.').waitFor();
    await page.goto('/profile');
    await page.getByText('9 codes left').waitFor();
    const { local, session } = await page.evaluate<{ local: string; session: string }>(
      '({ local: JSON.stringify({ ...localStorage }), session: JSON.stringify({ ...sessionStorage }) })',
    );
    for (const kept of [token, secret, PASSWORD, ...codes]) expect(`${local}${session}`.includes(kept)).toBe(false);
    expect(opened.misdeeds).toEqual({ dialogs: [], violations: [], errors: [], strangers: [] });
    await opened.close();
  });

  async function databaseSeconds(): Promise<number> {
    const { rows } = await sql<{ now: number }>`select extract(epoch from clock_timestamp())::float8 as now`.execute(stage.gateway.database.owner);
    return rows[0]?.now ?? 0;
  }

  it('lists a person’s own sessions and ends the one that they choose, which is out at once (A15)', { timeout: 120_000 }, async () => {
    const person = stage.gateway.personWith('support-operator');
    const [here, there] = [await openPageAs(stage, person), await openPageAs(stage, person)];
    await there.load('/');
    await here.load('/profile');
    const sessions = here.page.getByRole('region', { name: 'My sessions' });
    const ends = sessions.getByRole('button', { name: /^End the session on/ });
    await until(async () => (await ends.count()) === 2, 'both sessions are listed');
    const other = sessions
      .locator('> div')
      .filter({ hasNotText: 'This one' })
      .getByRole('button', { name: /^End the session on/ });
    await other.click();
    await until(async () => (await ends.count()) === 1, 'one session is left');
    expect((await there.client.query('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    expect((await here.client.query('{ viewer { id } }')).codes).toEqual([]);
    // The page over there hears of it by itself.
    await there.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await here.close();
    await there.close();
  });

  it('speaks Indonesian and goes dark at once, and still does so after a reload (V1, U6)', { timeout: 120_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('billing-operator'));
    const { page } = opened;
    await opened.load('/invoices');
    const ground = async (): Promise<string> =>
      page
        .locator('body')
        .evaluate((body) => (globalThis as unknown as { getComputedStyle(element: unknown): { backgroundColor: string } }).getComputedStyle(body).backgroundColor);
    const light = await ground();
    await page.getByRole('button', { name: /profile and preferences/ }).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await until(async () => (await ground()) !== light, 'the page is dark');
    await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
    await page.locator('h1', { hasText: /^Tagihan/ }).waitFor();
    // The menu in which the language was chosen is still open, in the new one; and the order of the rows is said, not only shown.
    await page.getByRole('dialog', { name: 'Profil saya' }).getByRole('button', { name: 'English' }).waitFor();
    await page.locator('th[aria-sort]').first().waitFor();
    expect(await page.locator('th[aria-sort]').count()).toBe(1);
    expect(await page.locator('html').getAttribute('lang')).toBe('id');
    await page.reload();
    await drawn(page);
    await page.getByRole('heading', { level: 1, name: /^Tagihan/ }).waitFor();
    expect(await ground()).not.toBe(light);
    expect(await page.locator('html').getAttribute('lang')).toBe('id');
    // Words that stayed behind in the other language would stand here.
    for (const word of ['Search', 'Filter by', 'Rows per page', 'Columns', 'Export']) expect(await page.getByText(word, { exact: true }).count(), word).toBe(0);
    expect(opened.misdeeds).toEqual({ dialogs: [], violations: [], errors: [], strangers: [] });
    await opened.close();
  });
});
