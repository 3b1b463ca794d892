import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Answered, type QueryOptions, startTestGateway, type TestClient, type TestGateway, type TestGatewayOptions } from '../../helpers/gateway.ts';

export const WHY = { reason: 'Asked for by the team lead', ticket: 'OPS-7' } as const;

/** A grant as the database keeps it. */
export interface StoredGrant {
  readonly id: string;
  readonly kind: string;
  readonly role: string;
  readonly revoked: boolean;
}

export interface Given {
  readonly role: string;
  /** Everywhere unless said. */
  readonly tenants?: readonly string[];
  readonly kind?: 'standing' | 'elevation';
  readonly permissions?: readonly string[];
}

/** A gateway with the demo staff, and what tests of access do with them. */
export interface Colleagues {
  readonly test: TestGateway;
  /** IDs of tenants, in order. */
  readonly tenants: readonly string[];
  idOf(name: string): Promise<string>;
  signIn(name: string): Promise<TestClient>;
  /** Sends an act with a reason, and with the step-up where one is asked for. */
  act(client: TestClient, action: string, input: Readonly<Record<string, unknown>>, options?: QueryOptions): Promise<Answered>;
  /** The same without any step-up. */
  send(client: TestClient, action: string, input: Readonly<Record<string, unknown>>, options?: QueryOptions): Promise<Answered>;
  /** Confirms an act and answers what sends it: for races, in which the confirming must not be part of it. */
  ready(client: TestClient, action: string, input: Readonly<Record<string, unknown>>): Promise<() => Promise<Answered>>;
  /** Files an act that takes two and has it approved. Answers the ID of the request. */
  actWith(approver: TestClient, client: TestClient, action: string, input: Readonly<Record<string, unknown>>): Promise<string>;
  /** Approves as somebody else, with step-up. */
  approve(client: TestClient, requestId: string): Promise<Answered>;
  /** A live grant, written as owner: what acts are tried against. Answers its ID. */
  give(name: string, grant: Given): Promise<string>;
  /** Every grant of a person, oldest first. */
  grantsOf(name: string): Promise<readonly StoredGrant[]>;
  stateOf(name: string): Promise<string>;
  close(): Promise<void>;
}

const PAYLOADS: Readonly<Record<string, string>> = {
  inviteStaff: 'staffMember { id state } enrolmentLink',
  disableStaff: 'staffMember { id state }',
  enableStaff: 'staffMember { id state } approvalRequest { id }',
  renewEnrolment: 'staffMember { id state } approvalRequest { id }',
  makeEnrolmentLink: 'staffMember { id state } enrolmentLink',
  approveRequest: 'approvalRequest { id }',
  cancelRequest: 'approvalRequest { id }',
};

const documentFor = (action: string): string => {
  const type = `${action.charAt(0).toUpperCase()}${action.slice(1)}Input`;
  const record = PAYLOADS[action] ?? 'accessGrant { id state kind expiresAt } approvalRequest { id }';
  return `mutation Act($input: ${type}!) { ${action}(input: $input) { status correlationId auditEventId ${record} } }`;
};

/** What an act answered. @throws where it was refused. */
export function answerOf(answer: Answered, action: string): NonNullable<Answered['data']>[string] {
  const payload = answer.data?.[action];
  if (!payload) throw new Error(`${action}: ${answer.codes.join()}`);
  return payload;
}

export async function openColleagues(options: TestGatewayOptions = {}): Promise<Colleagues> {
  const test = await startTestGateway(options);
  const { owner } = test.database;
  const { rows } = await sql<{ id: string }>`select id from product.tenant where risk_tier <> 'high' order by id limit 5`.execute(owner);
  const idOf = async (name: string): Promise<string> => {
    const found = await sql<{ id: string }>`select id from gateway.staff where display_name = ${name}`.execute(owner);
    if (!found.rows[0]) throw new Error(`Nobody is called ${name}`);
    return found.rows[0].id;
  };
  const act: Colleagues['act'] = (client, action, input, how) => client.act(documentFor(action), { input: { justification: WHY, ...input } }, how);
  const approve: Colleagues['approve'] = async (client, requestId) => {
    const { rows: shown } = await sql<{ digest: string }>`select shown_digest as digest from gateway.approval_request where id = ${requestId}`.execute(owner);
    return client.act(documentFor('approveRequest'), { input: { id: requestId, shownDigest: shown[0]?.digest, justification: { reason: 'Looked at it' } } });
  };
  return {
    test,
    tenants: rows.map(({ id }) => id),
    idOf,
    async signIn(name) {
      const person = test.people.find(({ displayName }) => displayName === name);
      if (!person) throw new Error(`No demo person is called ${name}`);
      return test.as(person);
    },
    act,
    send: (client, action, input, how) => client.query(documentFor(action), { input: { justification: WHY, ...input } }, how),
    async ready(client, action, input) {
      const variables = { input: { justification: WHY, ...input } };
      const asked = (await client.query(documentFor(action), variables)).errors[0]?.extensions;
      if (!asked?.challenge) throw new Error(`${action} asked for no code: ${asked?.code}`);
      // People confirm a few acts a day; one who confirms hundreds would run out of attempts.
      await sql`delete from gateway.attempt_budget`.execute(owner);
      const proof = await client.stepUp(asked.challenge);
      return () => client.query(documentFor(action), variables, { proof });
    },
    async actWith(approver, client, action, input) {
      const filed = await act(client, action, input);
      const { status, approvalRequest } = answerOf(filed, action);
      if (status !== 'PENDING_APPROVAL') throw new Error(`${action}: ${status}`);
      const approved = await approve(approver, approvalRequest.id);
      if (approved.codes.length > 0) throw new Error(`${action} was not approved: ${approved.codes.join()}`);
      return approvalRequest.id;
    },
    approve,
    async give(name, { role, tenants = [], kind = 'standing', permissions }) {
      const id = randomUUID();
      await sql`
        insert into gateway.access_grant (id, staff_id, kind, role, permissions, is_global, tenant_ids, reason, expires_at, minutes)
        values (${id}, ${await idOf(name)}, ${kind}, ${role}, ${permissions ? [...permissions] : null}::text[], ${tenants.length === 0}, ${[...tenants]}::text[], 'test',
          clock_timestamp() + interval '1 hour', 60)`.execute(owner);
      return id;
    },
    async grantsOf(name) {
      const found = await sql<StoredGrant>`
        select id, kind, role, revoked_at is not null as revoked from gateway.access_grant where staff_id = ${await idOf(name)} order by created_at, id`.execute(owner);
      return found.rows;
    },
    async stateOf(name) {
      const found = await sql<{ state: string }>`select state from gateway.staff where id = ${await idOf(name)}`.execute(owner);
      return found.rows[0]?.state ?? '';
    },
    close: test.close,
  };
}
