import type { Tx } from '@sallyport/schema/ports.ts';
import { type CompiledQuery, type DatabaseConnection, type Driver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type QueryResult } from 'kysely';
import type pg from 'pg';
import { namingPool } from './named-statements.ts';

/**
 * A transaction on a connection of its own, whose statements are sent as they are asked: what is asked together travels
 * together. (Kysely's own transactions send a statement when the one before is answered.)
 */
export interface PipelinedTransaction {
  readonly tx: Tx;
  /**
   * Sends the last statements and COMMIT in one go, in this order, and gives the connection back. Where a
   * statement fails the server answers COMMIT with a rollback, so none of it is done.
   * @returns how each fared, COMMIT last. Rejects never.
   */
  commit(last: readonly CompiledQuery[]): Promise<readonly PromiseSettledResult<unknown>[]>;
  /** Undoes everything and gives the connection back. A connection that is gone has rolled back by itself. */
  rollback(): Promise<void>;
}

export type OpenTransaction = () => Promise<PipelinedTransaction>;

type NamingClient = Awaited<ReturnType<ReturnType<typeof namingPool>['connect']>>;

/** Opens transactions on the pool's connections. */
export function createTransactions(pool: pg.Pool): OpenTransaction {
  const connections = namingPool(pool);
  return async () => {
    const client = await connections.connect();
    const connection = new TransactionConnection(client);
    // Typed as a transaction, for that is what every statement of it runs in; it begins and ends here alone.
    const tx = new Kysely<unknown>({
      dialect: {
        createDriver: () => new TransactionDriver(connection),
        createAdapter: () => new PostgresAdapter(),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: (db) => new PostgresIntrospector(db),
      },
    }) as Tx;
    return {
      tx,
      async commit(last) {
        // Asked within one turn, so that nothing can come between or overtake.
        const sent = [...last.map((query) => connection.executeQuery(query)), connection.end('commit')];
        const results = await Promise.allSettled(sent);
        client.release();
        return results;
      },
      async rollback() {
        const undone = await connection.end('rollback').then(
          () => true,
          () => false,
        );
        client.release(!undone);
      },
    };
  };
}

/** One client between BEGIN and its end. */
class TransactionConnection implements DatabaseConnection {
  readonly #client: NamingClient;
  /** BEGIN is on its way while the first statements are; their answers count only once it was answered. */
  readonly #begun: Promise<unknown>;
  #over = false;

  constructor(client: NamingClient) {
    this.#client = client;
    this.#begun = client.query('begin', []);
    this.#begun.catch(() => undefined);
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#over) return Promise.reject(new Error('The transaction is over'));
    return this.#send<R>(query.sql, query.parameters);
  }

  /** The last statement; whatever comes after it is refused. */
  end(statement: 'commit' | 'rollback'): Promise<unknown> {
    if (this.#over) return Promise.reject(new Error('The transaction is over'));
    this.#over = true;
    return this.#send(statement, []);
  }

  async #send<R>(text: string, values: readonly unknown[]): Promise<QueryResult<R>> {
    const [, { command, rowCount, rows }] = await Promise.all([this.#begun, this.#client.query<R>(text, values)]);
    if (command === 'SELECT') return { rows };
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('A transaction of an act does not stream');
  }
}

/** Always the one connection, without waiting for the statement before. */
class TransactionDriver implements Driver {
  readonly #connection: TransactionConnection;

  constructor(connection: TransactionConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  beginTransaction(): Promise<void> {
    return Promise.reject(new Error('An act has one transaction'));
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}
