import pg from 'pg';

/** The right to work on one stream, and the connection that is this right. */
export interface HeldStream {
  /** Runs a statement on the connection that holds the stream: where the hold is lost, it fails. */
  query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<readonly Row[]>;
  /** Gives the stream to whoever asks next. */
  release(): Promise<void>;
}

const APPLICATION = 'sallyport-stream';
const STATEMENT_MS = 10_000;
const END_MS = 1_000;
/** How soon the database notices that a machine is gone, in seconds: 15 of silence, then three questions. */
const KEEPALIVES = '-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

/**
 * Takes hold of a stream, if nobody has: a session's advisory lock, on a connection of its own. A process that is killed lets go
 * with its connection. The cursor is moved on this connection alone, so whoever has lost the hold can't move it.
 * @param options of the gateway's pool: the same database and login.
 * @returns null while another gateway works on the stream.
 */
export async function holdStream(options: pg.PoolConfig, name: string): Promise<HeldStream | null> {
  const address = typeof options.connectionString === 'string' ? URL.parse(options.connectionString) : null;
  if (address) address.searchParams.set('options', [address.searchParams.get('options') ?? '', KEEPALIVES].join(' ').trim());
  const client = new pg.Client({
    ...options,
    ...(address ? { connectionString: address.href } : {}),
    application_name: APPLICATION,
    keepAlive: true,
    query_timeout: STATEMENT_MS,
  });
  // A broken connection fails the next statement; nothing else has to be done about it.
  client.on('error', () => undefined);
  const release = async (): Promise<void> => {
    const late = new Promise<void>((resolve) => {
      setTimeout(resolve, END_MS).unref();
    });
    await Promise.race([client.end().catch(() => undefined), late]);
  };
  try {
    await client.connect();
    const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock(hashtextextended('gateway.log_stream ' || $1, 0)) as held`, [name]);
    if (rows[0]?.held !== true) {
      await release();
      return null;
    }
  } catch (fault) {
    await release();
    throw fault;
  }
  return { query: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => (await client.query<Row>(text, [...values])).rows, release };
}
