import type { RawBuilder } from 'kysely';
import type { DataClass, Text } from './axes.ts';
import type { Permission } from './permission.ts';

/** How a value looks on a scale of concern; always beside its word, never colour alone. */
export type Tone = 'neutral' | 'good' | 'warning' | 'bad';

export interface EnumValue {
  readonly label: Text;
  readonly tone?: Tone;
}

/** `date` is a calendar day: of a column that holds a time, its day in UTC. `id` is any column's value as text; it sorts as the column does. */
export type FieldType = 'id' | 'text' | 'email' | 'url' | 'integer' | 'decimal' | 'money' | 'boolean' | 'timestamp' | 'date' | 'enum' | 'json';

/** SQL for a value that is not a plain column; `row` is the alias of the resource's table. */
export type Expression = (row: string) => RawBuilder<unknown>;

interface FieldCommon {
  /** Column name as it stands in the database (quoted names keep their case); snake case of the field's name by default. */
  readonly column?: string | Expression;
  readonly access: Permission;
  readonly class: DataClass;
  readonly label: Text;
  readonly help?: Text;
  /** May be filtered on, sorted by, found by search (text by any part of it, an ID by the whole). Each is a read of the field. */
  readonly filter?: boolean;
  readonly sort?: boolean;
  readonly search?: boolean;
  /** Shown as a list column unless the person chooses otherwise. */
  readonly inList?: boolean;
  /** Heading under which the field stands on the record's page. */
  readonly group?: Text;
}

export type FieldDeclaration = FieldCommon &
  (
    | { readonly type: Exclude<FieldType, 'enum' | 'money'> }
    | { readonly type: 'enum'; readonly values: Readonly<Record<string, EnumValue>> }
    | { readonly type: 'money'; readonly currency: { readonly field: string } | { readonly code: string } }
  );

export type FieldMap = Readonly<Record<string, FieldDeclaration>>;

/** The value of a field as it leaves the database driver: exact numbers as strings, times as ISO 8601 in UTC. */
export type FieldValue<F extends FieldDeclaration> = F['type'] extends 'integer'
  ? number | null
  : F['type'] extends 'boolean'
    ? boolean | null
    : F['type'] extends 'json'
      ? unknown
      : string | null;

export type RowOf<F extends FieldMap> = { readonly [Name in keyof F]: FieldValue<F[Name]> } & { readonly id: string };

/** Filter operators that a field of a type offers; each is a read of the field. */
export const OPERATORS = {
  id: ['eq', 'in', 'isNull'],
  text: ['eq', 'in', 'contains', 'startsWith', 'isNull'],
  email: ['eq', 'in', 'contains', 'startsWith', 'isNull'],
  url: ['eq', 'contains', 'startsWith', 'isNull'],
  integer: ['eq', 'in', 'gt', 'gte', 'lt', 'lte', 'isNull'],
  decimal: ['eq', 'gt', 'gte', 'lt', 'lte', 'isNull'],
  money: ['eq', 'gt', 'gte', 'lt', 'lte', 'isNull'],
  boolean: ['eq', 'isNull'],
  timestamp: ['gt', 'gte', 'lt', 'lte', 'isNull'],
  date: ['eq', 'gt', 'gte', 'lt', 'lte', 'isNull'],
  enum: ['eq', 'in', 'isNull'],
  json: [],
} as const satisfies Record<FieldType, readonly string[]>;

export type Operator = (typeof OPERATORS)[FieldType][number];
