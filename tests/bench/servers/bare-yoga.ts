import { createServer } from 'node:http';
import DataLoader from 'dataloader';
import { type GraphQLResolveInfo, Kind } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { createHandWritten, type CreditInput, type HandWritten, type Row } from './hand-written.ts';
import { serveBench } from './serve-bench.ts';

interface Loaders {
  readonly owner: DataLoader<string, Row | null>;
  readonly memberCount: DataLoader<string, number>;
  readonly invoices: DataLoader<string, readonly Row[]>;
}

interface Context extends Loaders {
  readonly request: Request;
}

const typeDefs = /* GraphQL */ `
  scalar DateTime
  scalar Decimal
  enum OrderDirection { ASC DESC }
  enum PersonState { ACTIVE INVITED LOCKED DEACTIVATED }
  enum TenantOrderField { CREATED_AT }
  enum PersonOrderField { LAST_SIGN_IN_AT }
  enum AuditEventOrderField { TIME }
  input DateTimeFilter { lt: DateTime gte: DateTime }
  input IdFilter { eq: ID }
  input TextFilter { eq: String }
  input PersonStateFilter { eq: PersonState }
  input TenantFilter { createdAt: DateTimeFilter }
  input PersonFilter { state: PersonStateFilter createdAt: DateTimeFilter }
  input AuditEventFilter { tenantId: IdFilter action: TextFilter time: DateTimeFilter }
  input TenantOrder { field: TenantOrderField! direction: OrderDirection! }
  input PersonOrder { field: PersonOrderField! direction: OrderDirection! }
  input AuditEventOrder { field: AuditEventOrderField! direction: OrderDirection! }
  input JustificationInput { reason: String! ticket: String }
  input AdjustCreditInput { id: ID! amount: Decimal! memo: String justification: JustificationInput }
  type Invoice {
    id: ID! number: String status: String currency: String total: Decimal amountPaid: Decimal issuedAt: DateTime dueAt: DateTime
    billingContactName: String billingContactEmail: String
  }
  type Person { id: ID! reference: String state: PersonState locale: String mfaEnabled: Boolean mfaMethod: String lastSignInAt: DateTime createdAt: DateTime }
  type Tenant {
    id: ID! code: String name: String plan: String status: String healthScore: Int creditBalance: Decimal version: String
    memberCount: Int owner: Person invoices(first: Int! = 10): [Invoice!]
  }
  type TenantConnection { nodes: [Tenant!]! }
  type PersonConnection { totalCount: Int! nodes: [Person!]! }
  type AuditEvent {
    id: ID! time: DateTime kind: String outcome: String reasonCode: String correlationId: ID action: String targetType: String targetId: ID actorId: ID actorName: String ticket: String
  }
  type AuditEventConnection { nodes: [AuditEvent!]! }
  type AuditStep {
    id: ID! time: DateTime! kind: String! outcome: String! reasonCode: String surface: String! actorId: ID actorName: String action: String permission: String
    tenantId: ID targetType: String targetId: ID reason: String ticket: String stepUpId: ID
  }
  type AuditTrail { correlationId: ID! startedAt: DateTime! endedAt: DateTime! steps: [AuditStep!]! }
  type AdjustCreditPayload { status: String! correlationId: ID! auditEventId: ID tenant: Tenant }
  type Query {
    invoice(id: ID!): Invoice
    tenants(first: Int, filter: TenantFilter!, orderBy: [TenantOrder!]): TenantConnection
    people(first: Int, filter: PersonFilter!, orderBy: [PersonOrder!]): PersonConnection
    auditTrail(correlationId: ID!): AuditTrail
    auditEvents(first: Int, filter: AuditEventFilter!, orderBy: [AuditEventOrder!]): AuditEventConnection
  }
  type Mutation { adjustCredit(input: AdjustCreditInput!): AdjustCreditPayload! }
`;

interface TenantsArguments {
  readonly filter: { readonly createdAt: { readonly lt: string } };
}
interface PeopleArguments {
  readonly filter: { readonly state: { readonly eq: string }; readonly createdAt: { readonly lt: string } };
}
interface EventsArguments {
  readonly filter: { readonly tenantId: { readonly eq: string }; readonly action: { readonly eq: string }; readonly time: { readonly gte: string } };
}

function createLoaders(written: HandWritten): Loaders {
  return {
    owner: new DataLoader(async (ids) => {
      const found = await written.ownersOf(ids);
      return ids.map((id) => found.get(id) ?? null);
    }),
    memberCount: new DataLoader(async (ids) => {
      const found = await written.memberCountsOf(ids);
      return ids.map((id) => found.get(id) ?? 0);
    }),
    invoices: new DataLoader(async (ids) => {
      const found = await written.invoicesOf(ids, 3);
      return ids.map((id) => found.get(id) ?? []);
    }),
  };
}

const asksForContact = (info: GraphQLResolveInfo): boolean =>
  info.fieldNodes.some((node) => node.selectionSet?.selections.some((field) => field.kind === Kind.FIELD && field.name.value.startsWith('billingContact')));

// (a) GraphQL Yoga as it comes, hand-written resolvers over hand-written SQL, batched by DataLoader. It asks nobody who they are.
await serveBench(async ({ appUrl }) => {
  const written = createHandWritten(appUrl);
  const recorded = async <T>(context: Context, reading: Promise<T>): Promise<T> => {
    const value = await reading;
    const kind = context.request.headers.get('x-record');
    if (kind !== null) await written.recordReading(kind, crypto.randomUUID());
    return value;
  };
  const yoga = createYoga({
    schema: createSchema<Context>({
      typeDefs,
      resolvers: {
        Query: {
          invoice: (_root: unknown, { id }: { id: string }, context: Context, info: GraphQLResolveInfo) => recorded(context, written.invoice(id, asksForContact(info))),
          tenants: async (_root: unknown, { filter }: TenantsArguments) => ({ nodes: await written.tenants(filter.createdAt.lt) }),
          people: (_root: unknown, { filter }: PeopleArguments) => written.people(filter.state.eq.toLowerCase(), filter.createdAt.lt),
          auditTrail: (_root: unknown, { correlationId }: { correlationId: string }, context: Context) => recorded(context, written.trail(correlationId)),
          auditEvents: async (_root: unknown, { filter }: EventsArguments, context: Context) => ({
            nodes: await recorded(context, written.events(filter.tenantId.eq, filter.action.eq, filter.time.gte)),
          }),
        },
        Mutation: { adjustCredit: (_root: unknown, { input }: { input: CreditInput }) => written.adjustCredit(input) },
        Tenant: {
          owner: (tenant: Row, _args: unknown, context: Context) => context.owner.load(tenant['id'] as string),
          memberCount: (tenant: Row, _args: unknown, context: Context) => context.memberCount.load(tenant['id'] as string),
          invoices: (tenant: Row, _args: unknown, context: Context) => context.invoices.load(tenant['id'] as string),
        },
      },
    }),
    context: () => createLoaders(written),
  });
  return createServer(yoga);
});
