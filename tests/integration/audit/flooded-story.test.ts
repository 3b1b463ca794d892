import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.close());

const SUSPEND = `mutation Suspend($input: SuspendTenantInput!) { suspendTenant(input: $input) { status } }`;

test('L4, H: a story flooded with refusals still tells what was done', async () => {
  const correlationId = randomUUID();
  const security = await gateway.asRole('security-operator');
  const tenants = await security.query('{ tenants(first: 1, filter: { status: { eq: ACTIVE } }) { nodes { id } } }');
  const id = tenants.data?.['tenants'].nodes[0].id;
  expect((await security.query(SUSPEND, { input: { id } }, { correlationId })).codes).toEqual(['JUSTIFICATION_REQUIRED']);
  const columns = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_schema = 'audit' and table_name = 'event' and column_name not in ('id', 'sequence') order by ordinal_position`.execute(gateway.database.owner);
  const names = sql.join(columns.rows.map(({ name }) => sql.id(name)));
  await sql`insert into audit.event (id, ${names}) select gen_random_uuid(), ${names} from audit.event, generate_series(1, 1200) where correlation_id = ${correlationId}`.execute(
    gateway.database.owner,
  );
  const done = await security.act(SUSPEND, { input: { id, justification: { reason: 'Found out', ticket: 'SEC-1' } } }, { correlationId });
  expect(done.data?.['suspendTenant'].status).toBe('EXECUTED');
  const auditor = await gateway.asRole('compliance-auditor');
  const told = await auditor.query('query Story($id: ID!) { auditTrail(correlationId: $id) { leftOut answers { what { en } } steps { kind outcome } } }', { id: correlationId });
  const trail = told.data?.['auditTrail'];
  expect(trail.steps).toHaveLength(1000);
  expect(trail.steps.at(-1).outcome).toBe('ok');
  expect(trail.answers.what.en).toBe('Tenant suspended');
  expect(trail.leftOut).toBeGreaterThan(200);
});
