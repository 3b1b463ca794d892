import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { type ExecutionResult, execute, parse, validate } from 'graphql';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { contextOf, viewerHolding } from '../../helpers/viewers.ts';

const { schema, fastSchema, registry } = buildGatewaySchema(modules);
let database: TestDatabase;
let tenants: readonly string[];

interface Page {
  readonly nodes: readonly Readonly<Record<string, string | null>>[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
type Data = Readonly<Record<string, Page | null>>;

function pageOf(data: Data, name: string): Page {
  const page = data[name];
  if (!page) throw new Error(`No ${name} in the answer`);
  return page;
}

beforeAll(async () => {
  database = await createTestDatabase();
  for (const module of modules) await module.seed?.(database.owner, { tenants: 30, seed: 7 });
  tenants = (await sql<{ id: string }>`select id::text from product.tenant order by id`.execute(database.app)).rows.map(({ id }) => id);
});
afterAll(() => database.drop());

async function ask(viewer: Viewer | null, source: string, variableValues: Record<string, unknown> = {}, { using = schema, db = database.app as Kysely<unknown> } = {}) {
  const document = parse(source);
  expect(validate(using, document)).toEqual([]);
  const context = contextOf(db, viewer);
  const answer = (await execute({ schema: using, document, contextValue: context, variableValues })) as ExecutionResult;
  return { data: JSON.parse(JSON.stringify(answer.data)) as Data, errors: answer.errors ?? [], reads: context.reads };
}
const codes = (errors: readonly { readonly originalError?: unknown }[]) => errors.map((error) => (error.originalError as { code?: string } | undefined)?.code ?? 'unmasked');

describe('rows', () => {
  test('a person with named tenants sees and counts exactly their rows (C08, C14)', async () => {
    const own = tenants.slice(0, 2);
    const viewer = viewerHolding(registry, ['support-viewer', new Set(own)]);
    const { data, errors } = await ask(viewer, '{ tenants(first: 100) { totalCount nodes { id } } invoices(first: 100) { totalCount nodes { tenantId } } }');
    expect(errors).toEqual([]);
    expect(
      pageOf(data, 'tenants')
        .nodes.map(({ id }) => id)
        .sort(),
    ).toEqual(own);
    expect(pageOf(data, 'tenants').totalCount).toBe(2);
    expect(new Set(pageOf(data, 'invoices').nodes.map(({ tenantId }) => tenantId))).toEqual(new Set(own));
    const truth = await sql<{ total: number }>`select count(*)::int as total from product.invoice where tenant_id = any(${own}::uuid[])`.execute(database.app);
    expect(pageOf(data, 'invoices').totalCount).toBe(truth.rows[0]?.total);
  });

  test('a hidden record, an absent one and a malformed ID are the same answer (C03)', async () => {
    const viewer = viewerHolding(registry, ['support-viewer', new Set(tenants.slice(0, 1))]);
    const answers = await Promise.all(
      [tenants[5], '00000000-0000-4000-8000-000000000000', 'x; drop table'].map((id) => ask(viewer, 'query ($id: ID!) { tenant(id: $id) { __typename id name } }', { id })),
    );
    expect(new Set(answers.map(({ data, errors }) => JSON.stringify([data, errors])))).toHaveProperty('size', 1);
    expect(codes(answers[0]?.errors ?? [])).toEqual(['NOT_FOUND']);
  });

  test('a reach that names malformed tenants contains nothing (C15)', async () => {
    const { data } = await ask(viewerHolding(registry, ['support-viewer', new Set(['*', ''])]), '{ tenants { totalCount nodes { id } } }');
    expect(pageOf(data, 'tenants')).toEqual({ totalCount: 0, nodes: [] });
  });
});

describe('fields', () => {
  test('a forbidden field is null with FORBIDDEN at its path, siblings intact, and the refusal is noted (C02)', async () => {
    const viewer = viewerHolding(registry, ['support-viewer', 'global']);
    const { data, errors, reads } = await ask(viewer, '{ people(first: 1) { nodes { reference hidden: displayName ... on Person { email } } } }');
    expect(pageOf(data, 'people').nodes[0]).toMatchObject({ reference: expect.stringMatching(/^PSN-/), hidden: null, email: null });
    expect(errors.map(({ path }) => path?.join('.'))).toEqual(['people.nodes.0.hidden', 'people.nodes.0.email']);
    expect(codes(errors)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(reads.refused.length).toBeGreaterThan(0);
    expect(reads.personal).toEqual([]);
  });

  test('columns of one grant are not answered in the rows of another (C17)', async () => {
    const [here, there] = [tenants[0] ?? '', tenants[1] ?? ''];
    const viewer = viewerHolding(registry, ['support-operator', new Set([here])], ['support-viewer', new Set([there])]);
    const { data, reads } = await ask(viewer, '{ people(first: 100) { nodes { tenantId email } } }');
    const rows = pageOf(data, 'people').nodes;
    expect(new Set(rows.map(({ tenantId }) => tenantId))).toEqual(new Set([here, there]));
    for (const { tenantId, email } of rows) expect(email === null).toBe(tenantId === there);
    expect(reads.personal.length).toBe(rows.filter(({ tenantId }) => tenantId === here).length);
  });

  test('the schema without wrappers gives the same answer where every field is allowed', async () => {
    const viewer = viewerHolding(registry, ['support-operator', new Set(tenants.slice(0, 5))]);
    const source = '{ people(first: 20, orderBy: [{ field: REFERENCE }]) { totalCount nodes { id reference email tenant { name memberCount owner { displayName } } } } }';
    const [careful, fast] = await Promise.all([ask(viewer, source), ask(viewer, source, {}, { using: fastSchema })]);
    expect(fast.data).toEqual(careful.data);
    expect(fast.reads.personal.sort()).toEqual(careful.reads.personal.sort());
  });
});

describe('conditions are reads of the field they touch', () => {
  const support = () => viewerHolding(registry, ['support-viewer', 'global']);
  test.each([
    ['filter (C04)', '{ people(filter: { email: { startsWith: "a" } }) { totalCount } }'],
    ['a negated filter deep inside (C04)', '{ people(filter: { or: [{ not: { and: [{ email: { isNull: true } }] } }] }) { totalCount } }'],
    ['order (C05)', '{ people(orderBy: [{ field: DISPLAY_NAME }]) { nodes { id } } }'],
  ])('a forbidden %s refuses the list', async (_what, source) => {
    const { data, errors } = await ask(support(), source);
    expect(data['people']).toBeNull();
    expect(codes(errors)).toEqual(['FORBIDDEN']);
  });

  test('search looks only into what the caller may read (C07)', async () => {
    const found = await sql<{ email: string; tenant_id: string }>`select email, tenant_id::text from product.person order by id limit 1`.execute(database.app);
    const [person] = found.rows;
    const source = 'query ($text: String, $tenant: ID) { people(filter: { tenantId: { eq: $tenant }, search: $text }) { totalCount } }';
    const variables = { text: person?.email, tenant: person?.tenant_id };
    expect(pageOf((await ask(support(), source, variables)).data, 'people').totalCount).toBe(0);
    const operator = viewerHolding(registry, ['support-operator', new Set([person?.tenant_id ?? ''])]);
    expect(pageOf((await ask(operator, source, variables)).data, 'people').totalCount).toBe(1);
  });

  test('a personal search over several tenants is refused without its own permission (G7)', async () => {
    const { errors } = await ask(viewerHolding(registry, ['support-operator', new Set(tenants.slice(0, 2))]), '{ people(filter: { search: "a" }) { totalCount } }');
    expect(codes(errors)).toEqual(['FORBIDDEN']);
  });

  test('wildcards and quotes stand for themselves (I18)', async () => {
    for (const text of ['%', '_____', "' or 1=1 --", '\\']) {
      const { data, errors } = await ask(support(), 'query ($text: String) { tenants(filter: { name: { contains: $text } }) { totalCount } }', { text });
      expect(errors).toEqual([]);
      const truth = await sql<{ total: number }>`select count(*)::int as total from product.tenant where position(lower(${text}) in lower(name)) > 0`.execute(database.app);
      expect(pageOf(data, 'tenants').totalCount).toBe(truth.rows[0]?.total);
    }
  });
});

describe('pages', () => {
  test.each(['{ field: DUE_AT, direction: DESC }', '{ field: ISSUED_AT }, { field: TOTAL, direction: DESC }'])('cursors walk every record once, in order of %s', async (order) => {
    const viewer = viewerHolding(registry, ['billing-operator', new Set(tenants.slice(0, 6))]);
    const seen: (string | null | undefined)[] = [];
    let after: string | null = null;
    for (let page = 0; page < 60; page += 1) {
      const { data, errors } = await ask(
        viewer,
        `query ($after: String) { invoices(first: 7, after: $after, orderBy: [${order}]) { totalCount pageInfo { hasNextPage endCursor } nodes { id } } }`,
        { after },
      );
      expect(errors).toEqual([]);
      seen.push(...pageOf(data, 'invoices').nodes.map(({ id }) => id));
      after = pageOf(data, 'invoices').pageInfo.endCursor;
      if (!pageOf(data, 'invoices').pageInfo.hasNextPage) {
        expect(seen.length).toBe(pageOf(data, 'invoices').totalCount);
        break;
      }
    }
    expect(new Set(seen).size).toBe(seen.length);
  });

  test.each(['first: 0', 'first: 101', 'offset: -1', 'first: 1000000000', 'after: "zzz"'])('%s is BAD_INPUT (I06)', async (args) => {
    expect(codes((await ask(viewerHolding(registry, ['support-viewer', 'global']), `{ tenants(${args}) { nodes { id } } }`)).errors)).toEqual(['BAD_INPUT']);
  });
});

test('fifty tenants with owner, member count and latest invoices take five statements, not hundreds', async () => {
  const statements: string[] = [];
  const db = database.app.withPlugin({
    transformQuery: ({ node }) => {
      statements.push(node.kind);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
  const viewer = viewerHolding(registry, ['support-operator', 'global']);
  const { data, errors } = await ask(
    viewer,
    '{ tenants(first: 50) { nodes { name memberCount owner { displayName } invoices(first: 3) { number lines { description } } } } }',
    {},
    { db },
  );
  expect(errors).toEqual([]);
  expect(pageOf(data, 'tenants').nodes.length).toBe(30);
  expect(statements.length).toBe(5);
});
