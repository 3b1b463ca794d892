import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printVerifierKey, type VerifierKey } from '../../transparency/note-key.ts';

/**
 * Names a log's keys in the list of the local witness, where they are missing. Once the list names a log it adds no other: that the log
 * was begun anew is for a person to say, by a line in the file.
 * @param succeeds the origin that this one follows because two people have acknowledged a gap; null for none
 * @returns whether the witness knows the log now
 */
export async function introduceLog(directory: string, origin: string, keys: readonly VerifierKey[], succeeds: string | null = null): Promise<boolean> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'logs');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });
  const named = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const knows = named.some((line) => line.startsWith(`${origin} `) || (succeeds !== null && line.startsWith(`${succeeds} `)));
  if (named.length > 0 && !knows) return false;
  const missing = keys.map((key) => `${origin} ${printVerifierKey(key)}`).filter((line) => !named.includes(line));
  if (missing.length > 0) await writeFile(path, `${missing.join('\n')}\n`, { flag: 'a', mode: 0o600 });
  return true;
}
