import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';

const BACK_MS = 60_000;

/** Kills (SIGKILL) the database server and all its processes at once, and waits until whoever keeps it alive has brought it back. */
export async function killDatabase(superuser: pg.Pool): Promise<void> {
  const { rows } = await superuser.query<{ file: string }>(`select pg_read_file('postmaster.pid') as file`);
  const postmaster = Number.parseInt(rows[0]?.file ?? '', 10);
  if (!Number.isInteger(postmaster) || postmaster < 2) throw new Error('The database server does not say who it is');
  const children = (await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')).trim().split(' ').map(Number);
  for (const pid of [postmaster, ...children]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // A backend may have ended by itself meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  for (const until = performance.now() + BACK_MS; performance.now() < until; await wait(50)) {
    const back = await superuser.query('select').then(
      () => true,
      () => false,
    );
    if (back) return;
  }
  throw new Error('The database server did not come back');
}
