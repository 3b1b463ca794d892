import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { SecretKeys } from './auth/sealed-secret.ts';
import type { Config } from './config.ts';
import { StartRefusal } from './start-refusal.ts';

const KEY_BYTES = 32;

const KeyFile = z.strictObject({ currentKeyId: z.string().min(1), keys: z.record(z.string().min(1), z.base64().or(z.base64url())) });

/**
 * Reads the key file, which is kept apart from the database; makes it on the first start, unless KEY_FILE names it.
 * @throws {StartRefusal} when it is missing, malformed, or readable by everybody on the machine.
 */
export async function readSecretKeys(config: Pick<Config, 'keyFile' | 'makesKeyFile'>): Promise<SecretKeys> {
  if (config.makesKeyFile) await makeKeyFile(config.keyFile);
  const { mode } = await stat(config.keyFile).catch((cause) => {
    throw new StartRefusal(`KEY_FILE names a file that is not there: ${config.keyFile}`, { cause });
  });
  if (process.platform !== 'win32' && (mode & 0o007) !== 0)
    throw new StartRefusal(`KEY_FILE ${config.keyFile} can be read by everybody on this machine. Take that right away: chmod 600 ${config.keyFile}`);
  const content = KeyFile.safeParse(parse(await readFile(config.keyFile, 'utf8')));
  if (!content.success) throw new StartRefusal(`KEY_FILE ${config.keyFile} is not a key file: {"currentKeyId":"…","keys":{"…":"<32 bytes, base64>"}}`);
  const keys = Object.fromEntries(Object.entries(content.data.keys).map(([id, text]) => [id, Buffer.from(text, 'base64')]));
  if (!Object.hasOwn(keys, content.data.currentKeyId)) throw new StartRefusal(`KEY_FILE ${config.keyFile}: the current key is not among the keys`);
  if (Object.values(keys).some((key) => key.length !== KEY_BYTES)) throw new StartRefusal(`KEY_FILE ${config.keyFile}: each key has to be ${KEY_BYTES} bytes long`);
  return { currentKeyId: content.data.currentKeyId, keys };
}

async function makeKeyFile(path: string): Promise<void> {
  const id = randomUUID();
  await mkdir(dirname(path), { recursive: true });
  const content = JSON.stringify({ currentKeyId: id, keys: { [id]: randomBytes(KEY_BYTES).toString('base64') } });
  await writeFile(path, `${content}\n`, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
