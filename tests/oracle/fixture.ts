/** A value of a field as an answer would show it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** A row as the owner of the database sees it. */
export interface FixtureRow {
  readonly id: string;
  readonly tenantId: string | null;
  readonly version: string | null;
  readonly fields: Readonly<Record<string, Value>>;
  /** IDs of all rows that a relation leads to, visible to somebody or not. */
  readonly relations: Readonly<Record<string, readonly string[]>>;
  /** Place in the database's own ascending order by `id` and by each sortable text: collation is the database's matter, not the gateway's. */
  readonly ranks: Readonly<Record<string, number>>;
}

/** The fixture database as plain JSON; made once by `dump.ts`. */
export interface Fixture {
  readonly types: Readonly<Record<string, readonly FixtureRow[]>>;
  /** Lower case of each character that has one, as the database folds it for comparisons without case. */
  readonly lowerCase: Readonly<Record<string, string>>;
  /** Types whose rows grow by being read: only rows up to this value of this field are in the dump. */
  readonly growing: Readonly<Record<string, { readonly field: string; readonly until: string }>>;
  /** Of types and acts marked so: type or act → person → IDs of the rows that are theirs. */
  readonly own: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Somebody who asks, as their grants say. */
export interface Person {
  readonly name: string;
  /** Known once they are signed in. */
  readonly staffId?: string;
  readonly grants: readonly { readonly role: string; readonly global: boolean; readonly tenantIds: readonly string[] }[];
}

/** A plain value as text: numbers and IDs as the database prints them. */
export const asText = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value));
