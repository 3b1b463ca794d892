import { randomUUID } from 'node:crypto';
import type { Cadence, ReviewKind } from '@sallyport/schema/modules/reviews/access-review.resource.ts';
import { modules } from '@sallyport/schema/index.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import { createAuditLog, type GatewayAuditLog } from '@sallyport/server/audit/audit-log.ts';
import type { DemoPerson } from '@sallyport/server/auth/seed-demo-staff.ts';
import { type Kysely, sql } from 'kysely';
import { type Answered, startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

export const registry = registerModules(modules);

/** A campaign's item, straight from its row. */
export interface ItemRow {
  readonly id: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly staff_id: string;
  readonly title: string;
  readonly role: string | null;
  readonly last_used_at: string | null;
  readonly used_permissions: string[];
  readonly unused_permissions: string[];
  readonly decision: string | null;
  readonly outcome: string | null;
}

export interface Campaign {
  readonly id: string;
  readonly correlationId: string;
}

export interface ReviewScene {
  readonly gateway: TestGateway;
  readonly owner: Kysely<unknown>;
  /** The log as another process of the gateway writes it. */
  readonly audit: GatewayAuditLog;
  /** Compliance, who owns the campaigns here. */
  readonly auditor: TestClient;
  idOf(person: DemoPerson): Promise<string>;
  start(input: { readonly kind: ReviewKind; readonly cadence?: Cadence; readonly role?: string; readonly tenants?: readonly string[] }, by?: TestClient): Promise<Campaign>;
  itemsOf(campaign: Campaign): Promise<readonly ItemRow[]>;
  itemOf(campaign: Campaign, person: DemoPerson): Promise<ItemRow>;
  decide(client: TestClient, action: 'keepAccess' | 'revokeAccess', itemId: string): Promise<Answered>;
  /** As though the deadline had been a second ago. */
  passDeadline(campaign: Campaign): Promise<void>;
  isLive(grantId: string): Promise<boolean>;
  close(): Promise<void>;
}

export const START = `mutation Start($input: StartAccessReviewInput!) { startAccessReview(input: $input) { status correlationId accessReview { id } } }`;
const decision = (action: string): string =>
  `mutation Decide($input: ${action.charAt(0).toUpperCase()}${action.slice(1)}Input!) { ${action}(input: $input) { status auditEventId correlationId accessReviewItem { id state } } }`;

export async function openReviewScene(): Promise<ReviewScene> {
  const gateway = await startTestGateway();
  const { owner, app } = gateway.database;
  const audit = createAuditLog({ db: app, policy: { hash: 'b'.repeat(64) }, environment: 'test', roles: registry.roles });
  const auditor = await gateway.asRole('compliance-auditor');
  const idOf = async (person: DemoPerson): Promise<string> => {
    const { rows } = await sql<{ id: string }>`select id from gateway.staff where email = ${person.email}`.execute(owner);
    return rows[0]?.id ?? '';
  };
  const itemsOf: ReviewScene['itemsOf'] = async ({ id }) => {
    const { rows } = await sql<ItemRow>`select *, snapshot ->> 'role' as role from gateway.access_review_item where review_id = ${id} order by title, id`.execute(owner);
    return rows;
  };
  return {
    gateway,
    owner,
    audit,
    auditor,
    idOf,
    itemsOf,
    async start(input, by = auditor) {
      const correlationId = randomUUID();
      const variables = { title: `Review ${correlationId.slice(0, 8)}`, owner: await idOf(by.person), cadence: 'ONCE', ...input, justification: { reason: 'The quarter is over' } };
      const shaped = { ...variables, kind: enumName(input.kind), cadence: enumName(input.cadence ?? 'once'), ...(input.role ? { role: enumName(input.role) } : {}) };
      const answer = await by.act(START, { input: shaped }, { correlationId });
      const id = answer.data?.['startAccessReview']?.accessReview?.id;
      if (typeof id !== 'string') throw new Error(`The campaign did not start: ${JSON.stringify(answer.errors)}`);
      return { id, correlationId };
    },
    async itemOf(campaign, person) {
      const staffId = await idOf(person);
      const found = (await itemsOf(campaign)).find((item) => item.staff_id === staffId);
      if (!found) throw new Error(`${person.displayName} is not under review`);
      return found;
    },
    decide: (client, action, itemId) => client.query(decision(action), { input: { id: itemId, justification: { reason: 'Looked at it' } } }),
    async passDeadline({ id }) {
      await sql`update gateway.access_review set deadline = clock_timestamp() - interval '1 second' where id = ${id}`.execute(owner);
    },
    async isLive(grantId) {
      const { rows } = await sql`select 1 from gateway.access_grant where id = ${grantId} and revoked_at is null`.execute(owner);
      return rows.length > 0;
    },
    close: () => gateway.close(),
  };
}

const enumName = (value: string): string => value.replaceAll('-', '_').toUpperCase();

/** Events of a campaign's story, in the order of the log. */
export async function storyOf(
  owner: Kysely<unknown>,
  { correlationId }: Campaign,
): Promise<readonly { kind: string; outcome: string; actor_id: string | null; target_type: string | null; target_id: string | null }[]> {
  const { rows } = await sql<{ kind: string; outcome: string; actor_id: string | null; target_type: string | null; target_id: string | null }>`
    select kind, outcome, actor_id, target_type, target_id from audit.event where correlation_id = ${correlationId} order by sequence`.execute(owner);
  return rows;
}

/** Gives a person of the demo a further role everywhere, as owner of the database. */
export async function giveRole(owner: Kysely<unknown>, staffId: string, role: string): Promise<string> {
  const id = randomUUID();
  await sql`insert into gateway.access_grant (id, staff_id, role, is_global, reason) values (${id}, ${staffId}, ${role}, true, 'A test')`.execute(owner);
  return id;
}
