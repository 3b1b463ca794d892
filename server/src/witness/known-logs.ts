import { readFile, stat } from 'node:fs/promises';
import { LogFault } from '../transparency/log-fault.ts';
import { parseVerifierKey, type VerifierKey } from '../transparency/note-key.ts';
import { WitnessRefusal } from './witness-refusal.ts';

/** The keys of each log that is witnessed, by origin. */
export type KnownLogs = ReadonlyMap<string, readonly VerifierKey[]>;

/**
 * Reads a list of logs: a line for each key, the origin and the verifier key with a space between. Several lines of one origin
 * are several keys of one log. Lines that begin with # and empty lines say nothing.
 *
 *     # the log of production, both keys while they are changed
 *     admin.example.com/production/4f1c admin.example.com/production/4f1c+530d903a+AekyeRrm56hGpGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
 *
 * @throws {WitnessRefusal} that names the line
 */
export function parseLogs(text: string): KnownLogs {
  const logs = new Map<string, readonly VerifierKey[]>();
  for (const [place, line] of text.split('\n').entries()) {
    const entry = line.trim();
    if (entry === '' || entry.startsWith('#')) continue;
    const divide = entry.lastIndexOf(' ');
    addLog(logs, entry.slice(0, Math.max(0, divide)).trim(), entry.slice(divide + 1), `Line ${place + 1} of the list of logs`);
  }
  return logs;
}

/** Reads `<origin>=<verifier key>`. @throws {WitnessRefusal} */
export function parseLogOption(option: string): KnownLogs {
  const divide = option.indexOf('=');
  const logs = new Map<string, readonly VerifierKey[]>();
  addLog(logs, option.slice(0, Math.max(0, divide)), option.slice(divide + 1), `--log ${option.slice(0, 200)}`);
  return logs;
}

function addLog(logs: Map<string, readonly VerifierKey[]>, origin: string, keyText: string, where: string): void {
  if (origin === '') throw new WitnessRefusal(`${where} names no origin.`);
  logs.set(origin, [...(logs.get(origin) ?? []), readLogKey(keyText, where)]);
}

function readLogKey(text: string, where: string): VerifierKey {
  try {
    const key = parseVerifierKey(text);
    if (key.type === 'ed25519') return key;
  } catch (error) {
    if (!(error instanceof LogFault)) throw error;
  }
  throw new WitnessRefusal(`${where} does not end with the Ed25519 verifier key of a log.`);
}

export interface KnownLogsSource {
  /** Keys of the log of this origin as of now; null for a log that is not witnessed. */
  keysOf(origin: string): Promise<readonly VerifierKey[] | null>;
  /** Every log that is witnessed as of now. */
  origins(): Promise<readonly string[]>;
}

/**
 * Logs named once, and a file of logs that is read again when it changes. A changed file that can't be read leaves what was
 * known before in force: an unfinished edit neither adds a log nor drops one.
 * @param complain told of such a file, once for each change
 * @throws {WitnessRefusal} when the file can't be read at the start
 */
export async function openKnownLogs(named: readonly KnownLogs[], file: string | null, complain: (text: string) => void): Promise<KnownLogsSource> {
  let version = '';
  let fromFile: KnownLogs = new Map();
  const reload = async (path: string): Promise<void> => {
    const { mtimeNs, size, ino } = await stat(path, { bigint: true });
    const now = `${mtimeNs}/${size}/${ino}`;
    if (now === version) return;
    version = now;
    fromFile = parseLogs(await readFile(path, 'utf8'));
  };
  const explain = (error: unknown): string => (error instanceof WitnessRefusal ? error.message : `The list of logs can't be read (${(error as NodeJS.ErrnoException).code}).`);
  if (file !== null) await reload(file).catch((cause: unknown) => Promise.reject(new WitnessRefusal(explain(cause), { cause })));
  let complained = '';
  const current = async (): Promise<readonly KnownLogs[]> => {
    try {
      if (file !== null) await reload(file);
    } catch (error) {
      const complaint = `${version} ${explain(error)}`;
      if (complaint !== complained) complain(`${explain(error)} What was known before stays in force.`);
      complained = complaint;
    }
    return [...named, fromFile];
  };
  return {
    async keysOf(origin) {
      const keys = (await current()).flatMap((logs) => logs.get(origin) ?? []);
      return keys.length === 0 ? null : keys;
    },
    origins: async () => (await current()).flatMap((logs) => [...logs.keys()]),
  };
}
