import { randomUUID } from 'node:crypto';
import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import type pg from 'pg';
import type { TestClient, TestGateway } from '../helpers/gateway.ts';
import { createCast, roleFor } from './acting-person.ts';
import { differences, dumpFields, type FieldDifference, storedFields } from './field-dump.ts';
import { openLedger, type LoggedEvent } from './ledger.ts';
import type { MatrixOptions } from './refusal-matrix.ts';
import { documentOf, findActs, inputOf, type PossibleAct } from './possible-acts.ts';

export interface ExecutionReport {
  /** Acts that were executed, previewed and repeated. */
  readonly executed: number;
  readonly findings: readonly { readonly action: string; readonly problem: string }[];
  readonly missing: readonly string[];
}

/** Tables that any executed act may change besides the product's own. */
const OF_THE_ACT = new Set(['gateway.idempotency', 'gateway.step_up', 'graphile_worker._private_jobs']);

/**
 * Executes every action once for each way its rules allow: preview (nothing changes), act (one event whose before and after
 * are what the database says), the same again under the same key (same answer, nothing changes).
 */
export async function runExecutionMatrix({ test, modules, only }: MatrixOptions): Promise<ExecutionReport> {
  const { registry, catalogue } = buildGatewaySchema(modules);
  const superuser = openPool({ connectionString: test.database.url, max: 2, applicationName: 'harness' });
  const owner = kyselyOn(superuser);
  const findings: { action: string; problem: string }[] = [];
  const missing: string[] = [];
  let executed = 0;
  try {
    const ledger = await openLedger(superuser);
    const cast = createCast(test);
    for (const entry of catalogue.actions) {
      if (only && !only.includes(entry.name)) continue;
      const action = registry.actions.get(entry.name);
      const role = action ? roleFor(registry, action) : null;
      if (!action || role === null) continue;
      const client = await cast(role);
      const acts = await findActs(test.database.owner, registry, action, entry, client);
      const find = (problem: string): void => void findings.push({ action: entry.name, problem });
      const possible = [acts.plain, acts.sensitive].filter((act) => act !== null);
      if (possible.length === 0) missing.push(entry.name);
      for (const act of possible) {
        const document = documentOf(entry);
        const input = inputOf(act.row, act.values);
        const start = await ledger.mark();
        const preview = await client.query(document, { input: { ...input, preview: true } });
        const previewed = await ledger.since(start);
        if (preview.data?.[entry.name]?.status !== 'PREVIEWED') find(`the preview answered ${preview.codes.join(', ')}`);
        if (previewed.changed.length > 0) find(`the preview changed ${previewed.changed.join(', ')}`);
        if (previewed.events.length !== 1 || previewed.events[0]?.outcome !== 'previewed') find(`the preview left ${previewed.events.length} events`);

        const key = randomUUID();
        const proof = act.stepUp ? { proof: await prove(client, document, input) } : {};
        const [before, mark] = [await dumpFields(owner, registry), await ledger.mark()];
        const done = await client.query(document, { input }, { idempotencyKey: key, ...proof });
        const [after, happened] = [await dumpFields(owner, registry), await ledger.since(mark)];
        const payload = done.data?.[entry.name];
        if (payload?.status !== 'EXECUTED') {
          find(`the act answered ${done.codes.join(', ')}`);
          continue;
        }
        executed += 1;
        const [event, ...more] = happened.events;
        if (!event || more.length > 0) find(`the act left ${happened.events.length} events`);
        else {
          checkFacts(event, action, act, test, client, { auditEventId: payload.auditEventId, correlationId: payload.correlationId }, find);
          await checkValues(superuser, registry, event, act, action, differences(registry, before, after), find);
        }
        const product = new Set([...registry.resources.values()].map(({ table }) => table.schema));
        for (const table of happened.changed) if (!OF_THE_ACT.has(table) && !product.has(table.split('.')[0] ?? '')) find(`the act changed ${table}`);

        const repeated = await ledger.mark();
        const again = await client.query(document, { input }, { idempotencyKey: key });
        const second = await ledger.since(repeated);
        if (again.data?.[entry.name]?.auditEventId !== payload.auditEventId) find(`the repetition answered ${again.codes.join(', ') || 'another event'}`);
        if (second.events.length > 0 || second.changed.length > 0) find(`the repetition left ${second.events.length} events and changed ${second.changed.join(', ') || 'nothing'}`);
      }
    }
  } finally {
    await superuser.end();
  }
  return { executed, findings, missing };
}

