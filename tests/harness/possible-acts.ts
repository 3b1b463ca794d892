import { upperSnake } from '@sallyport/schema/graphql/names.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { CatalogueAction, CatalogueInput } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { rereadTarget, type TargetRow } from '@sallyport/server/gates/target-row.ts';
import { type Kysely, sql } from 'kysely';
import type { TestClient } from '../helpers/gateway.ts';

/** Values of the action's own inputs, as GraphQL takes them. */
export type Values = Readonly<Record<string, unknown>>;

/** An act that the rules say something about: which gates it has to pass. */
export interface PossibleAct {
  readonly row: TargetRow;
  readonly values: Values;
  readonly stepUp: boolean;
  readonly approval: boolean;
}

export interface ActsFound {
  /** Previewed by the gateway, needing no proof. */
  readonly plain: PossibleAct | null;
  /** Previewed by the gateway, needing a proof and nobody's approval. */
  readonly sensitive: PossibleAct | null;
  /** Needs a second person, by its rule. */
  readonly forApproval: PossibleAct | null;
  /** A record in a state that the action does not allow. */
  readonly wrongState: TargetRow | null;
}

export const JUSTIFICATION = { reason: 'Found by the harness', ticket: 'TEST-1' } as const;
const MOST_ROWS = 200;
const LADDER = ['1.00', '2.00', '10.00', '1000.00', '100000.00', '1500000.00', '5000000.00', '20000000.00', '300000000.00', '9000000000.00'];

/** The mutation of an action, asking for nothing that is a personal read. */
export const documentOf = (action: CatalogueAction): string =>
  `mutation Act($input: ${action.inputType}!) { ${action.name}(input: $input) { status correlationId auditEventId changes { resource id field before after masked } } }`;

export const inputOf = (row: Pick<TargetRow, 'id'>, values: Values, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  id: row.id,
  ...values,
  justification: JUSTIFICATION,
  ...more,
});

/** Values within the bounds of an input, the likeliest first. */
function valuesOf(input: CatalogueInput, row: TargetRow): readonly unknown[] {
  const present = input.prefill === null ? undefined : row.fields[input.prefill];
  switch (input.type) {
    case 'integer': {
      const [least, most] = [Number(input.min), Number(input.max)];
      const near = typeof present === 'number' ? [present + 1, present - 1] : [];
      return [...near, least, most].filter((value) => value >= least && value <= most);
    }
    case 'money':
      return LADDER.filter((amount) => Number(amount) >= Number(input.min) && Number(amount) <= Number(input.max));
    case 'boolean':
      return [present !== true, present === true];
    case 'enum':
      return (input.values ?? []).map(({ value }) => value);
    case 'email':
      return ['harness@customer.example'];
    case 'url':
      return ['https://harness.example/one'];
    case 'text':
      return ['Written by the harness'.padEnd(input.minLength ?? 0, '.').slice(0, input.maxLength ?? 200)];
  }
}

/** Inputs worth trying for a record: required ones alone, then with one optional one each, then all. */
function* combinationsFor(action: CatalogueAction, row: TargetRow): Generator<Values> {
  const required = action.input.filter((input) => input.required);
  const optional = action.input.filter((input) => !input.required);
  const first = (inputs: readonly CatalogueInput[]): Values => Object.fromEntries(inputs.map((input) => [input.name, valuesOf(input, row)[0]]));
  const bases = required.length === 0 ? [{}] : required.flatMap((input) => valuesOf(input, row).map((value) => ({ ...first(required), [input.name]: value })));
  yield* bases;
  for (const input of optional) for (const value of valuesOf(input, row)) yield { ...first(required), [input.name]: value };
  yield { ...first(required), ...first(optional) };
}

/** GraphQL's names of enum values back to the declared ones: what rules and effects see. */
function declaredValues(action: ActionDeclaration, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const input = action.input[name];
      if (input?.type !== 'enum') return [name, value];
      return [name, Object.keys(input.values).find((key) => upperSnake(key) === value) ?? value];
    }),
  );
}

/** Whether the declared rules ask for step-up and approval. They are pure: nothing is asked of the gateway. */
function gatesOf(action: ActionDeclaration, row: TargetRow, values: Values): { readonly stepUp: boolean; readonly approval: boolean } {
  type Facts = Parameters<Exclude<ActionDeclaration['sensitive'], string>['when']>[0];
  const facts = { target: { ...row.fields, id: row.id }, tenantId: row.tenantId, input: declaredValues(action, values), correlationId: '', now: row.now } as unknown as Facts;
  const stepUp = action.sensitive === 'always' || (action.sensitive !== 'never' && action.sensitive.when(facts));
  return { stepUp, approval: action.approval?.when(facts) ?? false };
}

/** Searches records and inputs for acts of every sort that the rules tell apart. Changes nothing: what may succeed is only previewed. */
export async function findActs(owner: Kysely<unknown>, registry: Registry, action: ActionDeclaration, catalogue: CatalogueAction, client: TestClient): Promise<ActsFound> {
  const { schema, name } = action.on.table;
  const key = action.on.key.column;
  const { rows: keys } = await sql<{ id: string }>`select ${sql.id(key)}::text as id from ${sql.id(schema, name)} order by ${sql.id(key)} limit ${MOST_ROWS}`.execute(owner);
  const rows: TargetRow[] = [];
  await owner.transaction().execute(async (tx) => {
    for (const { id } of keys) {
      const row = await rereadTarget(tx, registry, action.on, id);
      if (row) rows.push(row);
    }
  });
  const rule = action.allowedIn;
  const inState = rule ? rows.filter((row) => rule.values.includes(String(row.fields[rule.field]))) : rows;
  const wrongState = rule ? (rows.find((row) => !rule.values.includes(String(row.fields[rule.field]))) ?? null) : null;
  let [plain, sensitive, forApproval]: (PossibleAct | null)[] = [null, null, null];
  const previews = async (act: PossibleAct): Promise<boolean> => {
    const answer = await client.query(documentOf(catalogue), { input: inputOf(act.row, act.values, { preview: true }) });
    return answer.data?.[action.name]?.status === 'PREVIEWED';
  };
  const complete = (): boolean =>
    (plain !== null || action.sensitive === 'always') && (sensitive !== null || action.sensitive === 'never') && (forApproval !== null || !action.approval);
  for (const row of inState) {
    for (const values of combinationsFor(catalogue, row)) {
      const act: PossibleAct = { row, values, ...gatesOf(action, row, values) };
      if (act.approval) forApproval ??= act;
      else if (act.stepUp ? sensitive === null : plain === null) {
        if (await previews(act)) [plain, sensitive] = act.stepUp ? [plain, act] : [act, sensitive];
      }
      if (complete()) return { plain: plain ?? null, sensitive: sensitive ?? null, forApproval: forApproval ?? null, wrongState };
    }
  }
  return { plain: plain ?? null, sensitive: sensitive ?? null, forApproval: forApproval ?? null, wrongState };
}
