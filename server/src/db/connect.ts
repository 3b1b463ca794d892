import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { parse as parseArray } from 'postgres-array';
import { namingPool } from './named-statements.ts';

export interface PoolOptions {
  readonly connectionString: string;
  /** Most connections at a time. Default 10. */
  readonly max?: number;
  readonly applicationName?: string;
  /** A statement is cut off after this many milliseconds. Default 10 s; 0 is never. */
  readonly statementTimeoutMs?: number;
  /** Every statement runs under this role (`SET ROLE` at connect time). */
  readonly role?: string;
  /** Told when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void;
}

const OID = { int8: 20, date: 1082, timestamp: 1114, timestamptz: 1184 } as const;
const ARRAY_OF: Readonly<Record<number, number>> = { 1016: OID.int8, 1182: OID.date, 1115: OID.timestamp, 1185: OID.timestamptz };

/**
 * Opens a pool whose values read the same everywhere: `timestamp` and `timestamptz` as ISO 8601 in UTC with all six
 * digits (`2026-11-21T09:06:48.123456Z`), `date` as `2026-11-21`, `numeric` as exact string, `int8` as number where that is exact.
 */
export function openPool(options: PoolOptions): pg.Pool {
  const startup = ['-c timezone=UTC', '-c datestyle=ISO', ...(options.role ? [`-c role=${options.role}`] : [])];
  // node-postgres lets the address override; keep what the address says about options and add ours.
  const url = new URL(options.connectionString);
  const theirs = url.searchParams.get('options');
  url.searchParams.set('options', [...(theirs ? [theirs] : []), ...startup].join(' '));
  const pool = new pg.Pool({
    connectionString: url.href,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'sallyport',
    statement_timeout: options.statementTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: 30_000,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types: { getTypeParser },
    // Statements of one client are sent as they are asked, without waiting for the answer before; answers come in order.
    pipeline: true,
  });
  pool.on('error', options.onIdleError ?? (() => undefined));
  // A connection that breaks while it is checked out tells the query under way; without a listener of its own it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Kysely on a pool, tables unnamed: a module names its own by `withTables`. Destroying it ends the pool. */
export const kyselyOn = (pool: pg.Pool): Kysely<unknown> => new Kysely<unknown>({ dialect: new PostgresDialect({ pool: namingPool(pool) }) });

type Parser = (text: string) => unknown;

const parsers: Readonly<Record<number, Parser>> = {
  [OID.int8]: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
  [OID.date]: (text) => text,
  [OID.timestamp]: isoInstant,
  [OID.timestamptz]: isoInstant,
};

const getTypeParser: typeof pg.types.getTypeParser = ((oid: number, format?: 'text' | 'binary') => {
  if (format !== 'binary') {
    const parser = parsers[oid];
    if (parser) return parser;
    const element = parsers[ARRAY_OF[oid] ?? -1];
    if (element) return (text: string) => parseArray(text, element);
  }
  return pg.types.getTypeParser(oid, format as 'text');
}) as typeof pg.types.getTypeParser;

/** `2026-11-21 09:06:48.12+00` → `2026-11-21T09:06:48.120000Z`. `infinity` and years before Christ stay as PostgreSQL writes them. */
function isoInstant(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:\+00)?$/.exec(text);
  return match ? `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(6, '0')}Z` : text;
}
