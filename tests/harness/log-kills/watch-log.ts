import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';

/** Somebody outside who keeps every checkpoint that they get to see. */
export interface LogWatch {
  readonly notes: readonly string[];
  stop(): Promise<void>;
}

/** Asks for the newest checkpoint every 50 ms; a server that is down is asked again. */
export function watchLog(pool: pg.Pool): LogWatch {
  const notes: string[] = [];
  let running = true;
  const watching = (async () => {
    while (running) {
      const { rows } = await pool.query<{ note: string }>('select note from audit.checkpoint where size > 0 order by size desc limit 1').catch(() => ({ rows: [] }));
      const note = rows[0]?.note;
      if (note !== undefined && note !== notes.at(-1)) notes.push(note);
      await wait(50);
    }
  })();
  return {
    notes,
    stop: async () => {
      running = false;
      await watching;
    },
  };
}
