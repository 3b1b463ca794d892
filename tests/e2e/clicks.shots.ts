import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import { sql } from 'kysely';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPageAs } from './open-page.ts';

/** One person who counts what they press and fill. */
interface Walker {
  readonly page: Page;
  press(what: Locator): Promise<void>;
  fill(what: Locator, text: string): Promise<void>;
  /** The search box: opened, typed into, and the line of that name chosen. */
  find(text: string, line: RegExp | string): Promise<void>;
  /** Reason and ticket, the preview, and the button that names act and object. */
  justifyAndConfirm(): Promise<void>;
  code(): Promise<void>;
}

interface Case {
  readonly title: string;
  readonly role: RoleName;
  readonly walk: (walker: Walker) => Promise<void>;
}

const PAGE = `# Clicks to solve

Written by \`node tests/e2e/take-screenshots.ts\`, which walks each case on the demo product from the first page after sign-in to its end. A press
is a click or a key that stands for one (Ctrl K, Enter); a field is something typed, a fresh code among them.

| case | who | presses | fields |
|---|---|---|---|
`;

describeInBrowser('everyday cases, counted', () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openStage();
  }, 180_000);
  afterAll(() => stage?.close());

  const one = async (statement: string): Promise<string> => {
    const { rows } = await sql.raw<{ value: string }>(statement).execute(stage.gateway.database.owner);
    const [row] = rows;
    if (!row) throw new Error('The seed holds nothing of that kind');
    return row.value;
  };

  it('from the first page to the end', { timeout: 600_000 }, async () => {
    const paid = `select number as value from product.invoice where status = 'paid' and currency = 'IDR' and amount_refunded = 0 and amount_paid between 3000000 and 200000000 order by number`;
    const [small, large] = [await one(`${paid} limit 1`), await one(`${paid} offset 1 limit 1`)];
    const person = await one(
      `select p.email as value from product.person p join product.tenant t on t.id = p.tenant_id where p.state = 'active' and p.mfa_enabled and t.risk_tier <> 'high' order by p.email limit 1`,
    );
    const tenant = await one(`select name as value from product.tenant where status = 'active' and name ~ '^[A-Za-z .]{6,40}$' order by name limit 1`);
    const correlationId = randomUUID();
    await (await stage.gateway.asRole('support-viewer')).query(
      'mutation { refundInvoice(input: { id: "00000000-0000-4000-8000-000000000000", amount: "1.00" }) { status } }',
      {},
      { correlationId },
    );
    const act = (page: Page, name: string): Locator => page.locator(`[data-action="${name}"]`);
    const close = (page: Page): Locator => page.getByRole('dialog').last().getByRole('button', { name: 'Close', exact: true });
    const refund = (number: string, amount: string, withCode: boolean) => async (walker: Walker) => {
      await walker.find(number, number);
      await walker.press(act(walker.page, 'refundInvoice'));
      await walker.fill(walker.page.getByRole('textbox', { name: 'Amount' }), amount);
      await walker.justifyAndConfirm();
      if (withCode) await walker.code();
      await walker.press(close(walker.page));
    };
    const findPerson = async (walker: Walker): Promise<void> => {
      await walker.find(person, /^Search all people/);
      const row = walker.page.locator('[data-row-link]').first();
      const asked = walker.page.getByRole('dialog', { name: 'Confirm with a fresh code' });
      await row.or(asked).first().waitFor();
      if (await asked.isVisible()) await walker.code();
      await walker.press(row);
    };
    const cases: readonly Case[] = [
      { title: 'Refund an invoice by its number, below the limit for a code', role: 'billing-operator', walk: refund(small, '5000', false) },
      { title: 'The same above the limit', role: 'billing-operator', walk: refund(large, '1500000', true) },
      {
        title: 'Send an invoice again',
        role: 'support-operator',
        walk: async (walker) => {
          await walker.find(small, small);
          await walker.press(act(walker.page, 'resendInvoice'));
          await walker.page
            .getByText(/is sent|sent again|again/i)
            .first()
            .waitFor();
        },
      },
      {
        title: 'Read the whole story behind the last thing that happened to an invoice',
        role: 'compliance-auditor',
        walk: async (walker) => {
          await walker.find(small, small);
          await walker.press(walker.page.getByRole('region', { name: 'History' }).getByRole('link').first());
          await walker.page.getByRole('heading', { name: 'The whole story' }).waitFor();
        },
      },
      {
        title: 'Open a story by its correlation ID',
        role: 'compliance-auditor',
        walk: async (walker) => {
          await walker.find(correlationId, /Open the story/);
          await walker.page.getByRole('heading', { name: 'The whole story' }).waitFor();
        },
      },
      {
        title: 'Reset the lost second factor of somebody known by e-mail',
        role: 'security-operator',
        walk: async (walker) => {
          await findPerson(walker);
          await walker.press(act(walker.page, 'resetMfa'));
          await walker.justifyAndConfirm();
          await walker.code();
          await walker.press(close(walker.page));
        },
      },
      {
        title: 'Suspend a tenant',
        role: 'security-operator',
        walk: async (walker) => {
          await walker.find(tenant, tenant);
          await walker.press(act(walker.page, 'suspendTenant'));
          await walker.justifyAndConfirm();
          await walker.press(close(walker.page));
        },
      },
      {
        title: 'All invoices of one tenant',
        role: 'billing-operator',
        walk: async (walker) => {
          await walker.find(tenant, tenant);
          await walker.press(walker.page.getByRole('tab', { name: 'Invoices' }));
          await walker.press(walker.page.getByRole('link', { name: /^See all/ }));
          await walker.page.getByRole('heading', { level: 1, name: /^Invoices/ }).waitFor();
        },
      },
      {
        title: 'Tenants that are suspended',
        role: 'customer-success',
        walk: async (walker) => {
          await walker.press(walker.page.getByRole('link', { name: /Tenants.*Suspended/ }).first());
          await walker.page.getByRole('heading', { level: 1, name: /^Tenants/ }).waitFor();
        },
      },
    ];
    const lines: string[] = [];
    for (const { title, role, walk } of cases) {
      const counted = await countWalk(role, walk);
      lines.push(`| ${title} | ${role} | ${counted.presses} | ${counted.fields} |\n`);
    }
    await writeFile(new URL('CLICKS.md', import.meta.url), PAGE + lines.join(''));
  });

  async function countWalk(role: RoleName, walk: Case['walk']): Promise<{ readonly presses: number; readonly fields: number }> {
    const opened = await openPageAs(stage, stage.gateway.personWith(role));
    const { page } = opened;
    const counted = { presses: 0, fields: 0 };
    const walker: Walker = {
      page,
      press: async (what) => {
        counted.presses += 1;
        await what.click();
      },
      fill: async (what, text) => {
        counted.fields += 1;
        await what.fill(text);
      },
      find: async (text, line) => {
        counted.presses += 2;
        counted.fields += 1;
        await page.keyboard.press('Control+K');
        await page.getByRole('combobox', { name: 'Search' }).fill(text);
        await page
          .getByRole('option', { name: typeof line === 'string' ? new RegExp(`^${RegExp.escape(line)}`) : line })
          .first()
          .click();
      },
      justifyAndConfirm: async () => {
        const dialog = page.getByRole('dialog').last();
        await walker.fill(dialog.getByRole('textbox', { name: 'Reason' }), 'Counting clicks');
        await walker.fill(dialog.getByRole('textbox', { name: 'Ticket' }), 'SUP-1');
        await walker.press(dialog.getByRole('button', { name: 'Preview' }));
        await walker.press(page.locator('[data-confirm]'));
      },
      code: async () => {
        const asked = page.getByRole('dialog', { name: 'Confirm with a fresh code' });
        await walker.fill(asked.getByRole('textbox'), await opened.client.nextCode());
        await walker.press(asked.getByRole('button', { name: 'Confirm', exact: true }));
      },
    };
    await opened.load('/');
    await walk(walker);
    await opened.close();
    return counted;
  }
});
