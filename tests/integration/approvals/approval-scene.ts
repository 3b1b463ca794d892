import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { booked, openTenants } from '../../harness/demo-acts.ts';
import { type Answered, type QueryOptions, startTestGateway, type TestClient, type TestGateway, type TestGatewayOptions } from '../../helpers/gateway.ts';

export const FILE = `mutation Act($input: AdjustCreditInput!) { adjustCredit(input: $input) {
  status correlationId auditEventId approvalRequest { id state shownDigest requesterId tenantId expiresAt oddities rule }
  approvalPlan { when { en } alternatives { approver quorum } denials expiresAfterMinutes approvers { id displayName } }
  changes { resource field before after masked } tenant { id } } }`;
export const APPROVE =
  'mutation Act($input: ApproveRequestInput!) { approveRequest(input: $input) { status correlationId auditEventId approvalRequest { id } changes { field after } } }';
export const DENY = 'mutation Act($input: DenyRequestInput!) { denyRequest(input: $input) { status auditEventId } }';
export const CANCEL = 'mutation Act($input: CancelRequestInput!) { cancelRequest(input: $input) { status auditEventId } }';

/** Above the limit from which credit needs a second person. */
export const LARGE = '250000001.00';
const because = { reason: 'Tried by a test', ticket: 'TEST-6' };

export interface FiledRequest {
  readonly id: string;
  readonly correlationId: string;
  readonly tenantId: string;
  readonly shownDigest: string;
}

/** A gateway with people who ask and people who may approve, and a tenant of its own for each request. */
export interface ApprovalScene {
  readonly test: TestGateway;
  /** Asks; a billing operator everywhere. */
  readonly dewi: TestClient;
  /** Approves; a platform admin everywhere. */
  readonly siti: TestClient;
  /** Approves too, by a grant that nobody of the others gave. */
  readonly putri: TestClient;
  nextTenant(): string;
  file(options?: { readonly amount?: string; readonly tenantId?: string; readonly by?: TestClient; readonly request?: QueryOptions }): Promise<FiledRequest>;
  /** Approves as shown; a code is given where one is asked for. */
  approve(client: TestClient, request: Pick<FiledRequest, 'id' | 'shownDigest'>, options?: QueryOptions): Promise<Answered>;
  deny(client: TestClient, id: string): Promise<Answered>;
  cancel(client: TestClient, id: string): Promise<Answered>;
  stateOf(id: string): Promise<string | null>;
  causeOf(id: string): Promise<string | null>;
  /** Entries in the books that came of a request. */
  booked(request: FiledRequest): Promise<number>;
  staffId(client: Pick<TestClient, 'person'>): Promise<string>;
  /** Gives a grant past the gateway, as rows that stood before. */
  grant(
    client: Pick<TestClient, 'person'>,
    role: string,
    more?: { readonly tenants?: readonly string[]; readonly grantedBy?: string; readonly approvalId?: string; readonly daysAgo?: number },
  ): Promise<string>;
  revoke(grantId: string): Promise<void>;
  /** Changes rows that nobody can change through the gateway, as a superuser who has switched the fences off. */
  tamper(statement: string, values: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

export async function openApprovalScene(options: TestGatewayOptions = {}): Promise<ApprovalScene> {
  const test = await startTestGateway({ tenants: 40, ...options });
  const { owner } = test.database;
  const staffId: ApprovalScene['staffId'] = async ({ person }) => {
    const { rows } = await sql<{ id: string }>`select id from gateway.staff where email = ${person.email}`.execute(owner);
    return rows[0]?.id ?? '';
  };
  const grant: ApprovalScene['grant'] = async (client, role, { tenants = [], grantedBy, approvalId, daysAgo = 0 } = {}) => {
    const id = randomUUID();
    await sql`
      insert into gateway.access_grant (id, staff_id, role, is_global, tenant_ids, reason, granted_by, approval_id, created_at)
      values (${id}, ${await staffId(client)}, ${role}, ${tenants.length === 0}, ${[...tenants]}::text[], 'test', ${grantedBy ?? null}, ${approvalId ?? null},
        clock_timestamp() - make_interval(days => ${daysAgo}))`.execute(owner);
    return id;
  };
  const [dewi, siti, putri] = [await test.asRole('billing-operator'), await test.asRole('platform-admin'), await test.asRole('customer-success')];
  await grant(putri, 'platform-admin');
  const tenants = [...(await openTenants(test))];
  const nextTenant = (): string => {
    const next = tenants.pop();
    if (next === undefined) throw new Error('The scene has no tenant left');
    return next;
  };
  const ofEnding = async (id: string, column: 'state' | 'cause'): Promise<string | null> => {
    const { rows } = await sql<{ told: string | null }>`select ${sql.id(column)} as told from gateway.approval_ending where request_id = ${id}`.execute(owner);
    return rows[0]?.told ?? null;
  };
  return {
    test,
    dewi,
    siti,
    putri,
    nextTenant,
    staffId,
    grant,
    async file({ amount = LARGE, tenantId = nextTenant(), by = dewi, request = {} } = {}) {
      const answer = await by.act(FILE, { input: { id: tenantId, amount, justification: because } }, request);
      const filed = answer.data?.['adjustCredit'];
      if (filed?.status !== 'PENDING_APPROVAL') throw new Error(`nothing was filed: ${answer.codes.join()} ${filed?.status}`);
      return { id: filed.approvalRequest.id, correlationId: filed.correlationId, tenantId, shownDigest: filed.approvalRequest.shownDigest };
    },
    approve: (client, { id, shownDigest }, request) => client.act(APPROVE, { input: { id, shownDigest, justification: { reason: 'Looks right' } } }, request),
    deny: (client, id) => client.act(DENY, { input: { id, justification: { reason: 'Looks wrong' } } }),
    cancel: (client, id) => client.act(CANCEL, { input: { id } }),
    stateOf: (id) => ofEnding(id, 'state'),
    causeOf: (id) => ofEnding(id, 'cause'),
    booked: ({ correlationId }) => booked(test, correlationId),
    async revoke(grantId) {
      await sql`update gateway.access_grant set revoked_at = clock_timestamp() where id = ${grantId}`.execute(owner);
    },
    async tamper(statement, values) {
      const client = new pg.Client({ connectionString: test.database.url });
      await client.connect();
      try {
        await client.query('set session_replication_role = replica');
        await client.query(statement, [...values]);
      } finally {
        await client.end();
      }
    },
    close: () => test.close(),
  };
}
