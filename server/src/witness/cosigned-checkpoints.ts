import { hash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Checkpoint, parseCheckpoint } from '../transparency/checkpoint.ts';
import { openNote } from '../transparency/note.ts';
import type { VerifierKey } from '../transparency/note-key.ts';
import type { Disk } from './disk.ts';

/** The checkpoint of a log that was cosigned last. */
export interface Cosigned {
  /** Counts the checkpoints that were kept for this log; the compare-and-swap is on it. */
  readonly turn: number;
  /** With the log's signatures and ours. */
  readonly note: string;
  readonly checkpoint: Checkpoint;
  /** What our signature states, in seconds since the Unix epoch. */
  readonly time: number;
}

/** Memory of the witness: for each log the checkpoint that it cosigned last. */
export interface CosignedCheckpoints {
  /**
   * @returns null for a log of which nothing was ever cosigned
   * @throws when what is kept is not ours: a damaged memory is never taken for an empty one
   */
  latest(origin: string): Promise<Cosigned | null>;
  /** The same, made durable first: what a crash left behind half done may be told of after this. */
  latestDurable(origin: string): Promise<Cosigned | null>;
  /**
   * Puts a cosigned note in the place of the one that was seen. Durable once it answers true; false when somebody else,
   * perhaps another process on this directory, was faster.
   */
  replace(origin: string, seen: Cosigned | null, note: string): Promise<boolean>;
}

/** The directory of a log, and the name under which monitors ask for it (C2SP tlog-witness): SHA-256 of the origin in hex. */
export const originHash = (origin: string): string => hash('sha256', Buffer.from(origin), 'hex');

/** Where a witness keeps its checkpoints, in its state directory. */
export const checkpointsPath = (directory: string): string => join(directory, 'checkpoints');

const TURN = /^\d{15}$/;
const nameOf = (turn: number): string => `${turn}`.padStart(15, '0');
/** How often a file that went away while it was looked for is looked for again. */
const TRIES = 20;

/**
 * Keeps `<directory>/<origin hash>/<turn>`, a file for each turn, of which the highest counts. A turn is claimed by a hard link,
 * which one of two claimants gets; nothing is ever written over.
 */
export function openCosignedCheckpoints(directory: string, key: VerifierKey, disk: Disk): CosignedCheckpoints {
  const folderOf = (origin: string): string => join(directory, originHash(origin));
  /** Turns that this process has made durable. */
  const durable = new Map<string, number>();
  const turnsOf = async (folder: string): Promise<readonly number[]> => (await disk.list(folder)).filter((name) => TURN.test(name)).map(Number);

  async function latest(origin: string): Promise<Cosigned | null> {
    const folder = folderOf(origin);
    for (let tries = 0; tries < TRIES; tries++) {
      const turns = await turnsOf(folder);
      if (turns.length === 0) return null;
      const turn = Math.max(...turns);
      const note = await disk.read(join(folder, nameOf(turn)));
      // Gone: a newer one has come in the meantime.
      if (note !== null) return { turn, note, ...readKept(note, origin) };
    }
    throw new Error('The checkpoints of a log change faster than they can be read');
  }

  async function latestDurable(origin: string): Promise<Cosigned | null> {
    const found = await latest(origin);
    if (found === null || found.turn <= (durable.get(origin) ?? 0)) return found;
    await disk.sync(folderOf(origin));
    await disk.sync(directory);
    durable.set(origin, found.turn);
    return found;
  }

  function readKept(note: string, origin: string): { readonly checkpoint: Checkpoint; readonly time: number } {
    const { text, verified } = openNote(note, [key]);
    const checkpoint = parseCheckpoint(text);
    const time = verified[0]?.time;
    if (checkpoint.origin !== origin || time === undefined) throw new Error('The checkpoint that is kept for a log is of another log');
    return { checkpoint, time };
  }

  async function replace(origin: string, seen: Cosigned | null, note: string): Promise<boolean> {
    const folder = folderOf(origin);
    const turn = (seen?.turn ?? 0) + 1;
    await disk.makeDirectory(folder);
    const pending = join(folder, `pending-${randomUUID()}`);
    try {
      await disk.write(pending, note);
      await disk.sync(pending);
      // The turn is ours or somebody else's from here on. A crash leaves it claimed and its cosignature unsaid, which binds us more than we said.
      if (!(await disk.link(pending, join(folder, nameOf(turn))))) return false;
    } finally {
      await disk.remove(pending);
    }
    await disk.sync(folder);
    // A process before us may have made the folder and gone.
    if (!durable.has(origin)) await disk.sync(directory);
    // The name of a turn is free again when later ones have come and it was tidied away: then ours is not the last.
    const turns = await turnsOf(folder);
    if (Math.max(...turns) !== turn) return false;
    durable.set(origin, turn);
    for (const old of turns) if (old < turn - 1) await disk.remove(join(folder, nameOf(old)));
    return true;
  }

  return { latest, latestDurable, replace };
}
