import type { AnyResource, ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import type { Expression } from '@sallyport/schema/vocabulary/field.ts';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { asText, type Fixture, type FixtureRow, type Value } from './fixture.ts';
import { upperSnake } from './request.ts';

type RawRow = Readonly<Record<string, Value>>;
type Owner = Kysely<unknown>;

/** Kinds whose order is the database's collation or type, not arithmetic. */
const RANKED = new Set(['id', 'text', 'email', 'url', 'enum']);

/**
 * Reads every row of every declared resource as the owner sees it. Only names are taken from the declarations
 * (tables, columns, who names whom); none of the gateway's SQL, conditions or rights. Done once, before any query.
 */
export async function dumpFixture(owner: Owner, modules: readonly ModuleDeclaration[]): Promise<Fixture> {
  const resources = modules.flatMap((module) => module.resources);
  const types: Record<string, FixtureRow[]> = {};
  const growing: Record<string, { field: string; until: string }> = {};
  const raw = new Map<string, readonly RawRow[]>();
  for (const resource of resources) raw.set(resource.name, await readTable(owner, resource));
  const source: Source = { owner, resources, raw, naming: new Map() };
  for (const resource of resources) {
    types[resource.typeName] = await Promise.all((raw.get(resource.name) ?? []).map((row) => fixtureRow(source, resource, row)));
    if (!resource.readEvent) continue;
    const field = resource.defaultSort.field;
    const latest = (types[resource.typeName] ?? []).map((row) => asText(row.fields[field] ?? null)).sort();
    growing[resource.typeName] = { field, until: latest.at(-1) ?? '1970-01-01T00:00:00Z' };
  }
  const texts = JSON.stringify(types);
  return JSON.parse(JSON.stringify({ types, growing, own: {}, lowerCase: await lowerCaseOf(owner, texts) })) as Fixture;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const columnOf = (column: string | Expression): RawBuilder<unknown> =>
  typeof column === 'function' ? sql`(${column('dumped')})` : column === 'xmin' ? sql`dumped.xmin::text` : sql`${sql.id('dumped', column)}`;

async function readTable(owner: Owner, resource: AnyResource): Promise<readonly RawRow[]> {
  const key = sql`${sql.id('dumped', resource.key.column)}`;
  const columns: RawBuilder<unknown>[] = [sql`${key}::text as "id"`, sql`dense_rank() over (order by ${key})::int as "rank:id"`];
  for (const [name, field] of Object.entries(resource.fields)) {
    const value = columnOf(field.column ?? snake(name));
    columns.push(sql`${value} as ${sql.id(`field:${name}`)}`);
    if (field.sort && RANKED.has(field.type)) columns.push(sql`dense_rank() over (order by ${value} asc nulls last)::int as ${sql.id(`rank:${name}`)}`);
  }
  if (resource.version) columns.push(sql`(${columnOf(resource.version.column)})::text as "version"`);
  if ('column' in resource.tenant) columns.push(sql`${sql.id('dumped', resource.tenant.column)}::text as "tenant"`);
  for (const [name, relation] of Object.entries(resource.relations ?? {})) {
    if (relation.kind === 'one') columns.push(sql`(${columnOf(relation.column)})::text as ${sql.id(`link:${name}`)}`);
  }
  const { rows } = await sql<RawRow>`select ${sql.join(columns)} from ${sql.id(resource.table.schema, resource.table.name)} as dumped`.execute(owner);
  return rows;
}

interface Source {
  readonly owner: Owner;
  readonly resources: readonly AnyResource[];
  /** Rows by resource name. */
  readonly raw: ReadonlyMap<string, readonly RawRow[]>;
  readonly naming: Naming;
}

async function fixtureRow(source: Source, resource: AnyResource, row: RawRow): Promise<FixtureRow> {
  const id = asText(row['id'] ?? null);
  const relations: Record<string, readonly string[]> = {};
  for (const [name, relation] of Object.entries(resource.relations ?? {})) {
    const related = source.resources.find((candidate) => candidate.name === relation.resource);
    if (!related) continue;
    const link = row[`link:${name}`];
    if (relation.kind === 'one') relations[name] = link === null || link === undefined ? [] : [asText(link)];
    else relations[name] = (await namingRows(source.owner, source.naming, related, relation.column)).get(id) ?? [];
  }
  return {
    id,
    tenantId: tenantOf(source, resource, row),
    version: row['version'] === undefined || row['version'] === null ? null : asText(row['version']),
    fields: Object.fromEntries(Object.entries(resource.fields).map(([name, field]) => [name, shown(field.type, row[`field:${name}`] ?? null)])),
    relations,
    ranks: Object.fromEntries(Object.entries(row).flatMap(([name, value]) => (name.startsWith('rank:') ? [[name.slice('rank:'.length), Number(value)]] : []))),
  };
}

/** As it is answered: enums by their GraphQL names, IDs as text whatever their column, days without a time. */
function shown(type: string, value: Value): Value {
  if (value === null) return null;
  if (type === 'id') return asText(value);
  if (type === 'date') return asText(value).slice(0, 'YYYY-MM-DD'.length);
  return type === 'enum' && typeof value === 'string' ? upperSnake(value.replace(/[^A-Za-z0-9]+/g, '_')) : value;
}

/** A row's tenant: itself, what it names, or that of the row that it belongs to. */
function tenantOf({ resources, raw, ...rest }: Source, resource: AnyResource, row: RawRow): string | null {
  const rule = resource.tenant;
  if ('none' in rule) return null;
  if ('self' in rule) return asText(row['id'] ?? null);
  const named = row['tenant'];
  if (named === null || named === undefined) return null;
  if (!('through' in rule)) return asText(named);
  const parent = resources.find((candidate) => candidate.name === rule.through);
  const above = (raw.get(rule.through) ?? []).find((candidate) => candidate['id'] === named);
  return parent && above ? tenantOf({ resources, raw, ...rest }, parent, above) : null;
}

/** By `resource.column`: IDs of rows by what they name. */
type Naming = Map<string, Promise<ReadonlyMap<string, readonly string[]>>>;

function namingRows(owner: Owner, known: Naming, related: AnyResource, column: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const name = `${related.name}.${column}`;
  const before = known.get(name);
  if (before) return before;
  const reading = sql<{ naming: string; named: string | null }>`
    select ${sql.id(related.key.column)}::text as naming, ${sql.id(column)}::text as named from ${sql.id(related.table.schema, related.table.name)}`
    .execute(owner)
    .then(({ rows }) => {
      const found = new Map<string, string[]>();
      for (const row of rows) if (row.named !== null) found.set(row.named, [...(found.get(row.named) ?? []), row.naming]);
      return found;
    });
  known.set(name, reading);
  return reading;
}

async function lowerCaseOf(owner: Owner, texts: string): Promise<Readonly<Record<string, string>>> {
  // What documents look for need not stand in the fixture: both cases of its characters, and all Latin ones.
  const latin = Array.from({ length: 0x250 - 0x20 }, (_, index) => String.fromCodePoint(0x20 + index));
  const characters = [...new Set([...texts, ...texts.toUpperCase(), ...texts.toLowerCase(), ...latin])];
  const { rows } = await sql<{
    character: string;
    lower: string;
  }>`select character, lower(character) as lower from unnest(${characters}::text[]) as character where lower(character) <> character`.execute(owner);
  return Object.fromEntries(rows.map(({ character, lower }) => [character, lower]));
}
