import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSignerKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { sql } from 'kysely';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actInDialog } from './act-in-dialog.ts';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPageAs } from './open-page.ts';
import { until } from './probe.ts';

const REFUND = 'mutation ($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status } }';
const APPROVE = 'mutation ($input: ApproveRequestInput!) { approveRequest(input: $input) { status } }';
const CALM = { dialogs: [], violations: [], errors: [], strangers: [] };

describeInBrowser('how the log fares, in Chromium', () => {
  let stage: ConsoleStage;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-anchors-'));
    stage = await openStage({ tenants: 4, worker: true, anchors: { file: join(folder, 'checkpoints'), webhookUrl: null, witness: null } });
  }, 240_000);
  afterAll(async () => {
    await stage?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Tries a refund out, and gives the story that it leaves. */
  async function leaveStory(): Promise<string> {
    const billing = await stage.gateway.asRole('billing-operator');
    const { data } = await billing.query('{ invoices(filter: { status: { eq: PAID } }, first: 1) { nodes { id } } }');
    const correlationId = randomUUID();
    const input = { id: data?.['invoices'].nodes[0].id, amount: '1000.00', preview: true, justification: { reason: 'Billed twice in October', ticket: 'SUP-2041' } };
    expect((await billing.query(REFUND, { input }, { correlationId })).codes).toEqual([]);
    return correlationId;
  }

  const problems = (page: Page): Promise<readonly (string | null)[]> =>
    page.locator('[data-problem]').evaluateAll((lines) => lines.map((line) => line.getAttribute('data-problem')));
  const verdict = (page: Page): Locator => page.locator('[data-event-verdict]');
  const bad = (page: Page): Promise<readonly (string | null)[]> =>
    page.locator('[data-finding-verdict="bad"]').evaluateAll((lines) => lines.map((line) => line.getAttribute('data-finding')));
  async function verifyFirst(page: Page): Promise<string | null> {
    await page.locator('[data-verify-event]').first().click();
    await verdict(page).waitFor();
    return verdict(page).getAttribute('data-event-verdict');
  }

  it('says in one sentence what is amiss, follows the log by itself, and verifies the whole of it on demand (L2, L9, U5)', { timeout: 180_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('compliance-auditor'));
    const { page } = opened;
    await opened.load('/integrity');
    await page.locator('[data-log-tone="warning"]').waitFor();
    expect(await problems(page)).toEqual(['noWitness']);
    const figure = page.locator('[data-log-tone] dd.figures').first();
    const before = Number(await figure.innerText());
    await leaveStory();
    await until(async () => Number(await figure.innerText()) > before, 'the panel shows the new events without a reload');
    expect(await page.locator('[data-anchor="file"]').getByText('Reached').count()).toBe(1);

    const key = (await (await opened.client.get('/log/keys')).text()).trim();
    const head = await stage.gateway.gateway.integrity.reader.head();
    await page.getByText(`npm run --silent -- sallyport verify evidence.zip --origin ${head?.origin} --key ${key}`, { exact: true }).waitFor();

    await page.locator('[data-action="verifyLog"]').click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^(Verify the whole log|Verify now)/ })
      .click({ timeout: 3000 })
      .catch(() => undefined);
    await page.locator('[data-verification="INTACT"]').waitFor();

    // This browser remembers too: another history than the one that it saw is an alarm, for as long as it is there.
    await page.locator('[data-continuation="grown"]').waitFor();
    await opened.load('/integrity');
    await page.locator('[data-continuation="same"], [data-continuation="grown"]').waitFor();
    await page.evaluate((root) => {
      const name = 'RaStoresallyport.preferences.logSeen';
      const seen = JSON.parse(localStorage.getItem(name) ?? '') as { note: string; at: string };
      localStorage.setItem(name, JSON.stringify({ ...seen, note: seen.note.split('\n').with(2, root).join('\n') }));
    }, Buffer.alloc(32, 7).toString('base64'));
    for (const _time of ['first', 'second']) {
      await opened.load('/integrity');
      await page.locator('[data-browser-alarm="fork"]').getByText('its history was changed').waitFor();
    }
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('checks one event in the browser, finds a column that was edited, and believes a pinned key alone (L6, H09, H13)', { timeout: 180_000 }, async () => {
    const { gateway } = stage;
    const correlationId = await leaveStory();
    const opened = await openPageAs(stage, gateway.personWith('compliance-auditor'));
    const { page } = opened;
    await opened.load(`/story/${correlationId}`);
    expect(await verifyFirst(page)).toBe('good');
    const [proof] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the proof' }).click()]);
    expect(proof.suggestedFilename()).toMatch(/\.tlog-proof$/);
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    const eventId = await page.locator('[data-verify-event]').first().getAttribute('data-verify-event');
    await opened.load(`/auditEvents/${eventId}`);
    expect(await verifyFirst(page)).toBe('good');

    // A key from elsewhere that is not the log's: what this gateway signs is no longer enough.
    const stranger = printVerifierKey(generateSignerKey('log.example').verifier);
    const own = (await (await opened.client.get('/log/keys')).text()).trim();
    for (const [keys, expected] of [
      [stranger, 'bad'],
      [`${stranger}\n${own}`, 'good'],
    ] as const) {
      await opened.load('/integrity');
      await page.getByLabel('Keys that I trust').fill(keys);
      await page.getByRole('button', { name: 'Keep these keys' }).click();
      await page.getByText('kept: “Verify this event”').waitFor();
      await opened.load(`/story/${correlationId}`);
      expect(await verifyFirst(page)).toBe(expected);
      expect(await bad(page)).toEqual(expected === 'bad' ? ['signature'] : []);
    }

    await sql`alter table audit.event disable trigger event_rows_stay`.execute(gateway.database.owner);
    await sql`update audit.event set reason = 'Asked for by the customer' where id = ${eventId}`.execute(gateway.database.owner);
    await sql`alter table audit.event enable always trigger event_rows_stay`.execute(gateway.database.owner);
    await opened.load(`/story/${correlationId}`);
    expect(await verifyFirst(page)).toBe('bad');
    expect(await bad(page)).toEqual(['facts']);
    await page.getByText('This page shows something else than the bytes say: reason.').waitFor();
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('shows on every page that events are lost, until two people have said so (H09, L11)', { timeout: 240_000 }, async () => {
    const { gateway } = stage;
    const { integrity } = gateway.gateway;
    const [admin, auditor] = [gateway.personWith('platform-admin'), await gateway.asRole('compliance-auditor')];
    const opened = await openPageAs(stage, admin);
    const { page } = opened;
    await opened.load('/tenants');
    expect(await page.locator('[data-log-standing]').count()).toBe(0);

    // Somebody outside has seen 500 events more than the database holds.
    await integrity.sealNow();
    const newest = await integrity.reader.latestCheckpoint();
    const note = (newest?.note ?? '').replace(`\n${newest?.size}\n`, `\n${(newest?.size ?? 0) + 500}\n`);
    await appendFile(join(folder, 'checkpoints'), `${note}\n`);
    await integrity.anchorNow();
    await opened.load('/tenants');
    const banner = page.locator('[data-log-standing="behind"]');
    await banner.getByText('The audit log has lost events.').waitFor();
    await opened.go('/integrity');
    await page.locator('[data-log-tone="bad"]').waitFor();
    expect(await problems(page)).toContain('behind');
    // Whoever has seen more is named, with what it has seen, whatever this database remembers of it.
    const objecting = page.locator('[data-anchor="file"]');
    await objecting.getByText('Has seen what is not here').waitFor();
    expect(await objecting.locator('td.figures').innerText()).toBe(String((newest?.size ?? 0) + 500));
    const { codes } = await (await gateway.asRole('billing-operator')).query(REFUND, {
      input: {
        id: (await sql<{ id: string }>`select id::text from product.invoice limit 1`.execute(gateway.database.owner)).rows[0]?.id,
        amount: '1.00',
        justification: { reason: 'Billed twice', ticket: 'SUP-1' },
      },
    });
    expect(codes).toEqual(['AUDIT_UNAVAILABLE']);

    const ended = await actInDialog(
      page,
      gateway.authenticatorOf(admin),
      { act: 'acknowledgeLogGap', reason: 'Yesterday was put back after the disk failed', ticket: 'OPS-9' },
      banner,
    );
    await ended.getByRole('link', { name: 'See the request' }).waitFor();
    await ended.getByRole('button', { name: 'Close', exact: true }).click();
    // Asked once is enough: the banner leads to the request, for whoever asked and for whoever decides.
    const request = banner.locator('[data-loss-request] a');
    await request.waitFor();
    expect(await banner.locator('[data-action="acknowledgeLogGap"]').count()).toBe(0);
    expect(await request.getAttribute('href')).toMatch(/^\/approvals\//);
    const decider = await openPageAs(stage, gateway.personWith('compliance-auditor'));
    await decider.load('/');
    await decider.page.locator(`[data-loss-request] a[href="${await request.getAttribute('href')}"]`).waitFor();
    await decider.close();
    const { rows } = await sql<{ id: string; shown: string }>`
      select id::text, shown_digest as shown from gateway.approval_request where action = 'acknowledgeLogGap'`.execute(gateway.database.owner);
    const approved = await auditor.act(APPROVE, { input: { id: rows[0]?.id, shownDigest: rows[0]?.shown, justification: { reason: 'The ticket says so' } } });
    expect(approved.codes).toEqual([]);
    await until(async () => integrity.standing.now().state === 'sound', 'the log is sound again');
    await opened.load('/integrity');
    // Reading went on meanwhile and was recorded: what the loss is measured by is what was signed before it.
    const [seen, held] = [(newest?.size ?? 0) + 500, newest?.size ?? 0].map((count) => new Intl.NumberFormat('en-US').format(count));
    await page.getByText(`Others had seen ${seen} events, the database held ${held}`, { exact: true }).waitFor();
    await page.getByText('Of the name before a loss', { exact: true }).waitFor();
    expect(await page.getByText('Signs now', { exact: true }).count()).toBe(1);
    expect(await banner.count()).toBe(0);
    expect(opened.misdeeds).toEqual(CALM);
    await opened.close();
  });

  it('says nothing to who may not see how the log fares, but which right that takes (J03)', { timeout: 90_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('support-viewer'));
    const { page } = opened;
    await opened.load('/integrity');
    await page.getByText('log.integrity.read').first().waitFor();
    expect(await page.locator('[data-log-tone]').count()).toBe(0);
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Log integrity' }).count()).toBe(0);
    await opened.close();
  });
});
