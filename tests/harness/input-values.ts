import { EVERYONE } from '@sallyport/schema/policy/rights.ts';
import { fieldColumn } from '@sallyport/schema/resources/columns.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { CatalogueAction, CatalogueInput } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { Permission } from '@sallyport/schema/vocabulary/permission.ts';
import type { TargetRow } from '@sallyport/server/gates/target-row.ts';
import { type Kysely, sql } from 'kysely';

/** Values of the action's own inputs, as GraphQL takes them. */
export type Values = Readonly<Record<string, unknown>>;

/** What inputs may name: records, tenants, permissions. */
export interface Choices {
  /** IDs of records by resource. */
  readonly records: ReadonlyMap<string, readonly string[]>;
  /** Each with its risk, as approval rules see it. */
  readonly tenants: readonly { readonly id: string; readonly highRisk: boolean }[];
  /** Names of permissions that task roles carry, those that the person holds first. */
  readonly permissions: readonly string[];
}

const LADDER = ['1.00', '2.00', '10.00', '1000.00', '100000.00', '1500000.00', '5000000.00', '20000000.00', '300000000.00', '9000000000.00'];
const MOST_RECORDS = 20;

/** Reads, as owner, what an action's inputs may name, the person who acts last of all; `held` are names of permissions that they hold. */
export async function readChoices(owner: Kysely<unknown>, registry: Registry, action: CatalogueAction, actorId: string, held: ReadonlySet<string>): Promise<Choices> {
  const records = new Map<string, readonly string[]>();
  for (const { resource: name } of action.input) {
    const resource = name === null ? undefined : registry.resources.get(name);
    if (!resource) continue;
    const key = sql.id(resource.key.column);
    const { rows } = await sql<{
      id: string;
    }>`select ${key}::text as id from ${sql.id(resource.table.schema, resource.table.name)} order by ${key}::text = ${actorId}, ${key} limit ${MOST_RECORDS}`.execute(owner);
    records.set(
      resource.name,
      rows.map(({ id }) => id),
    );
  }
  // Reads that somebody was granted come first: of them most may be passed on.
  const everyones = new Set((registry.roles.get(EVERYONE) ?? []).map(({ name }) => name));
  const place = ({ name, effect }: Permission): number => (held.has(name) ? 0 : 4) + (everyones.has(name) ? 2 : 0) + (effect === 'read' ? 0 : 1);
  const carried = [...new Map([...registry.roles.values()].flat().map((permission) => [permission.name, permission])).values()];
  const permissions = carried.sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name)).map(({ name }) => name);
  return { records, tenants: await readTenants(owner, registry), permissions };
}

async function readTenants(owner: Kysely<unknown>, { tenantResource: tenant }: Registry): Promise<Choices['tenants']> {
  if (!tenant) return [];
  const risk = tenant.risk ? sql`coalesce((${fieldColumn(tenant, tenant.risk.field, 'r')})::text = any(${[...tenant.risk.high]}::text[]), false)` : sql`false`;
  const key = sql.id(tenant.key.column);
  const { rows } = await sql<{
    id: string;
    highRisk: boolean;
  }>`select ${key}::text as id, ${risk} as "highRisk" from ${sql.id(tenant.table.schema, tenant.table.name)} r order by ${key}`.execute(owner);
  return rows;
}

/** Values within the bounds of an input, the likeliest first. */
function valuesOf(input: CatalogueInput, row: TargetRow, choices: Choices): readonly unknown[] {
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
      return ['Written by the harness'.padEnd(input.minLength ?? 0, '.').slice(0, input.maxLength ?? 200), ...(typeof present === 'string' ? [present] : [])];
    case 'reference':
      return choices.records.get(input.resource ?? '') ?? [];
    case 'tenants': {
      const usual = choices.tenants.find(({ highRisk }) => !highRisk);
      const risky = choices.tenants.find(({ highRisk }) => highRisk);
      return [usual, risky].flatMap((tenant) => (tenant ? [[tenant.id]] : []));
    }
    case 'permissions':
      return choices.permissions.map((name) => [name]);
  }
}

/**
 * Inputs worth trying for a record: the required ones alone, then with one optional one each, with two, other required ones with one, with all; each
 * on top of values that are known to fit together. */
export function* combinationsFor(action: CatalogueAction, row: TargetRow, choices: Choices, known: Values = {}): Generator<Values> {
  const required = action.input.filter((input) => input.required);
  const optional = action.input.filter((input) => !input.required);
  const values = new Map(action.input.map((input) => [input.name, valuesOf(input, row, choices)]));
  const first = (inputs: readonly CatalogueInput[]): Values => Object.fromEntries(inputs.map(({ name }) => [name, values.get(name)?.[0]]));
  const base = { ...first(required), ...known };
  if (required.length === 0 || Object.keys(known).length > 0) yield base;
  for (const { name } of required) for (const value of values.get(name) ?? []) yield { ...base, [name]: value };
  for (const { name } of optional) for (const value of values.get(name) ?? []) yield { ...base, [name]: value };
  for (const [index, one] of optional.entries())
    for (const other of optional.slice(index + 1))
      for (const value of values.get(one.name) ?? []) for (const second of values.get(other.name) ?? []) yield { ...base, [one.name]: value, [other.name]: second };
  for (const { name } of required)
    for (const value of (values.get(name) ?? []).slice(1))
      for (const other of optional) for (const second of values.get(other.name) ?? []) yield { ...base, [name]: value, [other.name]: second };
  if (optional.length > 2) yield { ...base, ...first(optional) };
}
