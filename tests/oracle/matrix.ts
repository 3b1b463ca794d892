/** What `access-matrix.md` says, read from its text. The oracle knows the rules from nowhere else. */
export interface Matrix {
  readonly permissions: ReadonlyMap<string, PermissionRule>;
  readonly records: ReadonlyMap<string, RecordRule>;
  readonly acts: readonly ActRule[];
  readonly pages: ReadonlyMap<string, { readonly least: number; readonly most: number; readonly usual: number }>;
}

export interface PermissionRule {
  readonly reach: string;
  readonly roles: ReadonlySet<string>;
  readonly everyone: boolean;
}

export interface OrderRule {
  readonly field: string;
  readonly descending: boolean;
}

export interface RecordRule {
  readonly type: string;
  readonly query: string;
  readonly list: string;
  readonly permission: string;
  readonly tenant: 'is the tenant' | 'of a tenant' | 'of no tenant';
  readonly crossTenant: string | null;
  readonly order: OrderRule;
  readonly versioned: boolean;
  readonly ownRows: boolean;
  readonly fields: ReadonlyMap<string, FieldRule>;
  readonly relations: ReadonlyMap<string, RelationRule>;
}

export interface FieldRule {
  readonly name: string;
  readonly kind: string;
  readonly permission: string;
  readonly personal: boolean;
  readonly operators: readonly string[];
  readonly sortable: boolean;
  readonly searchable: boolean;
}

export interface RelationRule {
  readonly name: string;
  readonly kind: 'one' | 'many' | 'count';
  readonly to: string;
  readonly permission: string;
  readonly order: OrderRule | null;
}

export interface ActRule {
  readonly name: string;
  readonly on: string;
  readonly permission: string;
  readonly makesOne: boolean;
  readonly ownRows: boolean;
  readonly stepUp: 'NEVER' | 'ALWAYS' | 'CONDITIONAL';
  /** Field and values outside which the act is not enabled. */
  readonly onlyWhile: { readonly field: string; readonly values: readonly string[] } | null;
}

type Row = (column: string) => string;

/** @throws {TypeError} naming the section or column that the text lacks. */
export function parseMatrix(text: string): Matrix {
  const permissionRows = tableUnder(text, 'Permissions');
  // An emergency is nothing that anybody holds while the oracle looks on.
  const others = new Set(['permission', 'effect', 'reach', 'tier', 'everyone', 'break-glass']);
  const roles = permissionRows.columns.filter((column) => !others.has(column));
  const fields = new Map<string, Map<string, FieldRule>>();
  for (const row of tableUnder(text, 'Fields').rows) {
    const [type = '', name = ''] = row('field').split('.');
    below(fields, type).set(name, {
      name,
      kind: row('kind'),
      permission: row('permission'),
      personal: row('class') === 'personal',
      operators: words(row('filter')),
      sortable: row('order') === 'yes',
      searchable: row('search') === 'yes',
    });
  }
  const relations = new Map<string, Map<string, RelationRule>>();
  for (const row of tableUnder(text, 'Relations').rows) {
    const [type = '', name = ''] = row('relation').split('.');
    below(relations, type).set(name, { name, kind: row('kind') as RelationRule['kind'], to: row('to'), permission: row('base permission'), order: orderOf(row('order')) });
  }
  const records = tableUnder(text, 'Records').rows.map((row): RecordRule => {
    const order = orderOf(row('default order'));
    if (!order) throw new TypeError(`The access matrix names no default order of ${row('type')}`);
    return {
      type: row('type'),
      query: row('query'),
      list: row('list'),
      permission: row('base permission'),
      tenant: row('tenant') as RecordRule['tenant'],
      crossTenant: row('cross-tenant permission') || null,
      order,
      versioned: row('version') === 'yes',
      ownRows: row('own rows only') === 'yes',
      fields: fields.get(row('type')) ?? new Map(),
      relations: relations.get(row('type')) ?? new Map(),
    };
  });
  return {
    permissions: new Map(
      permissionRows.rows.map((row) => [
        row('permission'),
        { reach: row('reach'), roles: new Set(roles.filter((role) => row(role) === 'yes')), everyone: row('everyone') === 'yes' },
      ]),
    ),
    records: new Map(records.map((record) => [record.type, record])),
    acts: tableUnder(text, 'Acts').rows.map((row) => ({
      name: row('act'),
      on: row('on'),
      permission: row('permission'),
      makesOne: row('makes one') === 'yes',
      ownRows: row('own rows only') === 'yes',
      stepUp: row('step-up') === 'never' ? 'NEVER' : row('step-up') === 'always' ? 'ALWAYS' : 'CONDITIONAL',
      onlyWhile: stateOf(row('only while')),
    })),
    pages: new Map(tableUnder(text, 'Pages').rows.map((row) => [row('argument'), { least: Number(row('least')), most: Number(row('most')), usual: Number(row('default')) }])),
  };
}

function tableUnder(text: string, heading: string): { readonly columns: readonly string[]; readonly rows: readonly Row[] } {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  const lines = (section ?? '').split('\n').filter((line) => line.startsWith('|'));
  const [head, , ...body] = lines.map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
  if (!head) throw new TypeError(`The access matrix has no table under ${heading}`);
  const rows = body.map(
    (cells): Row =>
      (column) => {
        const value = cells[head.indexOf(column)];
        if (value === undefined) throw new TypeError(`The access matrix has no column ${column} under ${heading}`);
        return value;
      },
  );
  return { columns: head, rows };
}

const words = (cell: string): string[] => cell.split(' ').filter((word) => word !== '');

function orderOf(cell: string): OrderRule | null {
  const [field, direction] = words(cell);
  return field ? { field, descending: direction === 'desc' } : null;
}

function stateOf(cell: string): ActRule['onlyWhile'] {
  const [field = '', values = ''] = cell.split(':');
  return field ? { field, values: words(values) } : null;
}

function below<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const inner = map.get(key) ?? new Map<string, Value>();
  map.set(key, inner);
  return inner;
}
