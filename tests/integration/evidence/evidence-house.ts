import { randomUUID } from 'node:crypto';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { createAuditLog, type GatewayAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { sql } from 'kysely';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { ROLES, refund } from '../audit/log-fixture.ts';

/** A gateway with three tenants that much has happened to, and a reader of one of them. */
export interface EvidenceHouse {
  readonly test: TestGateway;
  /** Reads, exports and packs everything. */
  readonly auditor: TestClient;
  /** The same rights, for the first tenant alone. */
  readonly ofOne: TestClient;
  readonly tenants: readonly string[];
  /** Writes to the log as the gateway does, under the policy in force. */
  readonly write: (draft: Partial<AuditEventDraft>) => Promise<string>;
  readonly log: GatewayAuditLog;
  readonly truth: <T>(statement: string) => Promise<readonly T[]>;
}

export async function openEvidenceHouse(): Promise<EvidenceHouse> {
  const test = await startTestGateway();
  const { database } = test;
  const truth = async <T>(statement: string): Promise<readonly T[]> => (await sql<T>`${sql.raw(statement)}`.execute(database.owner)).rows;
  const tenants = (await truth<{ id: string }>('select id::text from product.tenant order by id limit 3')).map(({ id }) => id);
  const [policy] = await truth<{ hash: string }>('select hash from gateway.policy_version');
  const log = createAuditLog({ db: database.app, policy: { hash: policy?.hash ?? '' }, environment: 'test', roles: ROLES });
  const person = test.personWith('support-viewer', 'tenant');
  await sql`
    insert into gateway.access_grant (id, staff_id, role, is_global, tenant_ids, reason)
    select ${randomUUID()}, id, 'compliance-auditor', false, ${[tenants[0] ?? '']}::text[], 'test' from gateway.staff where email = ${person.email}`.execute(database.owner);
  return {
    test,
    auditor: await test.asRole('compliance-auditor'),
    ofOne: await test.as(person),
    tenants,
    log,
    write: async (draft) => (await log.record(refund({ target: { type: 'invoice', id: 'invoice-1' }, ...draft }))).id,
    truth,
  };
}
