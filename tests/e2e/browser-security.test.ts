import { readdir, readFile } from 'node:fs/promises';
import { codeAt } from '@sallyport/server/auth/totp.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { takeConsole } from './built-console.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { drawn, openPage, openPageAs, type SignedInPage } from './open-page.ts';
import { PAYLOADS } from './payloads.ts';
import { until } from './probe.ts';

describeInBrowser('the console against what is stored, kept and repeated', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage({
      tenants: PAYLOADS.length,
      prepare: async (owner) => {
        // Every place that holds somebody's own words, one payload a row.
        const places: readonly (readonly [table: string, column: string])[] = [
          ['tenant', 'name'],
          ['tenant', 'notes'],
          ['person', 'display_name'],
          ['invoice', 'contact_name'],
          ['invoice_line', 'description'],
          ['webhook', 'description'],
          ['integration', 'name'],
        ];
        const { rows } = await sql<{
          table_name: string;
          column_name: string;
        }>`select table_name, column_name from information_schema.columns where table_schema = 'product'`.execute(owner);
        for (const [table, column] of places) {
          if (!rows.some((row) => row.table_name === table && row.column_name === column)) continue;
          await sql`
            update product.${sql.id(table)} t set ${sql.id(column)} = p.payload
            from (select id, row_number() over (order by id) - 1 as place from product.${sql.id(table)}) o, unnest(${PAYLOADS}::text[]) with ordinality as p (payload, place)
            where t.id = o.id and p.place = o.place % ${PAYLOADS.length} + 1`.execute(owner);
        }
      },
    });
  }, 180_000);
  afterAll(() => stage?.close());

  const clean = (opened: { readonly misdeeds: SignedInPage['misdeeds'] }): void => expect(opened.misdeeds).toEqual({ dialogs: [], violations: [], errors: [], strangers: [] });

  it('notices a dialog, a script in the page and a request to a stranger: what the next tests rely on', async () => {
    const opened = await openPage(stage);
    await opened.load('/sign-in');
    await opened.page.evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'alert(1)';
      document.body.append(script);
      const image = document.createElement('img');
      image.src = 'http://127.0.0.1:9/x.png';
      document.body.append(image);
      alert('seen');
    })()`);
    await until(async () => opened.misdeeds.violations.length >= 2, 'both violations are reported');
    expect(opened.misdeeds.dialogs).toEqual(['seen']);
    expect(opened.misdeeds.violations.map((violation) => violation.split(' ')[0]).toSorted()).toEqual(['img-src', 'script-src-elem']);
    await opened.close();
  });

  it('shows markup as text in lists, records, stories, dialogs, search and the title, and runs none of it (J01, J02)', { timeout: 240_000 }, async () => {
    const agus = await openPageAs(stage, stage.gateway.personWith('security-operator'));
    await agus.load('/');
    for (const list of ['tenants', 'people', 'webhooks', 'integrations']) {
      await agus.go(`/${list}?perPage=100`);
      const rows = await agus.page.locator('[data-row-link]').count();
      expect(rows, list).toBeGreaterThan(0);
      const paths = await agus.page.locator('[data-row-link]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
      for (const path of paths.slice(0, list === 'tenants' ? 20 : 5)) await agus.go(path ?? '/');
    }
    // The title of the window holds the name as text.
    const { rows } = await sql<{ id: string; name: string }>`select id::text, name from product.tenant where name like '%</title>%' limit 1`.execute(stage.gateway.database.owner);
    await agus.go(`/tenants/${rows[0]?.id}`);
    await until(async () => (await agus.page.title()).startsWith('</title><script>'), 'the window has its title');
    expect(await agus.page.locator('main script, main iframe, main object, main embed, main svg script, main [onerror], main [onload]').count()).toBe(0);

    // A personal name that is revealed, a reason that is typed: into the dialog, onto the log, into the story.
    const payload = PAYLOADS[5] ?? '';
    await agus.page.getByRole('button', { name: 'Suspend' }).click();
    const dialog = agus.page.getByRole('dialog').last();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(payload);
    await dialog.getByRole('textbox', { name: 'Ticket' }).fill(payload.slice(0, 20));
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await agus.page.locator('[data-confirm]').click();
    const story = await dialog.getByRole('link', { name: 'See the whole story' }).getAttribute('href');
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await agus.go(story ?? '');
    await agus.page.getByRole('main').getByText(payload).first().waitFor();
    await agus.go('/auditEvents');
    await agus.page.keyboard.press('Control+K');
    await agus.page.getByRole('combobox', { name: 'Search' }).fill('<script>');
    await agus.page.getByRole('option').filter({ hasText: '<script>' }).first().waitFor();
    clean(agus);
    await agus.close();
  });

  it('sends the same strict headers with every page and none of its own code inline (J03, J04)', async () => {
    const opened = await openPage(stage);
    for (const path of ['/', '/sign-in', '/enrol', '/invoices', '/story/0', '/no-such-page']) {
      const response = await opened.page.request.get(path, { headers: { accept: 'text/html' } });
      const headers = response.headers();
      const nonce = /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? '';
      expect(
        {
          status: response.status(),
          ...pick(headers, ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy', 'cache-control']),
        },
        path,
      ).toEqual({
        status: 200,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      );
      expect(nonce.length).toBeGreaterThan(20);
      expect(await response.text()).not.toMatch(/<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:/i);
    }
    // A page of another origin that frames the console gets nothing to show.
    await opened.page.goto('about:blank');
    await opened.page.setContent(`<iframe src="${stage.url}/sign-in"></iframe>`);
    await until(async () => opened.page.frames().length > 1 && /^(chrome-error|about:blank)/.test(opened.page.frames()[1]?.url() ?? ''), 'the frame is refused');
    await opened.close();
  });

  const pick = (headers: Readonly<Record<string, string>>, names: readonly string[]): Readonly<Record<string, string | undefined>> =>
    Object.fromEntries(names.map((name) => [name, headers[name]]));

  it('keeps nothing secret or personal in storage, address, cookie jar, caches or bundle (J07)', { timeout: 120_000 }, async () => {
    const person = stage.gateway.personWith('security-operator');
    const visit = await stage.visit(person);
    const { page } = visit;
    const addresses: string[] = [];
    page.on('request', (request) => void addresses.push(request.url()));
    page.on('framenavigated', (frame) => void addresses.push(frame.url()));
    const { rows } = await sql<{ id: string; email: string }>`select id::text, email from product.person where email is not null order by id limit 1`.execute(
      stage.gateway.database.owner,
    );
    const customer = rows[0] ?? { id: '', email: '' };
    await page.goto(`${stage.url}/people/${customer.id}`);
    await page.getByRole('button', { name: 'Reveal Email' }).click();
    await page.getByText(customer.email).waitFor();
    // A search for somebody's address stays out of the address of the page.
    await page.goto(`${stage.url}/people`);
    const search = page.getByRole('textbox', { name: 'Search people' });
    await search.fill(customer.email);
    await search.press('Enter');
    await visit.confirmWithCode();
    await page.getByRole('row').nth(1).waitFor();
    const kept = await page.evaluate<{ local: string; session: string; databases: string[]; caches: string[]; cookies: string }>(`(async () => ({
      local: JSON.stringify({ ...localStorage }), session: JSON.stringify({ ...sessionStorage }), cookies: document.cookie,
      databases: (await indexedDB.databases()).map(({ name }) => name), caches: await caches.keys() }))()`);
    expect(kept.databases).toEqual([]);
    expect(kept.caches).toEqual([]);
    expect(kept.cookies).toBe('');
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name }) => name).toSorted()).toEqual(['sallyport_device', 'sallyport_session']);
    for (const { httpOnly, sameSite } of cookies) expect({ httpOnly, sameSite }).toEqual({ httpOnly: true, sameSite: 'Strict' });
    const secrets = [person.password, person.totpSecret, ...cookies.map(({ value }) => value), customer.email, encodeURIComponent(customer.email)];
    const haystack = [kept.local, kept.session, ...addresses].join('\n');
    for (const secret of secrets) expect(haystack.includes(secret)).toBe(false);

    const built = await takeConsole();
    const files = await readdir(built.folder, { recursive: true, withFileTypes: true });
    expect(files.filter(({ name }) => name.endsWith('.map'))).toEqual([]);
    for (const file of files.filter((entry) => entry.isFile() && /\.(js|css|html)$/.test(entry.name))) {
      const text = await readFile(`${file.parentPath}/${file.name}`, 'utf8');
      expect(text).not.toMatch(/sourceMappingURL|BEGIN [A-Z ]*PRIVATE KEY|postgres(ql)?:\/\//);
      for (const { email, password, totpSecret } of stage.gateway.people) for (const secret of [email, password, totpSecret]) expect(text.includes(secret), file.name).toBe(false);
    }
    await built.remove();
    await visit.close();
  });

  it('shows nothing after signing out: not by Back, not by address, not in another tab (J08)', { timeout: 120_000 }, async () => {
    const dewi = await openPageAs(stage, stage.gateway.personWith('billing-operator'));
    await dewi.load('/invoices');
    const number = await dewi.page.locator('[data-row-link]').first().innerText();
    await dewi.page.locator('[data-row-link]').first().click();
    await drawn(dewi.page);
    const recordAddress = dewi.page.url();
    await dewi.page.getByRole('button', { name: /profile and preferences/ }).click();
    await dewi.page.getByRole('button', { name: 'Sign out' }).click();
    await dewi.page.getByLabel('E-mail').waitFor();
    for (const again of [() => dewi.page.goBack(), () => dewi.page.goto(recordAddress), () => dewi.page.goto(`${stage.url}/invoices`)]) {
      await again();
      await dewi.page.getByLabel('E-mail').waitFor();
      expect(await dewi.page.content()).not.toContain(number);
    }
    // What is left tells that this browser was here before, and opens nothing.
    expect((await dewi.context.cookies()).map(({ name }) => name)).toEqual(['sallyport_device']);
    const { codes } = await dewi.client.query('{ invoices(first: 1) { nodes { id } } }');
    expect(codes).toEqual(['UNAUTHENTICATED']);
    await dewi.close();
  });

  it('lets a half-finished sign-in do nothing but the second step, and an old code nothing at all (A13, B02)', { timeout: 120_000 }, async () => {
    const person = stage.gateway.personWith('customer-success');
    const opened = await openPage(stage);
    await opened.page.goto('/sign-in');
    await opened.page.getByLabel('E-mail').fill(person.email);
    await opened.page.getByLabel('Password').fill(person.password);
    await opened.page.getByRole('button', { name: 'Continue' }).click();
    await opened.page.getByLabel('Six-digit code').waitFor();
    const statuses = await opened.page.evaluate<number[]>(`Promise.all(['/graphql', '/catalogue.json', '/auth/sessions', '/auth/profile'].map(async (path) =>
      (await fetch(path, path === '/graphql' ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ viewer { id } }"}' } : {})).status))`);
    expect(statuses.every((status) => status === 401 || status === 200)).toBe(true);
    const asked = await opened.page.evaluate<string>(
      `fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ viewer { id } }"}' }).then((answer) => answer.text())`,
    );
    expect(asked).toContain('UNAUTHENTICATED');
    await opened.page.getByLabel('Six-digit code').fill(codeAt(person.totpSecret, Math.floor(Date.now() / 1000) - 600));
    await opened.page.getByRole('button', { name: 'Sign in' }).click();
    await opened.page.getByRole('alert').waitFor();
    await opened.page.goto('/invoices');
    await opened.page.getByLabel('E-mail').waitFor();
    await opened.close();
  });
});
