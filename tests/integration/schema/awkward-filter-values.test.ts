import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let everywhere: TestClient;
let somewhere: TestClient;
beforeAll(async () => {
  gateway = await startTestGateway();
  everywhere = await gateway.asRole('support-viewer', 'global');
  somewhere = await gateway.asRole('support-viewer', 'tenant');
});
afterAll(() => gateway.close());

describe('values that the database would choke on', () => {
  const listing = (list: string, type: string) => `query ($filter: ${type}Filter) { ${list}(filter: $filter) { totalCount } }`;

  test.each([
    ['tenants', 'Tenant', { name: { contains: 'a\u0000b' } }],
    ['tenants', 'Tenant', { name: { eq: '\u0000' } }],
    ['tenants', 'Tenant', { name: { in: ['a', '\u0000'] } }],
    ['tenants', 'Tenant', { not: { search: 'a\u0000' } }],
    ['tenants', 'Tenant', { tenantId: { eq: '\u0000' } }],
    ['invoices', 'Invoice', { issuedAt: { gt: '2026-02-30T00:00:00Z' } }],
    ['invoices', 'Invoice', { issuedAt: { gt: '0000-01-01T00:00:00Z' } }],
    ['planSubscriptions', 'PlanSubscription', { renewsOn: { lt: '2025-02-29' } }],
  ])('%s by %s filter %j are BAD_INPUT, never INTERNAL (I18, X10)', async (list, type, filter) => {
    expect((await everywhere.query(listing(list, type), { filter })).codes).toEqual(['BAD_INPUT']);
  });

  test('a UUID in capitals names the same tenant for everybody, in a filter as in a query by ID (C03)', async () => {
    for (const client of [everywhere, somewhere]) {
      const first = await client.query('{ tenants(first: 1) { nodes { id } } }');
      const id = String(first.data?.['tenants'].nodes[0].id).toUpperCase();
      const found = await client.query(
        'query ($id: ID!) { tenant(id: $id) { id } byId: tenants(filter: { id: { eq: $id } }) { totalCount } byTenant: tenants(filter: { tenantId: { in: [$id] } }) { totalCount } }',
        { id },
      );
      expect(found.data).toMatchObject({ tenant: { id: id.toLowerCase() }, byId: { totalCount: 1 }, byTenant: { totalCount: 1 } });
    }
  });
});
