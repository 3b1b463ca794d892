import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { ROLE_NAMES } from '@sallyport/schema/policy/roles.ts';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAllowed } from './allowed-controls.ts';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { compareActions, compareControls } from './controls-matrix.ts';
import { openPageAs, type SignedInPage } from './open-page.ts';
import { ask } from './probe.ts';

const { catalogue, registry } = buildGatewaySchema(modules);

describeInBrowser('what is drawn and what is allowed', () => {
  let stage: ConsoleStage;
  const anyId = new Map<string, string>();
  beforeAll(async () => {
    stage = await openStage();
    for (const resource of registry.resources.values()) {
      const { rows } = await sql<{
        id: string;
      }>`select ${sql.id(resource.key.column)}::text as id from ${sql.id(resource.table.schema, resource.table.name)} order by 1 limit 1`.execute(stage.gateway.database.owner);
      if (rows[0]) anyId.set(resource.name, rows[0].id);
    }
  }, 180_000);
  afterAll(() => stage?.close());
  const elsewhere = (resource: CatalogueResource): string | null => anyId.get(resource.name) ?? null;

  it('finds a button that was added, one that was taken away and one that was enabled, in a seeded copy of an answer (J09)', { timeout: 120_000 }, async () => {
    const opened = await openPageAs(stage, stage.gateway.personWith('billing-operator'));
    const resource = catalogue.resources.find(({ name }) => name === 'invoice');
    if (!resource) throw new Error('no invoices are declared');
    const { rows } = await sql<{ id: string }>`select id::text from product.invoice where status in ('draft', 'void', 'open', 'past_due') order by number limit 1`.execute(
      stage.gateway.database.owner,
    );
    const id = rows[0]?.id ?? '';
    const faults: readonly [string, (actions: { name: string; enabled: boolean }[]) => unknown][] = [
      ['added', (actions) => [...actions, { ...actions[0], name: 'suspendTenant', enabled: true }]],
      ['taken away', (actions) => actions.slice(1)],
      ['enabled', (actions) => actions.map((action) => ({ ...action, enabled: true }))],
    ];
    await opened.load('/');
    for (const [name, fault] of faults) {
      await opened.page.route('**/graphql', async (route) => {
        const response = await route.fetch();
        const answer = (await response.json()) as { data?: { record?: { actions?: { name: string; enabled: boolean }[] } } };
        if (answer.data?.record?.actions) Object.assign(answer.data.record, { actions: fault(answer.data.record.actions) });
        await route.fulfill({ response, json: answer });
      });
      expect(await differencesOn(opened, resource, id), name).toHaveLength(1);
      await opened.page.unroute('**/graphql');
      await opened.load('/');
    }
    expect(await differencesOn(opened, resource, id)).toEqual([]);
    await opened.close();
  });

  async function differencesOn(opened: SignedInPage, resource: CatalogueResource, id: string): Promise<readonly string[]> {
    const report = { controls: 0, differences: [] as string[] };
    const [allowed] = await Promise.all([readAllowed(opened.client, resource, id), opened.go(`/${resource.plural}/${id}`)]);
    if (!allowed) throw new Error('the record is not there');
    compareActions(resource, await ask(opened.page, 'record'), allowed, report);
    return report.differences;
  }

  it('shows to each of the eight roles, and to a person with two grants, exactly what the gateway allows and refuses the rest by hand (J09, D06, U4)', {
    timeout: 300_000,
  }, async () => {
    const twoGrants = stage.gateway.people.find(({ grants }) => grants.length > 1);
    const cast = [...ROLE_NAMES.map((role) => stage.gateway.personWith(role)), ...(twoGrants ? [twoGrants] : [])];
    const sums = { records: 0, controls: 0, fields: 0, lists: 0, byHand: 0 };
    const differences: string[] = [];
    for (const person of cast) {
      const opened = await openPageAs(stage, person);
      const report = await compareControls(opened, { catalogue, elsewhere, sameReach: person !== twoGrants });
      for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += report[key];
      differences.push(...report.differences.map((difference) => `${person.roles.join(' + ')} · ${difference}`));
      differences.push(...[...opened.misdeeds.errors, ...opened.misdeeds.violations, ...opened.misdeeds.dialogs].map((misdeed) => `${person.roles.join(' + ')} · ${misdeed}`));
      await opened.close();
    }
    console.log(
      `compared for ${cast.length} people: ${sums.records} records, ${sums.controls} controls, ${sums.fields} fields, ${sums.lists} lists, ${sums.byHand} mutations by hand; ${differences.length} differences`,
    );
    expect(differences).toEqual([]);
    expect(sums.controls).toBeGreaterThan(50);
  });
});
