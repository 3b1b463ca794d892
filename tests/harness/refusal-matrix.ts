import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Catalogue, CatalogueAction } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import { openPool } from '@sallyport/server/db/connect.ts';
import type pg from 'pg';
import type { TestClient, TestGateway } from '../helpers/gateway.ts';
import { createCast, onlookerFor, roleFor } from './acting-person.ts';
import { ACTING_ROLES, endEmergencies, makeRecords } from './core-records.ts';
import { documentOf, findActs } from './possible-acts.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { refuseByInput } from './refusals-of-input.ts';
import { refuseByPerson } from './refusals-of-person.ts';
import { refuseByState } from './refusals-of-state.ts';
import { refuseByStepUp } from './refusals-of-step-up.ts';
import { refuseByWay } from './refusals-of-way.ts';
import { openSecondGateway, type SecondGateway } from './second-gateway.ts';
import type { Stage } from './stage.ts';

/** Something that a refusal left behind, or failed to leave behind. */
export interface Finding {
  readonly action: string;
  readonly code: string;
  readonly variety: string;
  readonly problem: string;
}

export interface MatrixReport {
  readonly cases: number;
  /** How many cases ended with each code, by action. */
  readonly byAction: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly findings: readonly Finding[];
  /** Reasons that could not be brought about for an action, and why. */
  readonly missing: readonly string[];
}

export interface MatrixOptions {
  readonly test: TestGateway;
  readonly modules: readonly ModuleDeclaration[];
  /** Names of actions; all where absent. */
  readonly only?: readonly string[];
}

/** Sends every action of the catalogue into every refusal that applies to it, and looks at log and rows each time. */
export async function runRefusalMatrix({ test, modules, only }: MatrixOptions): Promise<MatrixReport> {
  const { registry, catalogue } = buildGatewaySchema(modules);
  const superuser = openPool({ connectionString: test.database.url, max: 2, applicationName: 'harness' });
  const throttled = await openSecondGateway(test, { modules, connections: 2, session: { burst: 1, perSecond: 1e-6 } });
  const findings: Finding[] = [];
  const missing: string[] = [];
  const byAction = new Map<string, Map<string, number>>();
  try {
    const ledger = await openLedger(superuser);
    const cast = createCast(test);
    for (const entry of catalogue.actions) {
      if (only && !only.includes(entry.name)) continue;
      const counts = new Map<string, number>();
      byAction.set(entry.name, counts);
      const stage = await prepareStage({ test, superuser, registry, catalogue, entry, cast, ledger, throttled, findings, missing, counts });
      if (!stage) continue;
      await refuseByPerson(stage);
      await refuseByInput(stage);
      await refuseByState(stage);
      await refuseByWay(stage);
      await refuseByStepUp(stage);
      await endEmergencies(superuser);
    }
  } finally {
    await throttled.close();
    await superuser.end();
  }
  return { cases: [...byAction.values()].flatMap((counts) => [...counts.values()]).reduce((sum, count) => sum + count, 0), byAction, findings, missing };
}

interface Making {
  readonly test: TestGateway;
  readonly superuser: pg.Pool;
  readonly registry: Registry;
  readonly catalogue: Catalogue;
  readonly entry: CatalogueAction;
  readonly cast: (role: string) => Promise<TestClient>;
  readonly ledger: Ledger;
  readonly throttled: SecondGateway;
  readonly findings: Finding[];
  readonly missing: string[];
  readonly counts: Map<string, number>;
}

async function prepareStage(making: Making): Promise<Stage | null> {
  const { test, superuser, registry, entry, cast, ledger, throttled, findings, missing, counts } = making;
  const action = registry.actions.get(entry.name);
  const role = action ? (ACTING_ROLES[action.name] ?? roleFor(registry, action)) : null;
  const lacks = (what: string): void => void missing.push(`${entry.name}: ${what}`);
  if (!action || role === null) {
    lacks('no role may do this and see its records');
    return null;
  }
  const client = await cast(role);
  const records = await makeRecords(superuser, action, client, test);
  const acts = await findActs(test.database.owner, registry, action, entry, client, records);
  const act = acts.plain ?? acts.sensitive ?? acts.forApproval;
  if (!act) {
    lacks('no record and input found for which the preview succeeds');
    return null;
  }
  const document = documentOf(entry);
  const send: Stage['send'] = (input, options) => client.query(document, { input }, options);
  return {
    test,
    superuser,
    registry,
    catalogue: entry,
    action,
    document,
    acts,
    act,
    client,
    role,
    onlooker: onlookerFor(registry, action),
    cast,
    throttled,
    send,
    missing: lacks,
    finding: (code, variety, problem) => void findings.push({ action: entry.name, code, variety, problem }),
    async prove(input, prover = client) {
      const asked = (await prover.query(document, { input })).errors[0]?.extensions.challenge;
      if (!asked) throw new Error(`${entry.name}: no challenge was issued`);
      return prover.stepUp(asked);
    },
    async refused(code, variety, request, expected = 1) {
      const mark = await ledger.mark();
      const answer = await request();
      const { events, changed } = await ledger.since(mark);
      counts.set(code, (counts.get(code) ?? 0) + 1);
      const find = (problem: string): void => void findings.push({ action: entry.name, code, variety, problem });
      const [only] = answer.codes;
      if (answer.codes.length !== 1 || only !== code) find(`answered ${answer.codes.join(', ') || JSON.stringify(answer.data)}`);
      if (changed.length > 0) find(`changed ${changed.join(', ')}`);
      if (events.length !== expected) find(`${events.length} events: ${events.map((event) => `${event.kind} ${event.outcome} ${event.reason_code}`).join(', ')}`);
      for (const event of events) {
        if (event.reason_code !== code) find(`the event says ${event.reason_code}`);
        if (event.outcome !== 'denied' && event.outcome !== 'failed') find(`the event's outcome is ${event.outcome}`);
        if (event.before !== null || event.after !== null) find('the event tells of a change');
        const id = answer.headers.get('x-correlation-id');
        // An act on a record with a story belongs to that story; its event names the request as well.
        if (id !== null && event.correlation_id !== id && !(action.joins && event.detail?.['requestCorrelationId'] === id))
          find('the event has another correlation ID than the answer');
        if (event.kind !== action.event.kind && event.kind !== 'gateway.request.refused') find(`the event is of kind ${event.kind}`);
        if (event.kind === action.event.kind && event.action !== action.name) find(`the event names the action ${event.action}`);
      }
    },
  };
}
