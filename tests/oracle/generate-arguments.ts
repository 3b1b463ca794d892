import { asText, type Fixture, type FixtureRow, type Value } from './fixture.ts';
import type { FieldRule, Matrix, RecordRule } from './matrix.ts';
import type { Random } from './random.ts';
import { type Arguments, type ArgumentValue, EnumName, upperSnake } from './request.ts';

const ABSENT = '00000000-0000-4000-8000-000000000000';
const MALFORMED = ['', 'x', '*', "x' or '1'='1", '1.5', '99999999999999999999', 'null', '{}', '%', 'ffffffff-ffff-ffff-ffff-fffffffffffff'];
const NEEDLES = ['%', '_', '\\', "'", 'a', 'E', ' ', '-0', '<', '"', 'zzzz', '😀', '=1', 'İ', 'ß'];

/** Arguments of Query's fields, drawn from the matrix's rules and the fixture's values; allowed and forbidden ones alike. */
export function createArgumentSource(matrix: Matrix, fixture: Fixture, random: Random) {
  const rowsOf = (record: RecordRule): readonly FixtureRow[] => fixture.types[record.type] ?? [];
  const tenants = [...matrix.records.values()].find((record) => record.tenant === 'is the tenant');
  const tenantIds = tenants ? rowsOf(tenants).map((row) => row.id) : [];

  const anyCase = (id: string): string => (random.chance(0.05) ? id.toUpperCase() : id);

  function someId(rows: readonly FixtureRow[]): string {
    const luck = random.below(12);
    if (luck === 0) return ABSENT;
    if (luck === 1 || rows.length === 0) return random.pick(MALFORMED);
    return anyCase(random.pick(rows).id);
  }

  function someTenant(): string {
    return tenantIds.length === 0 || random.chance(0.05) ? random.pick([ABSENT, ...MALFORMED]) : anyCase(random.pick(tenantIds));
  }

  function someText(own: Value): string {
    const text = typeof own === 'string' && own !== '' && random.chance(0.8) ? own : random.pick(NEEDLES);
    const characters = [...text];
    const start = random.below(characters.length);
    const part = characters.slice(start, start + 1 + random.below(6)).join('');
    return random.chance(0.4) ? part.toUpperCase() : random.chance(0.3) ? part.toLowerCase() : part;
  }

  function nearby(kind: string, own: Value): ArgumentValue {
    if (own === null) return { integer: 1, boolean: true, money: '0', decimal: '0', timestamp: '2026-01-01T00:00:00Z', date: '2026-06-30' }[kind] ?? 'A';
    if (random.chance(0.5)) return own as ArgumentValue;
    if (kind === 'integer') return Number(own) + random.below(3) - 1;
    if (kind === 'boolean') return !own;
    if (kind === 'money' || kind === 'decimal') return random.pick([String(Math.trunc(Number(own))), `${Math.trunc(Number(own) / 2)}.5`, '0', '-1.0001']);
    if (kind === 'timestamp') return random.pick([`${asText(own).slice(0, 19)}Z`, `${asText(own).slice(0, 10)}T00:00:00.5Z`]);
    if (kind === 'date') return `${asText(own).slice(0, 8)}01`;
    return own as ArgumentValue;
  }

  function operand(field: FieldRule, operator: string, rows: readonly FixtureRow[]): ArgumentValue {
    const own = rows.length === 0 ? null : (random.pick(rows).fields[field.name] ?? null);
    const typed = (value: ArgumentValue): ArgumentValue => (field.kind === 'enum' ? new EnumName(value as string) : value);
    if (operator === 'isNull') return random.chance(0.5);
    if (operator === 'contains' || operator === 'startsWith')
      return operator === 'startsWith' && typeof own === 'string' && random.chance(0.6) ? own.slice(0, 1 + random.below(5)) : someText(own);
    if (field.kind === 'enum' || field.kind === 'id' || operator === 'in') {
      const known = [...new Set(rows.map((row) => row.fields[field.name] ?? null).filter((value) => value !== null))] as ArgumentValue[];
      if (known.length === 0) return operator === 'in' ? [] : field.kind === 'enum' ? null : 'none';
      return operator === 'in' ? random.some(known, random.below(4)).map(typed) : typed(random.pick(known));
    }
    return nearby(field.kind, own);
  }

  /** Mostly fields under the base permission, so that enough lists are answered. */
  function someField(record: RecordRule, fields: readonly FieldRule[]): FieldRule {
    const plain = fields.filter((field) => field.permission === record.permission);
    return plain.length > 0 && random.chance(0.65) ? random.pick(plain) : random.pick(fields);
  }

  function condition(record: RecordRule, depth: number): Record<string, ArgumentValue> {
    const rows = rowsOf(record);
    const filterable = [...record.fields.values()].filter((field) => field.operators.length > 0);
    const searchable = [...record.fields.values()].filter((field) => field.searchable);
    const luck = random.below(20);
    if (luck < 4 && record.tenant !== 'of no tenant')
      return {
        tenantId: random.chance(0.7) ? { eq: someTenant() } : random.chance(0.8) ? { in: Array.from({ length: random.below(4) }, someTenant) } : { isNull: random.chance(0.2) },
      };
    if (luck === 4) return { id: random.chance(0.5) ? { eq: someId(rows) } : { in: Array.from({ length: random.below(5) }, () => someId(rows)) } };
    if (luck < 8 && searchable.length > 0) {
      const row = rows.length > 0 ? random.pick(rows) : undefined;
      const text = someText(row?.fields[random.pick(searchable).name] ?? null);
      return { search: text.trim() === '' ? 'a' : text };
    }
    if (luck < 13 && depth < 3) {
      const parts = (): ArgumentValue[] => Array.from({ length: random.below(3) + (random.chance(0.9) ? 1 : 0) }, () => filter(record, depth + 1));
      return luck === 8 || luck === 9 ? { not: filter(record, depth + 1) } : luck === 10 ? { and: parts() } : { or: parts() };
    }
    if (filterable.length === 0) return {};
    const field = someField(record, filterable);
    return {
      [field.name]: Object.fromEntries(
        random.some(field.operators, random.chance(0.85) ? 1 : 2).map((operator) => [operator, random.chance(0.02) ? null : operand(field, operator, rows)]),
      ),
    };
  }

  function filter(record: RecordRule, depth = 0): Record<string, ArgumentValue> {
    return Object.assign({}, ...Array.from({ length: random.chance(0.04) ? 0 : 1 + random.below(2) }, () => condition(record, depth))) as Record<string, ArgumentValue>;
  }

  function order(record: RecordRule): ArgumentValue {
    const sortable = [...record.fields.values()].filter((field) => field.sortable);
    return Array.from({ length: random.below(3) }, () => {
      const name = sortable.length === 0 || random.chance(0.15) ? 'ID' : upperSnake(someField(record, sortable).name);
      return { field: new EnumName(name), ...(random.chance(0.7) ? { direction: new EnumName(random.chance(0.6) ? 'DESC' : 'ASC') } : {}) };
    });
  }

  /** Rows that came since the dump are left out of lists that grow by being read. */
  function settled(record: RecordRule, wanted: Record<string, ArgumentValue> | null): Record<string, ArgumentValue> | null {
    const growth = fixture.growing[record.type];
    if (!growth) return wanted;
    const before = { [growth.field]: { lte: growth.until } };
    return wanted ? { and: [before, wanted] } : before;
  }

  function pageOf(argument: string, largest: number): number {
    const rule = matrix.pages.get(argument);
    if (rule && random.chance(0.02)) return random.pick([rule.least - 1, rule.most + 1, -5, 1_000_000_000]);
    return random.chance(0.1) ? largest : 1 + random.below(Math.min(largest, 12));
  }

  return {
    one: (record: RecordRule): Arguments => ({ id: someId(rowsOf(record)) }),
    list: (record: RecordRule, mayGoOn: boolean): Arguments => {
      const wanted = settled(record, random.chance(0.75) ? filter(record) : null);
      return {
        ...(wanted || random.chance(0.1) ? { filter: wanted } : {}),
        ...(random.chance(0.5) ? { orderBy: order(record) } : {}),
        ...(random.chance(0.8) ? { first: pageOf('list first', 100) } : {}),
        ...(!mayGoOn && random.chance(0.2) ? { offset: random.chance(0.05) ? -1 : random.below(12) } : {}),
      };
    },
    related: (): Arguments => (random.chance(0.6) ? { first: pageOf('relation first', 20) } : {}),
  };
}

export type ArgumentSource = ReturnType<typeof createArgumentSource>;
