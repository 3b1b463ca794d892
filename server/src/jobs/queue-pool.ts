import pg from 'pg';

/**
 * A pool as graphile-worker expects it: the times it asks for come as `Date`. Ours reads times as text, and the comparison by which
 * graphile-worker finds the turns that were missed takes a text for "never". Everything else is the pool itself.
 */
export function queuePool(pool: pg.Pool): pg.Pool {
  const query = (statement: string | pg.QueryConfig, values?: unknown[]) =>
    pool.query({ ...(typeof statement === 'string' ? { text: statement } : statement), ...(values === undefined ? {} : { values }), types: pg.types });
  return new Proxy(pool, {
    get(target, name) {
      if (name === 'query') return query;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
