import { randomUUID } from 'node:crypto';
import { openPool } from '@sallyport/server/db/connect.ts';
import type pg from 'pg';

/** SQL as somebody writes it who needs no checks: the same rows and values as the gateway answers, in as few statements as are natural. */
export type Row = Readonly<Record<string, unknown>>;

export interface HandWritten {
  invoice(id: string, withContact: boolean): Promise<Row | null>;
  tenants(before: string): Promise<readonly Row[]>;
  ownersOf(tenantIds: readonly string[]): Promise<ReadonlyMap<string, Row>>;
  memberCountsOf(tenantIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  invoicesOf(tenantIds: readonly string[], first: number): Promise<ReadonlyMap<string, readonly Row[]>>;
  people(state: string, before: string): Promise<{ readonly totalCount: number; readonly nodes: readonly Row[] }>;
  adjustCredit(input: CreditInput): Promise<Row>;
  trail(correlationId: string): Promise<Row | null>;
  events(tenantId: string, action: string, since: string): Promise<readonly Row[]>;
  /** A row on the log for one reading, in a commit of its own. */
  recordReading(kind: string, correlationId: string): Promise<void>;
}

export interface CreditInput {
  readonly id: string;
  readonly amount: string;
  readonly memo: string;
  readonly justification: { readonly reason: string; readonly ticket: string };
}

export const POOL_SIZE = 10;

/** All statements are prepared once a connection, as the gateway's are. */
const statement = (name: string, text: string) => (values: readonly unknown[]) => ({ name, text, values: [...values] });

const INVOICE_COLUMNS = `id, number, upper(status) as status, currency, total, amount_paid as "amountPaid", issued_at as "issuedAt", due_at as "dueAt"`;
const invoiceById = statement('invoice', `select ${INVOICE_COLUMNS} from product.invoice where id = $1`);
const invoiceWithContact = statement(
  'invoice_contact',
  `select ${INVOICE_COLUMNS}, contact_name as "billingContactName", contact_email as "billingContactEmail" from product.invoice where id = $1`,
);
const tenantPage = statement(
  'tenants',
  `select id, code, name, upper(plan) as plan, upper(status) as status, health_score as "healthScore"
   from product.tenant where created_at < $1 order by created_at desc, id desc limit 50`,
);
const owners = statement(
  'owners',
  `select t.id as "tenantId", p.id, p.reference, upper(p.state) as state from unnest($1::uuid[]) as t(id)
   cross join lateral (select person_id from product.membership m where m.tenant_id = t.id and org_role = 'owner' order by joined_at, person_id limit 1) as m
   join product.person p on p.id = m.person_id`,
);
const memberCounts = statement('member_counts', `select tenant_id as "tenantId", count(*)::int as total from product.membership where tenant_id = any($1::uuid[]) group by 1`);
const newestInvoices = statement(
  'newest_invoices',
  `select t.id as "tenantId", i.* from unnest($1::uuid[]) as t(id)
   cross join lateral (select id, number, upper(status) as status, total from product.invoice where tenant_id = t.id order by issued_at desc, id desc limit $2) as i`,
);
const peoplePage = statement(
  'people',
  `select id, reference, upper(state) as state, upper(locale) as locale, mfa_enabled as "mfaEnabled", upper(mfa_method) as "mfaMethod",
     last_sign_in_at as "lastSignInAt", created_at as "createdAt"
   from product.person where state = $1 and created_at < $2 order by last_sign_in_at desc, id desc limit 100`,
);
const peopleTotal = statement('people_total', `select count(*)::int as total from product.person where state = $1 and created_at < $2`);
const moveBalance = statement(
  'move_balance',
  `update product.tenant set credit_balance = credit_balance + $2::numeric where id = $1 and credit_balance + $2::numeric >= 0
   returning id, code, credit_balance as "creditBalance", version::text as version, currency`,
);
const bookEntry = statement(
  'book_entry',
  `insert into product.credit_entry (tenant_id, kind, amount, balance_after, currency, memo, correlation_id, booked_at)
   values ($1, 'adjustment', $2, $3, $4, $5, $6, clock_timestamp()) returning id, reference`,
);
const sendMessage = statement('send_message', `select graphile_worker.add_job('deliver-message', $1::json, max_attempts := 25)`);
const EVENT_COLUMNS = `id, format_version, time, correlation_id, kind, outcome, surface, environment, policy_version, actor_id, actor_name`;
const insertAct = statement(
  'insert_act',
  `insert into audit.event (${EVENT_COLUMNS}, action, permission, effect, reach, tier, tenant_id, target_type, target_id, reason, ticket, before, after, canonical, retention)
   values ($1, 1, clock_timestamp(), $2, $3, 'ok', 'api', 'bench', 'none', $4, $5, 'adjustCredit', 'billing.credit.adjust', 'write', 'tenant', 'privileged', $6, 'tenant', $6, $7, $8, $9, $10, $11, 'act')`,
);
const insertReading = statement(
  'insert_reading',
  `insert into audit.event (${EVENT_COLUMNS}, detail, canonical, retention) values ($1, 1, clock_timestamp(), $2, $3, 'ok', 'api', 'bench', 'none', $4, $5, $6, $7, 'act')`,
);
const trailEvents = statement(
  'trail',
  `select id, time, kind, outcome, reason_code as "reasonCode", surface, actor_id as "actorId", actor_name as "actorName", action, permission,
     tenant_id as "tenantId", target_type as "targetType", target_id as "targetId", reason, ticket, step_up_id as "stepUpId"
   from audit.event where correlation_id = $1 order by sequence`,
);
const eventPage = statement(
  'events',
  `select id, time, kind, upper(outcome) as outcome, reason_code as "reasonCode", correlation_id as "correlationId", action, target_type as "targetType", target_id as "targetId",
     actor_id as "actorId", actor_name as "actorName", ticket
   from audit.event where tenant_id = $1 and action = $2 and time >= $3 order by time desc, id desc limit 50`,
);

/** Nobody in particular: the servers without checks know no one. */
const ACTOR = { id: '00000000-0000-4000-8000-000000000001', name: 'billing-operator-0@bench.example' } as const;

export function createHandWritten(appUrl: string): HandWritten {
  const pool = openPool({ connectionString: appUrl, max: POOL_SIZE, applicationName: 'bench' });
  const rows = async (query: ReturnType<typeof invoiceById>): Promise<readonly Row[]> => (await pool.query<Row & pg.QueryResultRow>(query)).rows;
  return {
    invoice: async (id, withContact) => (await rows(withContact ? invoiceWithContact([id]) : invoiceById([id])))[0] ?? null,
    tenants: (before) => rows(tenantPage([before])),
    ownersOf: async (ids) => new Map((await rows(owners([ids]))).map((row) => [row['tenantId'] as string, row])),
    memberCountsOf: async (ids) => new Map((await rows(memberCounts([ids]))).map((row) => [row['tenantId'] as string, row['total'] as number])),
    invoicesOf: async (ids, first) => Map.groupBy(await rows(newestInvoices([ids, first])), (row) => row['tenantId'] as string),
    async people(state, before) {
      const [nodes, totals] = await Promise.all([rows(peoplePage([state, before])), rows(peopleTotal([state, before]))]);
      return { nodes, totalCount: totals[0]?.['total'] as number };
    },
    adjustCredit: (input) => adjustCredit(pool, input),
    async trail(correlationId) {
      const steps = await rows(trailEvents([correlationId]));
      return steps.length === 0 ? null : { correlationId, startedAt: steps[0]?.['time'], endedAt: steps.at(-1)?.['time'], steps };
    },
    events: (tenantId, action, since) => rows(eventPage([tenantId, action, since])),
    async recordReading(kind, correlationId) {
      const id = randomUUID();
      const detail = { conditions: ['action', 'time'] };
      const canonical = Buffer.from(JSON.stringify({ id, correlationId, kind, outcome: 'ok', actorId: ACTOR.id, actorName: ACTOR.name, detail }));
      await pool.query(insertReading([id, correlationId, kind, ACTOR.id, ACTOR.name, JSON.stringify(detail), canonical]));
    },
  };
}

/** One transaction with the rows that the gateway's own act writes: balance, ledger entry, outbox message, event. */
async function adjustCredit(pool: pg.Pool, input: CreditInput): Promise<Row> {
  const correlationId = randomUUID();
  const eventId = randomUUID();
  const client = await pool.connect();
  try {
    await client.query('begin');
    const moved = (await client.query<Row & pg.QueryResultRow>(moveBalance([input.id, input.amount]))).rows[0];
    if (!moved) throw new Error('The balance does not allow this amount');
    const entry = (await client.query<Row & pg.QueryResultRow>(bookEntry([input.id, input.amount, moved['creditBalance'], moved['currency'], input.memo, correlationId]))).rows[0];
    const before = { creditBalance: (Number(moved['creditBalance']) - Number(input.amount)).toFixed(2) };
    const after = { creditBalance: moved['creditBalance'], amount: input.amount, reference: entry?.['reference'], currency: moved['currency'], memo: input.memo };
    const { reason, ticket } = input.justification;
    const canonical = Buffer.from(
      JSON.stringify({ id: eventId, correlationId, kind: 'billing.credit.adjusted', actorId: ACTOR.id, actorName: ACTOR.name, target: input.id, reason, ticket, before, after }),
    );
    await client.query(insertAct([eventId, correlationId, 'billing.credit.adjusted', ACTOR.id, ACTOR.name, input.id, reason, ticket, before, after, canonical]));
    const message = { messageId: randomUUID(), correlationId, tenantId: input.id, payload: { template: 'credit-adjusted', tenantId: input.id, creditEntryId: entry?.['id'] } };
    await client.query(sendMessage([JSON.stringify(message)]));
    await client.query('commit');
    return {
      status: 'EXECUTED',
      correlationId,
      auditEventId: eventId,
      tenant: { id: moved['id'], code: moved['code'], creditBalance: moved['creditBalance'], version: moved['version'] },
    };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
