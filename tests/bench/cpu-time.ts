import { readFile } from 'node:fs/promises';
import pg from 'pg';

/** Milliseconds of a clock tick in /proc (USER_HZ is 100 on every Linux that Node runs on). */
const TICK_MS = 10;

/** CPU time that each process has used so far, user and system, in milliseconds. Empty where there is no /proc. */
export async function cpuTimes(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const times = await Promise.all(
    pids.map(async (pid): Promise<readonly [number, number]> => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // Fields 14 and 15; the name in field 2 may hold blanks, so count from behind its bracket.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return [pid, (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS];
    }),
  );
  return new Map(times);
}

/** Time used between two readings; a process that is new counts from its start. */
export function timeBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  return [...after].reduce((sum, [pid, time]) => sum + time - (before.get(pid) ?? 0), 0);
}

/** Process IDs of PostgreSQL that work for the servers under test: their connections, and the writer of the log that commits wait for. */
export async function databasePids(adminUrl: string): Promise<readonly number[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(`select pid from pg_stat_activity where application_name = 'bench' or backend_type in ('walwriter', 'io worker')`);
    return rows.map(({ pid }) => pid);
  } finally {
    await client.end();
  }
}
