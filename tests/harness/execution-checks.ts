import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import type pg from 'pg';
import type { TestClient, TestGateway } from '../helpers/gateway.ts';
import { type FieldDifference, storedFields } from './field-dump.ts';
import type { LoggedEvent } from './ledger.ts';
import type { PossibleAct } from './possible-acts.ts';

export type Find = (problem: string) => void;

/** Who, what, where, why, under which policy and by which confirmation (AU-3). */
export function checkFacts(
  event: LoggedEvent,
  action: ActionDeclaration,
  act: PossibleAct,
  test: TestGateway,
  client: TestClient,
  answer: { readonly auditEventId: unknown; readonly correlationId: unknown; readonly recordId?: string },
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
    target_id: answer.recordId ?? act.row.id,
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
export async function checkValues(
  superuser: pg.Pool,
  registry: Registry,
  event: LoggedEvent,
  further: readonly LoggedEvent[],
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
  const keyOf = ({ resource, id, field }: FieldDifference): string => (resource.name === action.on.name && id === event.target_id ? field : `${resource.name}/${id}.${field}`);
  const byKey = new Map(found.map((difference) => [keyOf(difference), difference]));
  for (const key of keys) {
    const difference = byKey.get(key);
    if (!difference) {
      if (isStored(registry, action, key)) find(`the event tells of ${key}, which did not change`);
      continue;
    }
    for (const side of ['before', 'after'] as const) {
      if (action.erases && isPersonal(registry, action, key)) {
        // What is being erased is told by nothing, or it would have to be erased again.
        if (JSON.stringify(event[side]?.[key]) !== '{"replaced":true}' || personal.rows.some((row) => row.field === key))
          find(`the event's ${side} of ${key} tells of what was erased`);
        continue;
      }
      if (JSON.stringify(recorded(side, key)) !== JSON.stringify(difference[side] ?? null)) find(`the event's ${side} of ${key} is not the row's`);
    }
  }
  const parts = partsOf(registry, event, found);
  const toldApart = ({ resource, id }: FieldDifference): boolean =>
    // An emergency and the grant that it opens are one record under one ID.
    (id === event.target_id && resource.name !== action.on.name) ||
    parts.has(`${resource.name}/${id}`) ||
    // Where one act ends several things, each end is an event of its own in the same commit.
    further.some(({ target_id: target, detail }) => target === id || Object.values(detail ?? {}).includes(id));
  for (const [key, difference] of byKey) {
    if (toldApart(difference)) continue;
    // Of a record that was made or removed the event may hold less than all: network addresses of sessions, times.
    if (difference.before !== undefined && difference.after !== undefined && !keys.has(key)) find(`${key} changed, and the event does not tell`);
  }
  const records = new Set([...byKey.values()].filter((difference) => !toldApart(difference)).map((difference) => `${difference.resource.name}/${difference.id}`));
  for (const record of records)
    if (![...byKey].some(([key, difference]) => `${difference.resource.name}/${difference.id}` === record && keys.has(key)))
      find(`${record} changed, and the event does not name it`);
}

/** Records that were made as parts of the one acted on, naming it, where the event tells how many: one line instead of hundreds. */
function partsOf(registry: Registry, event: LoggedEvent, found: readonly FieldDifference[]): ReadonlySet<string> {
  const naming = found.filter(({ before, after, resource }) => before === undefined && after === event.target_id && resource.name !== event.target_type);
  const byResource = Map.groupBy(naming, ({ resource }) => resource.name);
  // A single one is the act itself: a decision on a request is its own record.
  const isTold = (made: number): boolean =>
    (made === 1 && registry.resources.get(event.target_type ?? '')?.table.schema === 'gateway') || Object.values(event.detail ?? {}).includes(made);
  const told = [...byResource.values()].filter((made) => isTold(new Set(made.map(({ id }) => id)).size));
  return new Set(told.flat().map(({ resource, id }) => `${resource.name}/${id}`));
}

/** The resource and field that a key of before and after names. */
function fieldOf(registry: Registry, action: ActionDeclaration, key: string) {
  const match = /^(\w+)\/[^.]+\.(\w+)$/.exec(key);
  return { resource: match ? registry.resources.get(match[1] ?? '') : action.on, field: match?.[2] ?? key };
}

function isStored(registry: Registry, action: ActionDeclaration, key: string): boolean {
  const { resource, field } = fieldOf(registry, action, key);
  return resource !== undefined && storedFields(resource).includes(field);
}

function isPersonal(registry: Registry, action: ActionDeclaration, key: string): boolean {
  const { resource, field } = fieldOf(registry, action, key);
  return resource?.fields[field]?.class === 'personal';
}
