import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { CONNECTIONS } from './colleagues.ts';

/** One thing that is asked of all three servers, in the same words. */
export interface Operation {
  readonly name: string;
  /** The row of the table. */
  readonly title: string;
  readonly role: 'support-operator' | 'billing-operator' | 'compliance-auditor';
  readonly document: string;
  /** Values of the variables, for each connection its own, so that no two ask for the same row at once. */
  readonly variables: readonly (readonly Readonly<Record<string, unknown>>[])[];
  /** What reading or acting leaves on the log of the gateway, one event for each request; null where nothing. */
  readonly event: string | null;
  /** Whether the two without checks also write such a row for each request. */
  readonly othersRecord: boolean;
  /** What differs from answer to answer: left out where the three are compared. */
  readonly volatile: readonly string[];
  /** Of ours alone, beside the same row of the others. */
  readonly withKey?: boolean;
}

const INVOICE = `query Invoice($id: ID!) {
  invoice(id: $id) { id number status currency total amountPaid issuedAt dueAt }
}`;
const INVOICE_CONTACT = `query InvoiceContact($id: ID!) {
  invoice(id: $id) { id number status currency total amountPaid issuedAt dueAt billingContactName billingContactEmail }
}`;
const TENANTS = `query Tenants($after: DateTime!) {
  tenants(first: 50, filter: { createdAt: { lt: $after } }, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
    nodes {
      id code name plan status healthScore memberCount
      owner { id reference state }
      invoices(first: 3) { id number status total }
    }
  }
}`;
const PEOPLE = `query People($state: PersonState!, $before: DateTime!) {
  people(first: 100, filter: { state: { eq: $state }, createdAt: { lt: $before } }, orderBy: [{ field: LAST_SIGN_IN_AT, direction: DESC }]) {
    totalCount
    nodes { id reference state locale mfaEnabled mfaMethod lastSignInAt createdAt }
  }
}`;
/** One audited mutation below the limit of a step-up. */
export const ADJUST_CREDIT = `mutation AdjustCredit($input: AdjustCreditInput!) {
  adjustCredit(input: $input) { status correlationId auditEventId tenant { id code creditBalance version } }
}`;
const TRAIL = `query Trail($correlationId: ID!) {
  auditTrail(correlationId: $correlationId) {
    correlationId startedAt endedAt
    steps { id time kind outcome reasonCode surface actorId actorName action permission tenantId targetType targetId reason ticket stepUpId }
  }
}`;
const EVENTS = `query Events($tenant: ID!, $action: String!, $since: DateTime!) {
  auditEvents(first: 50, filter: { tenantId: { eq: $tenant }, action: { eq: $action }, time: { gte: $since } }, orderBy: [{ field: TIME, direction: DESC }]) {
    nodes { id time kind outcome reasonCode correlationId action targetType targetId actorId actorName ticket }
  }
}`;

const REQUESTS_PER_CONNECTION = 100;

/** Deals rows out to the connections, each once. */
function deal<Row, Value>(rows: readonly Row[], make: (row: Row) => Value): Value[][] {
  if (rows.length < CONNECTIONS) throw new Error('Too few rows to ask for');
  return Array.from({ length: CONNECTIONS }, (_, connection) => rows.filter((_row, index) => index % CONNECTIONS === connection).map(make));
}

/** The operations with what they ask for, chosen once from the seeded rows. */
export async function chooseOperations(owner: Kysely<unknown>): Promise<readonly Operation[]> {
  const amount = CONNECTIONS * REQUESTS_PER_CONNECTION;
  const { rows: invoices } = await sql<{ id: string }>`select id from product.invoice order by md5(id::text) limit ${amount}`.execute(owner);
  const { rows: days } = await sql<{ at: string }>`select created_at as at from product.tenant order by created_at desc offset 100 limit ${amount}`.execute(owner);
  const { rows: openTenants } = await sql<{ id: string }>`select id from product.tenant where status = 'active' order by md5(id::text) limit ${amount}`.execute(owner);
  const { rows: stories } = await sql<{ correlationId: string }>`
    select correlation_id as "correlationId" from audit.event where reason_code = 'STEP_UP_REQUIRED' order by md5(id::text) limit ${amount}`.execute(owner);
  const { rows: acts } = await sql<{ tenant: string; action: string; since: string }>`
    select tenant_id as tenant, action, min(time) as since from audit.event where reason_code = 'STEP_UP_REQUIRED' group by 1, 2 order by md5(tenant_id || action) limit ${amount}`.execute(
    owner,
  );
  const asked = { event: null, othersRecord: false, volatile: [] } as const;
  const personal = {
    name: 'InvoiceContact',
    role: 'billing-operator',
    document: INVOICE_CONTACT,
    variables: deal(invoices, ({ id }) => ({ id })),
    event: 'access.personal-fields.read',
    volatile: [],
  } as const;
  const trail = {
    name: 'Trail',
    role: 'compliance-auditor',
    document: TRAIL,
    variables: deal(stories, (story) => ({ ...story })),
    event: 'audit.events.read',
    volatile: [],
  } as const;
  const events = { name: 'Events', role: 'compliance-auditor', document: EVENTS, variables: deal(acts, (act) => ({ ...act })), event: 'audit.events.read', volatile: [] } as const;
  const adjust = {
    name: 'AdjustCredit',
    role: 'billing-operator',
    document: ADJUST_CREDIT,
    variables: deal(openTenants, ({ id }) => ({
      input: { id, amount: '1000.00', memo: 'Compensation', justification: { reason: 'Compensation agreed with the customer', ticket: 'SUP-4711' } },
    })),
    event: 'billing.credit.adjusted',
    // Their transaction writes the event itself.
    othersRecord: false,
    volatile: ['correlationId', 'auditEventId', 'creditBalance', 'version'],
  } as const;
  return [
    { ...asked, name: 'Invoice', title: 'one record, 8 fields', role: 'billing-operator', document: INVOICE, variables: deal(invoices, ({ id }) => ({ id })) },
    {
      ...asked,
      name: 'Tenants',
      title: '50 tenants, owner, member count, 3 invoices each',
      role: 'support-operator',
      document: TENANTS,
      variables: deal(days, ({ at }) => ({ after: at })),
    },
    {
      ...asked,
      name: 'People',
      title: '100 people filtered, sorted, total',
      role: 'support-operator',
      document: PEOPLE,
      variables: deal(days, ({ at }) => ({ state: 'LOCKED', before: at })),
    },
    { ...adjust, title: 'audited mutation' },
    { ...adjust, title: 'audited mutation with an idempotency key (others: without)', withKey: true },
    { ...trail, title: 'trail by correlation ID (others: unrecorded)', othersRecord: false },
    { ...trail, title: 'trail by correlation ID, each reading recorded', othersRecord: true },
    { ...events, title: 'tenant + action + time, newest 50 (others: unrecorded)', othersRecord: false },
    { ...events, title: 'tenant + action + time, newest 50, each reading recorded', othersRecord: true },
    { ...personal, title: 'one record with 2 personal fields (others: unrecorded)', othersRecord: false },
    { ...personal, title: 'one record with 2 personal fields, each reading recorded', othersRecord: true },
  ];
}
