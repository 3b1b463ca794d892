import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Db } from '@sallyport/schema/ports.ts';
import { newTiles, printTilePath } from '../transparency/tiles.ts';
import { latestRetentionNote } from './keeping/retention-statements.ts';
import { createLogReader } from './log-reader.ts';

/**
 * Writes the log up to its newest checkpoint into a folder, laid out as C2SP tlog-tiles has it: what an outsider needs to verify all of it.
 * An entry that has served its time is there with no bytes.
 * @returns how many entries; null where nothing has been signed yet.
 */
export async function copyLog(db: Db, folder: string): Promise<number | null> {
  const reader = createLogReader(db);
  const checkpoint = await reader.latestCheckpoint();
  if (!checkpoint) return null;
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  for (const tile of newTiles(0, checkpoint.size)) {
    await write(printTilePath({ kind: 'hashes', ...tile }), await reader.readTile(tile));
    if (tile.level === 0) await write(printTilePath({ kind: 'entries', ...tile }), await reader.readBundle(tile));
  }
  const retention = await latestRetentionNote(db);
  if (retention !== null) await write('retention.note', retention);
  // Last: a copy that was cut short has no checkpoint to be taken for a whole one.
  await write('checkpoint', checkpoint.note);
  return checkpoint.size;
}
