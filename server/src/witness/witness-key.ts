import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LogFault } from '../transparency/log-fault.ts';
import { generateSignerKey, isKeyName, parseSignerKey, printSignerKey, type SignerKey } from '../transparency/note-key.ts';
import type { Disk } from './disk.ts';
import { WitnessRefusal } from './witness-refusal.ts';

/** The secret key of a witness, in its state directory. */
export const keyPath = (directory: string): string => join(directory, 'key');

/**
 * Reads the witness's key; makes it on the first start, durable before it signs anything.
 * @param name of the witness; null keeps the one it has, or makes one up
 * @param hasState whether something was cosigned already: then a missing key is not made again
 * @throws {WitnessRefusal}
 */
export async function openWitnessKey(directory: string, name: string | null, hasState: boolean, disk: Disk): Promise<SignerKey> {
  if (name !== null && !isKeyName(name)) throw new WitnessRefusal('--name has to be without spaces and plus signs, best an address like witness.example.com/1.');
  const path = keyPath(directory);
  if ((await disk.read(path)) === null) {
    if (hasState) throw new WitnessRefusal(`${path} is missing, though this witness has cosigned before. Put the key back, or give a new witness a directory of its own.`);
    const made = generateSignerKey(name ?? `witness.local/${randomBytes(4).toString('hex')}`, 'cosignature');
    const pending = join(directory, `key-${randomBytes(8).toString('hex')}`);
    await disk.write(pending, `${printSignerKey(made)}\n`);
    await disk.sync(pending);
    // Of two that start at once, one key stays.
    await disk.link(pending, path);
    await disk.remove(pending);
    await disk.sync(directory);
  }
  const key = readKey((await disk.read(path)) ?? '', path);
  if (name !== null && key.verifier.name !== name)
    throw new WitnessRefusal(`The key in ${path} is of ${key.verifier.name}. A witness of another name needs a directory of its own.`);
  return key;
}

function readKey(text: string, path: string): SignerKey {
  try {
    const key = parseSignerKey(text.trim());
    if (key.verifier.type === 'cosignature') return key;
  } catch (error) {
    if (!(error instanceof LogFault)) throw error;
  }
  throw new WitnessRefusal(`${path} holds no key of a witness.`);
}

/** @throws {WitnessRefusal} when others on this machine can read the key */
export async function requirePrivate(directory: string): Promise<void> {
  const path = keyPath(directory);
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new WitnessRefusal(`${path} can be read by others on this machine. Take that right away: chmod 600 ${path}`);
}
