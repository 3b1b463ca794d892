import { randomUUID } from 'node:crypto';
import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import type { TestClient } from '../helpers/gateway.ts';
import { createCast, roleFor } from './acting-person.ts';
import { ACTING_ROLES, endEmergencies, makeRecords } from './core-records.ts';
import { checkFacts, checkValues } from './execution-checks.ts';
import { differences, dumpFields } from './field-dump.ts';
import { openLedger } from './ledger.ts';
import type { MatrixOptions } from './refusal-matrix.ts';
import { executeByApproval } from './filed-acts.ts';
import { documentOf, findActs, inputOf } from './possible-acts.ts';

export interface ExecutionReport {
  /** Acts that were executed, previewed and repeated. */
  readonly executed: number;
  readonly findings: readonly { readonly action: string; readonly problem: string }[];
  readonly missing: readonly string[];
}

/** Tables that any executed act may change besides the product's own. */
const OF_THE_ACT = new Set(['gateway.idempotency', 'gateway.step_up', 'gateway.session', 'gateway.enrolment_link', 'gateway.approval_ending']);

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
      const role = action ? (ACTING_ROLES[action.name] ?? roleFor(registry, action)) : null;
      if (!action || role === null) continue;
      const client = await cast(role);
      const records = await makeRecords(superuser, action, client, test);
      const acts = await findActs(test.database.owner, registry, action, entry, client, records);
      const find = (problem: string): void => void findings.push({ action: entry.name, problem });
      const possible = [acts.plain, acts.sensitive].filter((act) => act !== null);
      if (possible.length === 0 && !acts.forApproval) missing.push(entry.name);
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
        const [event, ...more] = happened.events.filter(({ kind }) => kind === action.event.kind);
        if (!event || more.length > 0) find(`the act left ${happened.events.length} events`);
        else {
          const recordId = action.creates ? [...(after.get(action.on.name)?.keys() ?? [])].find((id) => !before.get(action.on.name)?.has(id)) : undefined;
          if (action.creates && recordId === undefined) find('the act made no record');
          checkFacts(event, action, act, test, client, { auditEventId: payload.auditEventId, correlationId: payload.correlationId, ...(recordId ? { recordId } : {}) }, find);
          const further = happened.events.filter(({ id }) => id !== event.id);
          await checkValues(superuser, registry, event, further, action, differences(registry, before, after), find);
          for (const { kind, outcome, correlation_id: story } of further)
            if (outcome !== 'ok' || story !== event.correlation_id) find(`a further event ${kind} belongs to another story, or is a refusal`);
        }
        const declared = new Set([...registry.resources.values()].map(({ table }) => `${table.schema}.${table.name}`));
        for (const table of happened.changed) if (!OF_THE_ACT.has(table) && !declared.has(table) && table.startsWith('gateway.')) find(`the act changed ${table}`);

        const repeated = await ledger.mark();
        const again = await client.query(document, { input }, { idempotencyKey: key });
        const second = await ledger.since(repeated);
        if (again.data?.[entry.name]?.auditEventId !== payload.auditEventId) find(`the repetition answered ${again.codes.join(', ') || 'another event'}`);
        if (second.events.length > 0 || second.changed.length > 0) find(`the repetition left ${second.events.length} events and changed ${second.changed.join(', ') || 'nothing'}`);
      }
      if (acts.forApproval) {
        const filing = { test, superuser, registry, ledger, action, catalogue: entry, client, act: acts.forApproval, prove, find };
        if (await executeByApproval(filing)) executed += 1;
        else missing.push(`${entry.name}: too few people could approve it`);
      }
      await endEmergencies(superuser);
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
