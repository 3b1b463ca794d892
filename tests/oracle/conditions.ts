import { asText, type Fixture, type FixtureRow, type Value } from './fixture.ts';
import type { FieldRule, OrderRule, RecordRule } from './matrix.ts';
import { type ArgumentValue, EnumName } from './request.ts';

export type Filter = Readonly<Record<string, ArgumentValue>>;

/** SQL's three truths: null is unknown. */
type Truth = boolean | null;

export interface TouchedFields {
  readonly fields: ReadonlySet<string>;
  readonly searches: boolean;
}

/** Fields that a filter names, however deep. */
export function touchedBy(filter: Filter): TouchedFields {
  const fields = new Set<string>();
  let searches = false;
  for (const [name, value] of Object.entries(filter)) {
    if (value === null || name === 'id' || name === 'tenantId') continue;
    if (name === 'search') searches = true;
    else if (name === 'and' || name === 'or' || name === 'not') {
      for (const part of name === 'not' ? [value as Filter] : (value as Filter[])) {
        const inner = touchedBy(part);
        for (const field of inner.fields) fields.add(field);
        searches ||= inner.searches;
      }
    } else fields.add(name);
  }
  return { fields, searches };
}

/** Whether a row fits. `search` tells whether the row is found by a text, by the searcher's own rights. */
export function fits(fixture: Fixture, record: RecordRule, filter: Filter, row: FixtureRow, search: (text: string) => Truth): Truth {
  return all(
    Object.entries(filter).map(([name, value]): Truth => {
      if (value === null) return true;
      if (name === 'and') return all((value as Filter[]).map((part) => fits(fixture, record, part, row, search)));
      if (name === 'or') return some((value as Filter[]).map((part) => fits(fixture, record, part, row, search)));
      if (name === 'not') return fits(fixture, record, value as Filter, row, search) !== true;
      if (name === 'search') return search(value as string);
      const kind = name === 'id' || name === 'tenantId' ? 'id' : (record.fields.get(name)?.kind ?? 'text');
      const own = name === 'id' ? row.id : name === 'tenantId' ? row.tenantId : (row.fields[name] ?? null);
      return all(
        Object.entries(value as Filter).map(([operator, wanted]) =>
          wanted === null ? true : operatorFits(fixture, kind, operator, own, name === 'id' || name === 'tenantId' ? canonical(wanted) : wanted),
        ),
      );
    }),
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** IDs of UUID form mean the same in any case. */
export const canonicalId = (id: string): string => (UUID.test(id) ? id.toLowerCase() : id);

function canonical(wanted: ArgumentValue): ArgumentValue {
  if (Array.isArray(wanted)) return (wanted as string[]).map(canonicalId);
  return typeof wanted === 'string' ? canonicalId(wanted) : wanted;
}

export function all(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : truths.includes(null) ? null : true;
}

export function some(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : truths.includes(null) ? null : false;
}

function operatorFits(fixture: Fixture, kind: string, operator: string, own: Value, wanted: ArgumentValue): Truth {
  if (operator === 'isNull') return (own === null) === wanted;
  if (operator === 'in' && (wanted as ArgumentValue[]).length === 0) return false;
  if (own === null) return null;
  if (operator === 'in') return (wanted as ArgumentValue[]).some((one) => compare(kind, own, plain(one)) === 0);
  if (operator === 'contains') return fold(fixture, asText(own)).includes(fold(fixture, wanted as string));
  if (operator === 'startsWith') return fold(fixture, asText(own)).startsWith(fold(fixture, wanted as string));
  const difference = compare(kind, own, plain(wanted));
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'gt':
      return difference > 0;
    case 'gte':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'lte':
      return difference <= 0;
    default:
      throw new TypeError(`The oracle knows no operator ${operator}`);
  }
}

const plain = (value: ArgumentValue): Value => (value instanceof EnumName ? value.name : (value as Value));

/** Whether free text finds a value: an ID by all of it, a text by any part, case aside. */
export function isFound(fixture: Fixture, kind: string, needle: string, own: Value): Truth {
  if (own === null) return null;
  return kind === 'id' ? own === needle : fold(fixture, asText(own)).includes(fold(fixture, needle));
}

const fold = (fixture: Fixture, text: string): string => [...text].map((character) => fixture.lowerCase[character] ?? character).join('');

/** Negative, zero, positive; of two values that are not null. Texts are only ever compared for equality here. */
export function compare(kind: string, a: Value, b: Value): number {
  if (kind === 'integer' || kind === 'boolean') return Number(a) - Number(b);
  if (kind === 'money' || kind === 'decimal') return sign(scaled(asText(a)) - scaled(asText(b)));
  const [left, right] = kind === 'timestamp' ? [instant(asText(a)), instant(asText(b))] : [asText(a), asText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);
const DECIMALS = 20;

/** An exact decimal as a whole number of 10⁻²⁰. */
function scaled(text: string): bigint {
  const [, minus = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const value = BigInt(whole + fraction.padEnd(DECIMALS, '0'));
  return minus ? -value : value;
}

/** Six digits after the second, so that instants compare as texts. */
const instant = (text: string): string => text.replace(/(?:\.(\d+))?Z$/, (_, digits: string | undefined) => `.${(digits ?? '').padEnd(6, '0')}Z`);

const COMPARED_HERE = new Set(['integer', 'boolean', 'money', 'decimal', 'timestamp', 'date']);

/** Sorts as asked; nulls last ascending, first descending. */
export function inOrder(record: RecordRule, rows: readonly FixtureRow[], terms: readonly OrderRule[]): FixtureRow[] {
  return [...rows].sort((a, b) => {
    for (const { field, descending } of terms) {
      const difference = compareBy(record.fields.get(field), field, a, b);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
}

function compareBy(rule: FieldRule | undefined, field: string, a: FixtureRow, b: FixtureRow): number {
  if (!rule || !COMPARED_HERE.has(rule.kind)) return rank(a, field) - rank(b, field);
  const [left = null, right = null] = [a.fields[field], b.fields[field]];
  if (left === null || right === null) return (left === null ? 1 : 0) - (right === null ? 1 : 0);
  return compare(rule.kind, left, right);
}

function rank(row: FixtureRow, field: string): number {
  const found = row.ranks[field];
  if (found === undefined) throw new TypeError(`The fixture ranks no row by ${field}`);
  return found;
}
