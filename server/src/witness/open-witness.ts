import { dirname, join, resolve } from 'node:path';
import type { SignerKey } from '../transparency/note-key.ts';
import { openAlarms } from './alarms.ts';
import { checkpointsPath, openCosignedCheckpoints } from './cosigned-checkpoints.ts';
import { type Disk, realDisk } from './disk.ts';
import { type KnownLogs, type KnownLogsSource, openKnownLogs } from './known-logs.ts';
import { createWitness, type Witness } from './witness.ts';
import { openWitnessKey, requirePrivate } from './witness-key.ts';

export interface WitnessOptions {
  /** Holds the key, the checkpoints and the alarms of one witness. Lost or put back from a backup, the witness forgets what it swore. */
  readonly directory: string;
  /** Of the key that is made on the first start; null makes one up. */
  readonly name: string | null;
  /** Logs that were named on the command line. */
  readonly named: readonly KnownLogs[];
  /** List of logs; null for none. */
  readonly logsFile: string | null;
  /** For the operator: alarms, and what went wrong on this machine. */
  readonly tell: (text: string) => void;
}

/** @throws {WitnessRefusal} with a text for the operator */
export async function openWitness({ directory: path, name, named, logsFile, tell }: WitnessOptions): Promise<{ readonly witness: Witness; readonly logs: KnownLogsSource }> {
  const logs = await openKnownLogs(named, logsFile, tell);
  const directory = resolve(path);
  const checkpoints = checkpointsPath(directory);
  await realDisk.makeDirectory(checkpoints);
  for (const folder of [directory, dirname(directory)]) await realDisk.sync(folder);
  const key = await openPrivateKey(directory, name, realDisk, checkpoints);
  const alarms = await openAlarms(join(directory, 'alarms.jsonl'), () => new Date(), tell);
  const cosigned = openCosignedCheckpoints(checkpoints, key.verifier, realDisk);
  return { witness: createWitness({ key, logs, cosigned, alarms, clock: Date.now }), logs };
}

async function openPrivateKey(directory: string, name: string | null, disk: Disk, checkpoints: string): Promise<SignerKey> {
  const key = await openWitnessKey(directory, name, (await disk.list(checkpoints)).length > 0, disk);
  await requirePrivate(directory);
  return key;
}
