import { type Kysely, sql } from 'kysely';

/**
 * Looks for texts in every row of every table of the database, partitions and queues too, as a dump would hold them: in any column of any type, and in the
 * bytes of binary ones. Case is ignored.
 * @returns how many rows of which table hold which text; empty where none does.
 */
export async function findInEveryTable(superuser: Kysely<unknown>, texts: readonly string[]): Promise<readonly string[]> {
  const tables = await sql<{ schema: string; name: string }>`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1, 2`.execute(superuser);
  const hits: string[] = [];
  const plain = texts.map((text) => JSON.stringify(text).slice(1, -1).toLowerCase());
  const inBytes = texts.map((text) => Buffer.from(text).toString('hex'));
  for (const { schema, name } of tables.rows) {
    const { rows } = await sql<{ text: string; count: number }>`
      select sought.text, count(*)::int as count
      from (select lower(to_jsonb(r)::text) as content from ${sql.id(schema, name)} r) as dumped,
        unnest(${plain}::text[], ${inBytes}::text[], ${[...texts]}::text[]) as sought(plain, in_bytes, text)
      where position(sought.plain in dumped.content) > 0 or position(sought.in_bytes in dumped.content) > 0
      group by sought.text order by sought.text`.execute(superuser);
    hits.push(...rows.map(({ text, count }) => `${schema}.${name}: ${count} × ${text}`));
  }
  return hits;
}

/** The same in what the planner remembers of the columns of the gateway's own tables. */
export async function findInStatistics(superuser: Kysely<unknown>, texts: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ place: string }>`
    select schemaname || '.' || tablename || '.' || attname as place from pg_stats
    where schemaname in ('audit', 'gateway') and exists (select from unnest(${[...texts]}::text[]) text where position(text in to_jsonb(pg_stats)::text) > 0)`.execute(superuser);
  return rows.map(({ place }) => place);
}
