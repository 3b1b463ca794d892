import { buildGatewaySchema, modules, productModules } from '@sallyport/schema/index.ts';
import { ROLE_NAMES } from '@sallyport/schema/policy/roles.ts';
import type { AnyResource } from '@sallyport/schema/vocabulary/define-module.ts';
import { type FieldDeclaration, OPERATORS } from '@sallyport/schema/vocabulary/field.ts';
import { type ExecutionResult, execute, parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../helpers/database.ts';
import { contextOf, viewerHolding } from '../../helpers/viewers.ts';
import { openDemoCompany } from './demo-company.ts';

const { schema, registry } = buildGatewaySchema(modules);
const everything = viewerHolding(registry, ...ROLE_NAMES.map((role) => [role, 'global'] as const));
const resources = productModules.flatMap((module) => module.resources);
const upper = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

let database: TestDatabase;
beforeAll(async () => {
  database = await openDemoCompany();
});
afterAll(() => database.drop());

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

async function list(resource: AnyResource, selection: string, args: string): Promise<Page> {
  const document = parse(`{ ${resource.plural}(${args}) { totalCount pageInfo { endCursor hasNextPage } nodes { ${selection} } } }`);
  expect(validate(schema, document).map((error) => error.message)).toEqual([]);
  const answer = (await execute({ schema, document, contextValue: contextOf(database.app, everything, { passSensitiveRead: async () => undefined }) })) as ExecutionResult<
    Record<string, Page>
  >;
  expect(answer.errors ?? [], `${resource.plural}(${args})`).toEqual([]);
  const page = answer.data?.[resource.plural];
  if (!page) throw new Error(`no ${resource.plural}`);
  return page;
}

const SAMPLES = {
  text: '"a"',
  email: '"a"',
  url: '"a"',
  integer: '5',
  decimal: '"5"',
  money: '"5.00"',
  boolean: 'true',
  timestamp: '"2026-06-01T00:00:00Z"',
  date: '"2026-06-01"',
  json: 'null',
} as const;

function sample(field: FieldDeclaration, operator: string): string {
  if (operator === 'isNull') return 'false';
  const value = field.type === 'id' ? '"018f5a7e-0000-7000-8000-00000000c0de"' : field.type === 'enum' ? upper(Object.keys(field.values)[0] ?? '') : SAMPLES[field.type];
  return operator === 'in' ? `[${value}]` : value;
}

test.each(resources.map((resource) => [resource.plural, resource] as const))('every field, relation and offered act of %s is answered', async (_, resource) => {
  const relations = Object.entries(resource.relations ?? {}).filter(([, relation]) => registry.resources.has(relation.resource));
  const selection = ['id', ...Object.keys(resource.fields), ...relations.map(([name, { kind }]) => (kind === 'count' ? name : `${name} { id }`)), 'actions { name }'].join(' ');
  const page = await list(resource, selection, 'first: 30');
  expect(page.nodes.length).toBeGreaterThan(0);
});

test.each(resources.map((resource) => [resource.plural, resource] as const))('every filter that %s offers is answered, with every operator', async (_, resource) => {
  for (const [name, field] of Object.entries(resource.fields)) {
    if (!field.filter) continue;
    for (const operator of OPERATORS[field.type]) await list(resource, 'id', `first: 1, filter: { ${name}: { ${operator}: ${sample(field, operator)} } }`);
  }
  if (Object.values(resource.fields).some((field) => field.search)) await list(resource, 'id', 'first: 1, filter: { search: "0001" }');
});

test.each(resources.map((resource) => [resource.plural, resource] as const))('%s is paged through in every order it offers, each row once', async (_, resource) => {
  for (const [name, field] of Object.entries(resource.fields)) {
    if (!field.sort) continue;
    for (const direction of ['ASC', 'DESC']) {
      const seen = new Set<string>();
      let page = await list(resource, 'id', `first: 100, orderBy: [{ field: ${upper(name)}, direction: ${direction} }]`);
      const total = page.totalCount;
      let rows = page.nodes.length;
      for (const { id } of page.nodes) seen.add(id);
      // Three pages are enough to cross from values to nulls where there are any near the ends.
      for (let turn = 0; turn < 2 && page.pageInfo.hasNextPage; turn += 1) {
        page = await list(resource, 'id', `first: 100, after: "${page.pageInfo.endCursor}", orderBy: [{ field: ${upper(name)}, direction: ${direction} }]`);
        rows += page.nodes.length;
        for (const { id } of page.nodes) seen.add(id);
      }
      expect([seen.size, seen.size], `${name} ${direction}`).toEqual([rows, Math.min(total, 300)]);
    }
  }
});

test('looking for a person by billing contact or network over more than one tenant is the same sensitive act as looking for people (G7)', async () => {
  const lists = [
    'invoices(filter: { billingContactEmail: { contains: "a" } })',
    'productSessions(filter: { ipAddress: { startsWith: "1" } })',
    'people(filter: { email: { contains: "a" } })',
  ];
  for (const source of lists) {
    const passed: string[] = [];
    const contextValue = contextOf(database.app, everything, { passSensitiveRead: async (resource) => void passed.push(resource.plural) });
    const answer = (await execute({ schema, document: parse(`{ ${source} { totalCount } }`), contextValue })) as ExecutionResult;
    expect(answer.errors ?? []).toEqual([]);
    expect(passed, source).toEqual([source.split('(')[0]]);
  }
  const support = viewerHolding(registry, ['support-operator', 'global']);
  const refused = (await execute({ schema, document: parse(`{ ${lists[0]} { totalCount } }`), contextValue: contextOf(database.app, support) })) as ExecutionResult;
  expect(refused.errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN', detail: { permission: 'billing.invoice.search-contacts' } });
});
