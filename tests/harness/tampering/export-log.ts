import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { createLogReader, type LogHead, type LogReader } from '@sallyport/server/integrity/log-reader.ts';
import { packBundle } from '@sallyport/server/transparency/tile-data.ts';
import { newTiles, printTilePath, TILE_WIDTH, tileWidth } from '@sallyport/server/transparency/tiles.ts';

/** What a database gives out of its log, to be checked where nobody can ask it anything more. */
export interface LogExport {
  /** As the database states it. */
  readonly head: LogHead | null;
  /** Checkpoint, tiles and entries as C2SP tlog-tiles lays them out. */
  readonly folder: string;
}

/** Exports the whole log, as far as the database claims that there is one, through the gateway's own reader with the auditor's rights. */
export async function exportLog(databaseUrl: string): Promise<LogExport> {
  const pool = openPool({ connectionString: databaseUrl, max: 2, applicationName: 'harness-export', role: 'sallyport_auditor' });
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-export-'));
  const put = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  };
  try {
    const reader = createLogReader(kyselyOn(pool));
    const [head, checkpoint] = [await reader.head(), await reader.latestCheckpoint()];
    if (checkpoint) await put('checkpoint', checkpoint.note);
    const size = Math.max(head?.size ?? 0, checkpoint?.size ?? 0);
    for (const tile of newTiles(0, size)) {
      const bytes = await reader.readTile(tile);
      if (bytes.length > 0) await put(printTilePath({ kind: 'hashes', ...tile }), bytes);
    }
    for (let index = 0; index * TILE_WIDTH < size; index += 1) {
      const entries = await readBundle(reader, index * TILE_WIDTH, Math.min(size, (index + 1) * TILE_WIDTH));
      if (entries.length > 0) await put(printTilePath({ kind: 'entries', level: 0, index, width: tileWidth(0, index, size) }), packBundle(entries));
    }
    return { head, folder };
  } finally {
    await pool.end();
  }
}

/** An entry for which the log gives no bytes has none. */
async function readBundle(reader: LogReader, begin: number, end: number): Promise<readonly Buffer[]> {
  const entries: Buffer[] = [];
  for await (const page of reader.readEntries(begin, end)) for (const { canonical } of page) entries.push(canonical ?? Buffer.alloc(0));
  return entries;
}
