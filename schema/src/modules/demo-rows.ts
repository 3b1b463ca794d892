import { type Kysely, sql } from 'kysely';

/** The day on which the demo company stands still: seeded times are counted back from it. */
export const DEMO_DAY = '2026-11-20T00:00:00.000Z';

const DAY_MILLISECONDS = 86_400_000;

/** ISO 8601 time `days` (may be negative or a fraction) after the demo day. */
export const daysFromDemoDay = (days: number): string => new Date(Date.parse(DEMO_DAY) + Math.round(days * DAY_MILLISECONDS)).toISOString();

export type DemoRow = Readonly<Record<string, string | number | boolean | null>>;

const ROWS_PER_STATEMENT = 2_000;

/**
 * Inserts rows in bulk, a few thousand per statement, in their order. Every row names the same
 * columns; PostgreSQL converts the values to the table's own types.
 * @throws {TypeError} when a row names other columns than the first.
 */
export async function insertDemoRows(db: Kysely<unknown>, table: string, rows: readonly DemoRow[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const odd = rows.find((row) => Object.keys(row).length !== columns.length || columns.some((column) => !(column in row)));
  if (odd) throw new TypeError(`Demo rows of ${table} differ in their columns`);
  const names = sql.join(columns.map((column) => sql.id(column)));
  const target = sql.id('product', table);
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const batch = JSON.stringify(rows.slice(start, start + ROWS_PER_STATEMENT));
    await sql`insert into ${target} (${names}) select ${names} from jsonb_populate_recordset(null::${target}, ${batch}::jsonb)`.execute(db);
  }
}

export interface DemoTenant {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly plan: 'starter' | 'growth' | 'business' | 'enterprise';
  readonly status: 'active' | 'trial' | 'suspended' | 'closed';
  readonly seatLimit: number;
  /** Age at the demo day, in days. */
  readonly ageDays: number;
}

/** The seeded tenants in the order of their codes, so that later modules build on them alike on every machine. */
export async function readDemoTenants(db: Kysely<unknown>): Promise<readonly DemoTenant[]> {
  const { rows } = await sql<DemoTenant>`
    select id, code, name, plan, status, seat_limit as "seatLimit",
      extract(epoch from ${DEMO_DAY}::timestamptz - created_at)::float8 / 86400 as "ageDays"
    from product.tenant order by length(code), code`.execute(db);
  return rows;
}

/** `TNT-` and 5 gives `TNT-00042`. */
export const reference = (prefix: string, width: number, number: number): string => `${prefix}${String(number).padStart(width, '0')}`;
