import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actInDialog } from './act-in-dialog.ts';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPageAs } from './open-page.ts';
import { ask, until } from './probe.ts';

/** Milliseconds within which the worker has come by: it does every minute. */
const NEXT_TURN = 100_000;
const OPEN = '[data-line][data-state="OPEN"]';

describeInBrowser('an access review, in Chromium', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage({ tenants: 6, worker: true });
  }, 180_000);
  afterAll(() => stage?.close());

  it('runs from its start to the revocation of what nobody answered, and is evidence afterwards (W1, W2, W3, W4, 14)', { timeout: 400_000 }, async () => {
    const { gateway } = stage;
    const { owner } = gateway.database;
    const admin = gateway.personWith('platform-admin');
    const opened = await openPageAs(stage, admin);
    const { page } = opened;
    const maya = await gateway.asRole('support-viewer', 'tenant');
    expect((await maya.query('{ tenants(first: 1) { totalCount } }')).codes).toEqual([]);

    await opened.load('/access-reviews');
    await page.getByText('No review is under way.').waitFor();
    const ended = await actInDialog(page, gateway.authenticatorOf(admin), {
      act: 'startAccessReview',
      texts: { Title: 'Who may look' },
      selects: { About: 'Who may do what', 'Only this role': 'Support Viewer' },
      picks: { Owner: [admin.displayName, admin.displayName] },
      reason: 'Quarterly review of access',
    });
    await ended.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('link', { name: 'Who may look' }).click();

    // Intan, Maya, Rina. Two are chosen and kept with one reason, by keys alone.
    const lines = page.locator(OPEN);
    await until(async () => (await lines.count()) === 3, 'three lines wait for an answer');
    const { keyboard } = page;
    await lines.first().focus();
    for (const key of ['x', 'ArrowDown', 'ArrowDown', 'x']) await keyboard.press(key);
    expect(await page.locator('[data-line] input:checked').count()).toBe(2);
    await page.locator('[data-keep-selected]').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep 2 lines' }).click();
    await page.getByText('Needed.').waitFor();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Still on the support desk');
    await keyboard.press('Enter');
    await until(async () => (await lines.count()) === 1, 'one line waits for an answer');
    await page.getByText('2 of 3 answered').waitFor();
    await until(async () => (await ask(page, 'focused')).tag === 'li', 'the focus is on the line that is left');
    expect((await maya.query('{ tenants(first: 1) { totalCount } }')).codes).toEqual([]);

    const { rows } = await sql<{
      id: string;
    }>`update gateway.access_review set deadline = clock_timestamp() - interval '1 second' where title = 'Who may look' returning id`.execute(owner);
    const id = rows[0]?.id ?? '';
    const end = Date.now() + NEXT_TURN;
    for (;;) {
      const closed = await sql`select 1 from gateway.access_review where id = ${id} and closed_at is not null`.execute(owner);
      if (closed.rows.length > 0) break;
      if (Date.now() > end) throw new Error('Nobody closed the review');
      await page.waitForTimeout(500);
    }
    expect((await maya.query('{ tenants(first: 1) { totalCount } }')).codes).toEqual(['FORBIDDEN']);

    await opened.load(`/access-reviews/${id}`);
    await page.getByText('This review is closed.').waitFor();
    await page.locator('[data-state="REVOKED_AT_DEADLINE"]').getByText('Revoked unanswered').waitFor();
    expect(await page.locator('[data-state="KEPT"]').count()).toBe(2);
    expect(await page.locator('[data-answer]').count()).toBe(0);

    await page.getByRole('link', { name: 'Result' }).click();
    await page.getByRole('heading', { name: 'Result of Who may look' }).waitFor();
    const report = JSON.parse(await download('JSON')) as { format: string; counts: Record<string, number>; items: { title: string; outcome: string; reason: string | null }[] };
    expect(report.format).toBe('sallyport-access-review/1');
    expect(report.counts).toEqual({ kept: 2, 'revoked-at-deadline': 1 });
    const csv = parse(await download('CSV'), { bom: true, columns: true }) as Record<string, string>[];
    expect(csv.map((row) => [row['title'], row['outcome'], row['reason']])).toEqual(report.items.map((item) => [item.title, item.outcome, item.reason ?? '']));
    expect(opened.misdeeds).toEqual({ dialogs: [], violations: [], errors: [], strangers: [] });
    await opened.close();

    async function download(name: string): Promise<string> {
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
      return readFile(await file.path(), 'utf8');
    }
  });

  it('locks one’s own line, takes the rest by a single key, and says of each of several what came of it (W2, 14)', { timeout: 180_000 }, async () => {
    const { gateway } = stage;
    const admin = gateway.personWith('platform-admin');
    const opened = await openPageAs(stage, admin);
    const { page } = opened;
    const client = await gateway.as(admin);
    const { data } = await client.query('{ viewer { id } }');
    const ownId = (data?.['viewer'] as { id: string } | null | undefined)?.id;
    const started = await client.act('mutation ($input: StartAccessReviewInput!) { startAccessReview(input: $input) { accessReview { id } } }', {
      input: { title: 'Everybody', kind: 'GRANTS', owner: ownId, days: 7, cadence: 'ONCE', justification: { reason: 'A look at everybody' } },
    });
    const id = (started.data?.['startAccessReview'] as { accessReview: { id: string } } | null | undefined)?.accessReview.id;
    await opened.load(`/access-reviews/${id}`);
    const own = page.locator('[data-lock="own"]');
    await own.getByText('Your own access: somebody else has to answer.').waitFor();
    expect(await own.count()).toBe(1);
    expect(await own.locator('input, [data-answer]').count()).toBe(0);
    await own.focus();
    await page.keyboard.press('k');
    expect(await page.getByRole('dialog').count()).toBe(0);

    // Somebody else answers one of two meanwhile: the other is kept, and each says so.
    const free = page.locator('[data-lock="none"]');
    const [first, second] = [await free.nth(0).getAttribute('data-line'), await free.nth(1).getAttribute('data-line')];
    await free.nth(0).focus();
    await page.keyboard.press('x');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('x');
    const colleague = await gateway.asRole('compliance-auditor');
    const kept = await colleague.query('mutation ($input: KeepAccessInput!) { keepAccess(input: $input) { status } }', {
      input: { id: first, justification: { reason: 'Answered elsewhere' } },
    });
    expect(kept.codes).toEqual([]);
    await page.locator('[data-keep-selected]').click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Still needed');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 of 2 done.').waitFor();
    expect(await dialog.getByRole('listitem').allInnerTexts()).toHaveLength(2);
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();

    // One key and a reason take access away.
    const target = page.locator('[data-lock="none"]').nth(0);
    const revoked = await target.getAttribute('data-line');
    await target.focus();
    await page.keyboard.press('r');
    await page.getByRole('textbox', { name: 'Reason' }).fill('Left the team');
    await page.keyboard.press('Enter');
    await until(async () => (await page.locator(`[data-line="${revoked}"]`).count()) === 0, 'the line is answered');
    const { rows } = await sql<{
      id: string;
      outcome: string;
    }>`select id::text, outcome from gateway.access_review_item where review_id = ${id} and outcome is not null order by decided_at`.execute(gateway.database.owner);
    expect(rows).toEqual([
      { id: first, outcome: 'kept' },
      { id: second, outcome: 'kept' },
      { id: revoked, outcome: 'revoked' },
    ]);
    expect(opened.misdeeds).toEqual({ dialogs: [], violations: [], errors: [], strangers: [] });
    await opened.close();
  });
});
