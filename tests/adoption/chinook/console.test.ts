import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import { ROLE_NAMES } from '@sallyport/schema/policy/roles.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../../e2e/browser.ts';
import { type ConsoleStage, openStage } from '../../e2e/console-driver.ts';
import { compareControls } from '../../e2e/controls-matrix.ts';
import { openPageAs } from '../../e2e/open-page.ts';
import { describeWithChinook, servedModules } from './open-chinook.ts';

const CREDIT = 'mutation ($input: CreditInvoiceLineInput!) { creditInvoiceLine(input: $input) { status } }';
const why = { reason: 'Charged for a track that would not play', ticket: 'SUP-98' };

await describeWithChinook('the console, drawn from the declarations of a database that nobody here wrote', () => {
  describeInBrowser('in Chromium', () => {
    let stage: ConsoleStage;
    beforeAll(async () => {
      stage = await openStage({ modules: servedModules });
    }, 180_000);
    afterAll(() => stage?.close());

    it('runs the main job: find, preview, fresh code, done; the viewer has no button, the auditor reads it all (U1, U3, C02, H01)', { timeout: 240_000 }, async () => {
      const { gateway } = stage;
      const dewi = await stage.visit(gateway.personWith('billing-operator'));
      await dewi.openList('Invoices');
      await dewi.findInList('invoices', '98', '98');
      await dewi.fact('Total').getByText('USD 3.98').waitFor();
      await dewi.page.getByRole('tab', { name: 'Lines' }).waitFor();
      const track = await dewi.page.getByRole('tabpanel').getByRole('link').first().innerText();
      await dewi.openRelated('Lines', track);
      const changes = await dewi.preview({ action: 'Credit', fields: { Quantity: '1' }, ...why });
      await changes.getByText('USD 1.99', { exact: true }).first().waitFor();
      expect(await dewi.confirm()).toBe(`Credit ${track} to customer 1`);
      await dewi.confirmWithCode();
      const correlationId = await dewi.done();
      expect(await dewi.actions()).toEqual(['Credit']);
      expect(await dewi.page.getByRole('button', { name: 'Credit', exact: true }).isEnabled()).toBe(false);

      const rina = await stage.visit(gateway.personWith('support-viewer'));
      await rina.openList('Invoices');
      await rina.findInList('invoices', '98', '98');
      await rina.fact('Total').getByText('USD 1.99').waitFor();
      await rina.fact('Street').getByText('needs chinook.invoice.read-address').waitFor();
      expect(await rina.actions()).toEqual([]);
      await rina.openRelated('Lines', track);
      expect(await rina.actions()).toEqual([]);
      const lineId = rina.page.url().split('/').at(-1);
      const sent = await rina.sendByHand(CREDIT, { input: { id: lineId, quantity: 1, justification: why } }, correlationId);
      expect(sent).toEqual({ data: { creditInvoiceLine: null }, codes: ['FORBIDDEN'] });

      const hendra = await stage.visit(gateway.personWith('compliance-auditor'));
      expect(await hendra.story(correlationId)).toEqual(['Previewed', 'Refused · STEP_UP_REQUIRED', 'Done', 'Done', 'Refused · FORBIDDEN']);
      await hendra.page.getByText(why.reason).first().waitFor();

      const { rows } = await sql<{ total: string; lines: number }>`
        select "Total"::text as total, (select count(*)::int from chinook."InvoiceLine" l where l."InvoiceId" = 98) as lines from chinook."Invoice" where "InvoiceId" = 98`.execute(
        gateway.database.owner,
      );
      expect(rows).toEqual([{ total: '1.99', lines: 3 }]);
      for (const visit of [dewi, rina, hendra]) expect(visit.pageErrors).toEqual([]);
    });

    it('keeps personal fields hidden until they are revealed, and the reveal is on the log (U4, H14)', { timeout: 120_000 }, async () => {
      const budi = await stage.visit(stage.gateway.personWith('support-operator'));
      await budi.openList('Customers');
      await budi.page.goto(`${stage.url}/customers/2`);
      await budi.fact('Email').getByText('Personal, hidden').waitFor();
      expect(await budi.page.content()).not.toContain('leonekohler');
      await budi.page.getByRole('button', { name: 'Reveal Email' }).click();
      await budi.fact('Email').getByText('leonekohler@surfeu.de').waitFor();
      const reads = await stage.gateway.events();
      expect(reads.filter(({ fields_read: names }) => (names as string[] | null)?.includes('customer.email')).length).toBeGreaterThan(0);
      expect(JSON.stringify(reads)).not.toContain('leonekohler');
    });

    it('shows to each of the eight roles exactly what the gateway allows (J09, U4)', { timeout: 400_000 }, async () => {
      const { catalogue } = buildGatewaySchema(servedModules);
      const sums = { records: 0, controls: 0, fields: 0 };
      const differences: string[] = [];
      for (const role of ROLE_NAMES) {
        const opened = await openPageAs(stage, stage.gateway.personWith(role));
        // Every table of this database has a row of the number 1.
        const report = await compareControls(opened, {
          catalogue,
          elsewhere: ({ name }) => (catalogue.modules.find((module) => module.name === 'chinook')?.resources.includes(name) ? '1' : null),
          most: [2, 1],
        });
        for (const key of ['records', 'controls', 'fields'] as const) sums[key] += report[key];
        differences.push(...report.differences.map((difference) => `${role} · ${difference}`));
        await opened.close();
      }
      console.log(`eight roles: ${sums.records} records, ${sums.controls} controls, ${sums.fields} fields; ${differences.length} differences`);
      expect(differences).toEqual([]);
      expect(sums.controls).toBeGreaterThan(0);
    });
  });
});
