import { createHash } from 'node:crypto';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/** Different texts that get a name in one process: each stays prepared on every connection, about 10 kB there. */
const MOST_NAMES = 400;
/** A text is worth a name from this sighting on. */
const SIGHTINGS = 3;

/**
 * Gives statements that come again a name, so that a connection parses and plans them once. Texts differ
 * with what is asked for, so names are bounded, and a text seen once or twice stays nameless.
 */
export function createStatementNames(): (text: string) => string | undefined {
  const sightings = new Map<string, number>();
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST_NAMES) return known;
    const seen = (sightings.get(text) ?? 0) + 1;
    if (seen < SIGHTINGS) {
      if (sightings.size >= MOST_NAMES * 10) sightings.clear();
      sightings.set(text, seen);
      return undefined;
    }
    sightings.delete(text);
    const name = `s_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
    names.set(text, name);
    return name;
  };
}

/** What node-postgres's client writes to; its types don't show it. */
interface Corkable {
  readonly connection?: { readonly stream?: { cork(): void; uncork(): void } };
}

/**
 * Holds back what a client writes until this turn's promises have run, so that statements sent together leave in one
 * write. A system call costs more than most statements do.
 */
function createGathering(client: Corkable): () => void {
  let gathering = false;
  return () => {
    const stream = client.connection?.stream;
    if (gathering || !stream) return;
    gathering = true;
    stream.cork();
    process.nextTick(() => {
      gathering = false;
      stream.uncork();
    });
  };
}

/** The pool as Kysely wants it, its clients naming what they send and sending together what is asked together. */
export function namingPool(pool: pg.Pool): PostgresPool {
  const nameOf = createStatementNames();
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  const wrap = (client: pg.PoolClient): PostgresPoolClient => {
    const known = wrapped.get(client);
    if (known) return known;
    const gather = createGathering(client as Corkable);
    const naming = {
      get processID() {
        return (client as { processID?: number }).processID;
      },
      query: (text: unknown, values?: readonly unknown[]) => {
        gather();
        if (typeof text !== 'string' || values === undefined || values.length === 0) return client.query(text as string, values as unknown[] | undefined);
        const name = nameOf(text);
        return name === undefined ? client.query(text, [...values]) : client.query({ name, text, values: [...values] });
      },
      release: (destroy?: boolean) => client.release(destroy),
    };
    // Kysely calls `query(sql, parameters)`, `query(cursor)`, `processID` and `release()`, nothing else.
    wrapped.set(client, naming as unknown as PostgresPoolClient);
    return naming as unknown as PostgresPoolClient;
  };
  return { connect: async () => wrap(await pool.connect()), end: () => pool.end(), options: pool.options };
}
