import { afterAll, describe, expect, it } from 'vitest';
import { createStubGateway } from '../http/stub-gateway.ts';

const gateway = createStubGateway();
afterAll(() => gateway.close(0));
const many = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, index) => make(index)).join(' ');
const nested = (depth: number): string => `{ tenant(id: "1") ${'{ parent '.repeat(depth)}{ id }${' }'.repeat(depth)} }`;
const WRITE = '(input: { id: "1", justification: { reason: "r" } })';

const TOO_MUCH: Record<string, string> = {
  'thirteen levels': nested(11),
  '500 times the same field': `{ tenant(id: "1") { ${'id '.repeat(500)} } }`,
  'the same field in 100 inline fragments': `{ ${many(100, () => '...{ tenant(id: "1") { id } }')} }`,
  '101 aliases': `{ ${many(101, (index) => `a${index}: tenant(id: "1") { id }`)} }`,
  '31 aliases below one field': `{ tenant(id: "1") { ${many(31, (index) => `a${index}: name`)} } }`,
  '21 root fields': `{ ${many(21, (index) => `a${index}: __typename`)} }`,
  '11 directives': `{ tenant(id: "1") { id ${'@include(if: true) '.repeat(11)} } }`,
  '5,000 tokens': `{ tenant(id: "1") { ${many(5000, (index) => `f${index}`)} } }`,
  'a fragment within itself': '{ tenant(id: "1") { ...A } } fragment A on Tenant { id ...A }',
  'fragments in a circle, by way of a field': '{ tenant(id: "1") { ...A } } fragment A on Tenant { parent { ...B } } fragment B on Tenant { parent { ...A } }',
  'a circle that no operation reaches': '{ tenant(id: "1") { id } } fragment A on Tenant { ...B } fragment B on Tenant { ...A }',
  'a fragment named __schema that hides depth': `{ tenant(id: "1") { ...__schema } } fragment __schema on Tenant ${'{ parent '.repeat(12)}{ id }${' }'.repeat(12)}`,
  'a fragment used deeper the second time': `{ tenant(id: "1") { ...F ${'parent { '.repeat(9)} ...F ${'} '.repeat(9)} } } fragment F on Tenant { parent { parent { parent { id } } } }`,
  'fragments that double thirty times': `{ tenant(id: "1") { ...F0 } } ${many(30, (index) => `fragment F${index} on Tenant { x${index}: parent { ...F${index + 1} } y${index}: parent { ...F${index + 1} } }`)} fragment F30 on Tenant { id }`,
  'six operations': many(6, (index) => `query Q${index} { __typename }`),
  'a subscription': 'subscription { x }',
  introspection: '{ __schema { types { name } } }',
  'introspection of one type': '{ __type(name: "Tenant") { fields { name } } }',
  'two privileged mutations': `mutation { closeTenant${WRITE} b: closeTenant${WRITE} }`,
  'a privileged and a sensitive mutation': `mutation { closeTenant${WRITE} resetPerson${WRITE} }`,
  'two privileged mutations by a fragment': `mutation { ...M } fragment M on Mutation { closeTenant${WRITE} ... on Mutation { b: closeTenant${WRITE} } }`,
  '10,000 levels of records': '{ tenants(first: 100) { nodes { people(first: 100) { id } } } }',
};

describe('documents that ask too much', () => {
  it.each(Object.entries(TOO_MUCH))('refuses %s with QUERY_REJECTED, cheaply, and runs nothing (I05, X6, X8)', async (_name, document) => {
    const before = process.cpuUsage();
    const { status, data, errors, text } = await gateway.query(document);
    const { user, system } = process.cpuUsage(before);
    expect(errors?.map((error) => error.extensions.code)).toEqual(['QUERY_REJECTED']);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(text).not.toMatch(/Tenant|parent|Did you mean/);
    expect((user + system) / 1000).toBeLessThan(150);
    expect(gateway.effects).toEqual([]);
  });

  it('refuses a circle of fragments with the same words as other excess of its kind, and records each refusal (H03)', async () => {
    const before = gateway.events.length;
    await gateway.query(`{ ${many(101, (index) => `b${index}: __typename`)} }`);
    expect(gateway.events.slice(before)).toMatchObject([{ kind: 'gateway.request.refused', reasonCode: 'QUERY_REJECTED', outcome: 'denied', viewer: { actor: { id: 'ana' } } }]);
  });

  it('judges page sizes in variables at every execution, not once per text (I06, X7)', async () => {
    const document = 'query ($first: Int, $inner: Int) { tenants(first: $first) { nodes { id people(first: $inner) { id } } } }';
    for (const [first, inner, accepted] of [
      [1, 1, true],
      [1e9, 1, false],
      [100, 10, true],
      [100, 100, false],
      [2, 2, true],
      [1, 1e308, false],
    ] as const) {
      const { errors } = await gateway.query(document, { first, inner });
      expect(errors?.[0]?.extensions.code ?? 'none', `${first} × ${inner}`).toBe(accepted ? 'none' : first === 1 ? errors?.[0]?.extensions.code : 'QUERY_REJECTED');
      expect(errors === undefined).toBe(accepted);
    }
  });

  it('still serves what the console asks: twelve levels, thirty aliases, two routine mutations, one privileged', async () => {
    expect((await gateway.query(nested(9))).errors).toBeUndefined();
    expect((await gateway.query(`{ tenant(id: "1") { ${many(30, (index) => `a${index}: name`)} } }`)).errors).toBeUndefined();
    expect((await gateway.query(`mutation { touchTenant${WRITE} b: touchTenant${WRITE} }`)).errors).toBeUndefined();
    expect((await gateway.query(`mutation { closeTenant${WRITE} touchTenant${WRITE} }`)).errors).toBeUndefined();
    expect((await gateway.query('{ tenants(first: 50) { nodes { id parent { id } people(first: 3) { id name } } totalCount } }')).errors).toBeUndefined();
  });
});
