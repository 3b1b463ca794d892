import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { CatalogueAction } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { rereadTarget, type TargetRow } from '@sallyport/server/gates/target-row.ts';
import { type Kysely, sql } from 'kysely';
import type { TestClient } from '../helpers/gateway.ts';
import { KNOWN_VALUES } from './core-records.ts';
import { type Gates, gatesOf, namedTenants, viewerOf } from './act-gates.ts';
import { combinationsFor, readChoices, type Values } from './input-values.ts';

/** An act that the gateway has previewed, and which gates it has to pass by the declared rules. */
export interface PossibleAct extends Gates {
  /** The record acted on; of an act that makes one, a stand-in without an ID. */
  readonly row: TargetRow;
  readonly values: Values;
}

export interface ActsFound {
  /** Needs no proof and nobody's approval. */
  readonly plain: PossibleAct | null;
  /** Needs a proof and nobody's approval. */
  readonly sensitive: PossibleAct | null;
  /** Needs a second person, by a rule. */
  readonly forApproval: PossibleAct | null;
  /** A record in a state that the action does not allow. */
  readonly wrongState: TargetRow | null;
}

export const JUSTIFICATION = { reason: 'Found by the harness', ticket: 'TEST-1' } as const;
const MOST_ROWS = 200;
/** Previews of one action before the search is given up. */
const MOST_PREVIEWS = 800;

/** The mutation of an action, asking for nothing that is a personal read. */
export const documentOf = (action: CatalogueAction): string =>
  `mutation Act($input: ${action.inputType}!) { ${action.name}(input: $input) { status correlationId auditEventId changes { resource id field before after masked } } }`;

/** Input of an act on a record, or of one that makes a record. */
export const inputOf = (row: Pick<TargetRow, 'id'>, values: Values, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  ...(row.id === '' ? {} : { id: row.id }),
  ...values,
  justification: JUSTIFICATION,
  ...more,
});

/** Records that the action could be tried on, `first` before all others. */
async function rowsFor(owner: Kysely<unknown>, registry: Registry, action: ActionDeclaration, first: readonly string[]): Promise<readonly TargetRow[]> {
  if (action.creates) {
    const { rows } = await sql<{ now: string }>`select clock_timestamp()::text as now`.execute(owner);
    return [{ id: '', tenantId: null, version: null, now: rows[0]?.now ?? '', offered: true, fields: {} }];
  }
  const { schema, name } = action.on.table;
  const key = sql.id(action.on.key.column);
  const { rows: keys } = await sql<{ id: string }>`
    select ${key}::text as id from ${sql.id(schema, name)} order by ${key}::text = any(${[...first]}::text[]) desc, ${key} limit ${MOST_ROWS}`.execute(owner);
  return owner.transaction().execute(async (tx) => {
    const found: TargetRow[] = [];
    for (const { id } of keys) {
      const row = await rereadTarget(tx, registry, action.on, id);
      if (row) found.push(row);
    }
    return found;
  });
}

/**
 * Searches records and inputs for acts of every sort that the rules tell apart. Changes nothing: what may succeed is only
 * previewed. `first` are records to try before others.
 */
export async function findActs(
  owner: Kysely<unknown>,
  registry: Registry,
  action: ActionDeclaration,
  catalogue: CatalogueAction,
  client: TestClient,
  first: readonly string[] = [],
): Promise<ActsFound> {
  const viewer = await viewerOf(owner, registry, client);
  const choices = await readChoices(owner, registry, catalogue, viewer.actor.id, new Set(viewer.rights.keys()));
  const rows = await rowsFor(owner, registry, action, first);
  const rule = action.allowedIn;
  const inState = rule ? rows.filter((row) => rule.values.includes(String(row.fields[rule.field]))) : rows;
  const wrongState = rule ? (rows.find((row) => !rule.values.includes(String(row.fields[rule.field]))) ?? null) : null;
  const found: Record<'plain' | 'sensitive' | 'forApproval', PossibleAct | null> = { plain: null, sensitive: null, forApproval: null };
  let previews = 0;
  const isPreviewed = async (act: PossibleAct): Promise<boolean> => {
    previews += 1;
    const ask = () => client.query(documentOf(catalogue), { input: inputOf(act.row, act.values, { preview: true }) });
    const once = await ask();
    // A gateway that is busy for a moment says nothing of the act.
    const answer = once.codes[0] === 'UNAVAILABLE' || once.codes[0] === 'AUDIT_UNAVAILABLE' || once.codes[0] === 'CONFLICT' ? await ask() : once;
    return answer.data?.[action.name]?.status === 'PREVIEWED';
  };
  const complete = (): boolean =>
    (found.plain !== null || action.sensitive === 'always') &&
    (found.sensitive !== null || action.sensitive === 'never') &&
    (found.forApproval !== null || (action.approval ?? []).length === 0);
  const valuesFound = (record: TargetRow) => [found.sensitive, found.plain, found.forApproval].find((act) => act !== null && act.row.id === record.id)?.values;
  const tryOn = async (record: TargetRow, known?: Values): Promise<boolean> => {
    for (const values of combinationsFor(catalogue, record, choices, known)) {
      const named = namedTenants(action, values);
      const row = action.creates ? { ...record, tenantId: named.length === 1 ? (named[0] ?? null) : null } : record;
      const act: PossibleAct = { row, values, ...gatesOf(registry, action, row, values, choices, viewer) };
      const sort = act.approval ? 'forApproval' : act.stepUp ? 'sensitive' : 'plain';
      if (found[sort] === null && (await isPreviewed(act))) found[sort] = act;
      if (complete() || previews >= MOST_PREVIEWS) return true;
    }
    return false;
  };
  for (const record of inState) {
    if (await tryOn(record, KNOWN_VALUES[action.name])) break;
    // What the rules tell apart may differ by one input alone from an act that was found.
    const known = valuesFound(record);
    if (known && (await tryOn(record, known))) break;
  }
  return { ...found, wrongState };
}
