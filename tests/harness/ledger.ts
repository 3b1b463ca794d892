import type pg from 'pg';

/** What the log says of one event, as far as the harnesses ask. */
export interface LoggedEvent {
  readonly id: string;
  readonly sequence: number;
  readonly kind: string;
  readonly outcome: string;
  readonly reason_code: string | null;
  readonly correlation_id: string;
  readonly actor_id: string | null;
  readonly action: string | null;
  readonly permission: string | null;
  readonly tenant_id: string | null;
  readonly target_type: string | null;
  readonly target_id: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly step_up_id: string | null;
  readonly policy_version: string;
  readonly surface: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly approval_id: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

export interface Mark {
  readonly sequence: number;
  readonly sums: ReadonlyMap<string, string>;
}

/** What happened to the database since a mark. */
export interface Happened {
  readonly events: readonly LoggedEvent[];
  /** Tables whose content differs. */
  readonly changed: readonly string[];
}

export interface Ledger {
  mark(): Promise<Mark>;
  since(mark: Mark): Promise<Happened>;
}

/**
 * What a refused request may touch, and why: columns left out of a table's checksum, `*` for the whole table.
 * Everything else in the database counts, idempotency records and queued jobs included.
 */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  'gateway.session': ['last_seen_at', 'token_hash'], // noted once a minute; rotated by a step-up
  'gateway.staff': ['totp_last_step'], // the code of a step-up is spent whatever follows
  'gateway.access_token': ['last_used_at'], // noted once a minute
  'gateway.grant_use': ['*'], // noted from the log by a job
  'gateway.attempt_budget': ['*'], // attempts are counted before anything is compared
  'gateway.step_up': ['challenge_hash', 'proof_hash', 'expires_at', 'verified_at'], // see CHALLENGES
};
/** A refusal may issue a challenge: rows of `step_up` count from the moment they are spent. */
const CHALLENGES = 'gateway.step_up';
/** Of the schema of the log, what acts write besides events: what is kept, held, erased, acknowledged. */
const OF_THE_LOG = new Set(['retention_period', 'legal_hold', 'legal_hold_release', 'erasure', 'act_of_two', 'retention_statement', 'log_gap']);
/** The log itself is what is compared with; the queue's own bookkeeping is not ours. */
const isCounted = (schema: string, name: string): boolean => (schema !== 'audit' || OF_THE_LOG.has(name)) && (schema !== 'graphile_worker' || name === '_private_jobs');

/** Compares the log with the sum of all rows. `pool` must be allowed to read everything. */
export async function openLedger(pool: pg.Pool): Promise<Ledger> {
  const { rows } = await pool.query<{ schema: string; name: string }>(
    `select table_schema as schema, table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1, 2`,
  );
  const statement = rows
    .filter(({ schema, name }) => isCounted(schema, name))
    .flatMap(({ schema, name }) => {
      const table = `${schema}.${name}`;
      const left = LEFT_OUT[table] ?? [];
      if (left.includes('*')) return [];
      // Who last wrote a row is enough where every column counts, and catches a write that changes nothing; it costs a tenth of reading it all.
      const row = left.length === 0 ? 'xmin::text::numeric' : `hashtextextended((to_jsonb(t) - array[${left.map((column) => `'${column}'`).join(', ')}])::text, 0)::numeric`;
      const where = table === CHALLENGES ? ' where consumed_at is not null' : '';
      return [`select '${table}' as name, count(*) || ':' || coalesce(sum(${row}), 0) as sum from "${schema}"."${name}" t${where}`];
    })
    .join(' union all ');
  const sums = async (): Promise<ReadonlyMap<string, string>> => new Map((await pool.query<{ name: string; sum: string }>(statement)).rows.map(({ name, sum }) => [name, sum]));
  return {
    async mark() {
      const last = await pool.query<{ sequence: number }>('select coalesce(max(sequence), 0)::int as sequence from audit.event');
      return { sequence: last.rows[0]?.sequence ?? 0, sums: await sums() };
    },
    async since(mark) {
      const { rows: events } = await pool.query<LoggedEvent>('select * from audit.event where sequence > $1 order by sequence', [mark.sequence]);
      const now = await sums();
      return { events, changed: [...now].flatMap(([name, sum]) => (mark.sums.get(name) === sum ? [] : [name])) };
    },
  };
}
