import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { personOf } from './gateway-process.ts';
import { type Imbalance, openBalance } from './write-balance.ts';
import type { WireClient } from './wire-client.ts';
import { openWireScene, type WireSceneOptions } from './wire-scene.ts';

/** One thing that a writer wants done exactly once. */
interface Order {
  readonly document: string;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly correlationId: string;
  readonly key: string;
  /** Event named in the answer; null until there was one. */
  acknowledged: string | null;
  attempts: number;
}

export interface KillReport {
  readonly kills: number;
  readonly orders: number;
  /** Orders that were cut off at least once and sent again under their key. */
  readonly repeated: number;
  /** Counts from SQL, summed over every look: after each kill before the restart, and at the end. */
  readonly imbalance: Imbalance;
  readonly acknowledgedButLost: number;
  /** Orders whose effect is not there exactly once at the end. */
  readonly notOnce: number;
  /** Answers other than success and a lost connection. */
  readonly unexpected: readonly string[];
}

const WRITERS = 8;
/** Codes after which the same request is sent again. */
const AGAIN = new Set(['UNAVAILABLE', 'OUTCOME_UNKNOWN', 'AUDIT_UNAVAILABLE']);

const ADJUST = 'mutation Act($input: AdjustCreditInput!) { adjustCredit(input: $input) { status auditEventId } }';
const RESEND = 'mutation Act($input: ResendInvoiceInput!) { resendInvoice(input: $input) { status auditEventId } }';

/**
 * Kills the gateway (SIGKILL) at random instants while eight writers book credit and resend invoices, starts it anew, lets every
 * writer repeat what it got no answer to under the same key, and counts by SQL: changes without event, events without change,
 * acknowledgements without effect, effects that came twice (THREATS K01, H06, Inv1).
 */
export async function runKillScenario(options: WireSceneOptions & { readonly kills: number; readonly onKill?: (kill: number, found: Imbalance) => void }): Promise<KillReport> {
  const scene = await openWireScene(options);
  const { superuser } = scene;
  const orders: Order[] = [];
  const unexpected: string[] = [];
  let running = true;
  let up: Promise<string> = Promise.resolve(scene.processes[0]?.url ?? '');
  try {
    const balance = await openBalance(superuser);
    const tenants = await idsOf(superuser, `select id from product.tenant where status in ('active', 'trial') order by name limit 12`);
    const invoices = await idsOf(superuser, `select id from product.invoice where status = 'open' order by number limit 12`);
    const person = personOf(scene.people, 'billing-operator');
    const clients: WireClient[] = [];
    for (let at = 0; at < WRITERS; at += 1) {
      const client = scene.client(person);
      await client.signIn();
      clients.push(client);
    }
    const fulfil = async (client: WireClient, order: Order): Promise<void> => {
      while (order.acknowledged === null) {
        client.at(await up);
        order.attempts += 1;
        try {
          const { code, body } = await client.mutate(order.document, order.input, { 'idempotency-key': order.key, 'x-correlation-id': order.correlationId });
          order.acknowledged = body.data?.[order.action]?.auditEventId ?? null;
          if (order.acknowledged !== null || (code !== null && AGAIN.has(code))) continue;
          unexpected.push(`${order.action}: ${code}`);
          return;
        } catch {
          // The connection was cut: whether the act was done is not known.
          await wait(10);
        }
      }
    };
    const write = async (client: WireClient, at: number): Promise<void> => {
      for (let turn = at; running; turn += 1) {
        const order = at % 4 === 3 ? resend(invoices[turn % invoices.length] ?? '') : adjust(tenants[turn % tenants.length] ?? '');
        orders.push(order);
        await fulfil(client, order);
      }
    };
    const acknowledged = (): number => orders.filter((order) => order.acknowledged !== null).length;
    const writers = Promise.all(clients.map(write));
    for (let kill = 1; kill <= options.kills; kill += 1) {
      // Writing is under way again, then at any instant.
      const answered = acknowledged();
      while (acknowledged() < answered + WRITERS && unexpected.length === 0) await wait(5);
      await wait(randomInt(0, 800));
      let settle: (url: string) => void = () => undefined;
      up = new Promise((resolve) => (settle = resolve));
      await scene.processes.pop()?.end('SIGKILL');
      await backendsGone(superuser);
      options.onKill?.(kill, await balance.look());
      settle((await scene.start()).url);
    }
    await wait(200);
    running = false;
    await writers;
    await balance.look();
    const effects = await countEffects(superuser, orders);
    return {
      kills: options.kills,
      orders: orders.length,
      repeated: orders.filter(({ attempts }) => attempts > 1).length,
      imbalance: balance.worst(),
      acknowledgedButLost: orders.filter((order) => order.acknowledged !== null && (effects.get(order.correlationId) ?? 0) === 0).length,
      notOnce: orders.filter((order) => effects.get(order.correlationId) !== 1).length,
      unexpected,
    };
  } finally {
    running = false;
    await scene.close();
  }
}

const order = (document: string, action: string, input: Readonly<Record<string, unknown>>): Order => ({
  document,
  action,
  input,
  correlationId: randomUUID(),
  key: randomUUID(),
  acknowledged: null,
  attempts: 0,
});
const adjust = (id: string): Order => order(ADJUST, 'adjustCredit', { id, amount: '1.00', memo: 'Kill harness', justification: { reason: 'Kill harness', ticket: 'TEST-4' } });
const resend = (id: string): Order => order(RESEND, 'resendInvoice', { id });

async function idsOf(pool: pg.Pool, statement: string): Promise<readonly string[]> {
  return (await pool.query<{ id: string }>(statement)).rows.map(({ id }) => id);
}

/** A killed client's backends finish what they were at: only then the database says what became of it. */
async function backendsGone(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ left: number }>(
      `select count(*)::int as left from pg_stat_activity where datname = current_database() and application_name <> 'harness' and backend_type = 'client backend'`,
    );
    if (rows[0]?.left === 0) return;
    await wait(10);
  }
}

/** Effects by correlation ID: an entry in the books, or an event of a resend (whose counter the balance compares). */
async function countEffects(pool: pg.Pool, orders: readonly Order[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ correlation: string; effects: number }>(
    `select correlation, count(*)::int as effects from (
       select correlation_id::text as correlation from product.credit_entry where correlation_id is not null
       union all select correlation_id from audit.event where kind = 'billing.invoice.resent' and outcome = 'ok') effect
     where correlation = any($1::text[]) group by 1`,
    [orders.map(({ correlationId }) => correlationId)],
  );
  return new Map(rows.map(({ correlation, effects }) => [correlation, effects]));
}