async function prove(client: TestClient, document: string, input: Readonly<Record<string, unknown>>): Promise<string> {
  const challenge = (await client.query(document, { input })).errors[0]?.extensions.challenge;
  if (!challenge) throw new Error('no challenge was issued');
  return client.stepUp(challenge);
}

type Find = (problem: string) => void;

/** Who, what, where, why, under which policy and by which confirmation (AU-3). */
function checkFacts(
  event: LoggedEvent,
  action: ActionDeclaration,
  act: PossibleAct,
  test: TestGateway,
  client: TestClient,
  answer: { readonly auditEventId: unknown; readonly correlationId: unknown },
  find: Find,
): void {
  const expected: Readonly<Record<string, unknown>> = {
    id: answer.auditEventId,
    correlation_id: answer.correlationId,
    kind: action.event.kind,
    outcome: 'ok',
    reason_code: null,
    action: action.name,
    permission: action.permission.name,
    tenant_id: act.row.tenantId,
    target_type: action.on.name,
    target_id: act.row.id,
    surface: 'console',
    reason: 'Found by the harness',
    ticket: 'TEST-1',
  };
  for (const [name, value] of Object.entries(expected)) if ((event as unknown as Record<string, unknown>)[name] !== value) find(`the event's ${name} is not what was done`);
  if (event.actor_id === null) find('the event names nobody');
  if ((event.step_up_id !== null) !== act.stepUp) find(act.stepUp ? 'the event names no confirmation' : 'the event names a confirmation that was not asked');
  if (!/^[0-9a-f]{64}$/.test(event.policy_version)) find('the event names no policy');
  if (!test.people.some(({ email }) => email === client.person.email)) find('nobody of the cast acted');
}

/** Before and after on the event against the difference between two dumps, both ways. */
async function checkValues(
  superuser: pg.Pool,
  registry: Registry,
  event: LoggedEvent,
  act: PossibleAct,
  action: ActionDeclaration,
  found: readonly FieldDifference[],
  find: Find,
): Promise<void> {
  const personal = await superuser.query<{ side: string; field: string; value: unknown }>('select side, field, value from audit.personal_value where event_id = $1', [event.id]);
  const recorded = (side: 'before' | 'after', key: string): unknown => {
    const hidden = personal.rows.find((row) => row.side === side && row.field === key);
    return hidden ? hidden.value : (event[side]?.[key] ?? null);
  };
  const keys = new Set([...Object.keys(event.before ?? {}), ...Object.keys(event.after ?? {})]);
  const keyOf = ({ resource, id, field }: FieldDifference): string => (resource.name === action.on.name && id === act.row.id ? field : `${resource.name}/${id}.${field}`);
  const byKey = new Map(found.map((difference) => [keyOf(difference), difference]));
  for (const key of keys) {
    const difference = byKey.get(key);
    if (!difference) {
      if (isStored(registry, action, key)) find(`the event tells of ${key}, which did not change`);
      continue;
    }
    for (const side of ['before', 'after'] as const) {
      if (JSON.stringify(recorded(side, key)) !== JSON.stringify(difference[side] ?? null)) find(`the event's ${side} of ${key} is not the row's`);
    }
  }
  for (const [key, difference] of byKey) {
    // Of a record that was made or removed the event may hold less than all: network addresses of sessions, times.
    if (difference.before !== undefined && difference.after !== undefined && !keys.has(key)) find(`${key} changed, and the event does not tell`);
  }
  const records = new Set([...byKey.values()].map((difference) => `${difference.resource.name}/${difference.id}`));
  for (const record of records)
    if (![...byKey].some(([key, difference]) => `${difference.resource.name}/${difference.id}` === record && keys.has(key)))
      find(`${record} changed, and the event does not name it`);
}

function isStored(registry: Registry, action: ActionDeclaration, key: string): boolean {
  const match = /^(\w+)\/[^.]+\.(\w+)$/.exec(key);
  const resource = match ? registry.resources.get(match[1] ?? '') : action.on;
  return resource !== undefined && storedFields(resource).includes(match?.[2] ?? key);
}
