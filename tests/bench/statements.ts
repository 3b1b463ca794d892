import pg from 'pg';

/** Forgets what pg_stat_statements has counted. */
export async function resetStatements(adminUrl: string): Promise<void> {
  await query(adminUrl, 'select pg_stat_statements_reset()');
}

/** The statements that a row ran: how often for each request, and their time in PostgreSQL. */
export async function readStatements(adminUrl: string, requests: number): Promise<string> {
  const rows = await query<{ calls: number; mean: number; text: string }>(
    adminUrl,
    `select calls::int, mean_exec_time as mean, regexp_replace(query, '\\s+', ' ', 'g') as text from pg_stat_statements
     where calls > ${Math.floor(requests / 20)} and query not ilike '%pg_stat_statements%' order by total_exec_time desc limit 20`,
  );
  const total = rows.reduce((sum, row) => sum + row.calls * row.mean, 0) / requests;
  const lines = rows.map(({ calls, mean, text }) => `    ${(calls / requests).toFixed(2)} × ${mean.toFixed(3)} ms  ${text.slice(0, 110)}`);
  return [`    ${(rows.reduce((sum, row) => sum + row.calls, 0) / requests).toFixed(1)} statements, ${total.toFixed(3)} ms of execution a request`, ...lines].join('\n');
}

async function query<R extends pg.QueryResultRow>(adminUrl: string, text: string): Promise<readonly R[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}
