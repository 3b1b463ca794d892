import { basename, dirname } from 'node:path';
import type { Disk } from '@sallyport/server/witness/disk.ts';

export class PowerCut extends Error {}

interface File {
  content: string;
  durable: string | null;
}

interface Folder {
  readonly names: Map<string, File>;
  durable: ReadonlyMap<string, File>;
  isDurable: boolean;
}

/** Picks one of so many, for what a power cut leaves to chance. */
export type Chance = (choices: number) => number;

export interface FailingDisk extends Disk {
  /** Steps that were done so far. */
  readonly steps: number;
  /** The power goes before this step, or right after it. */
  cutAt(step: number, isDone: boolean): void;
  /** What is found after the power is back: what was synced, and of the rest whatever chance has kept. */
  recover(chance: Chance): FailingDisk;
}

/** A file system in memory that keeps apart what was written and what would outlive a power cut. */
export function createFailingDisk(folders = new Map<string, Folder>()): FailingDisk {
  let steps = 0;
  let cut = { step: Number.POSITIVE_INFINITY, isDone: false };
  const step = <T>(work: () => T): Promise<T> => {
    steps += 1;
    if (steps > cut.step || (steps === cut.step && !cut.isDone)) return Promise.reject(new PowerCut());
    const result = work();
    return steps === cut.step ? Promise.reject(new PowerCut()) : Promise.resolve(result);
  };
  const folderOf = (path: string): Folder => {
    const folder = folders.get(path);
    if (!folder) throw new Error(`There is no folder ${path}`);
    return folder;
  };
  const fileOf = (path: string): File | undefined => folders.get(dirname(path))?.names.get(basename(path));
  return {
    get steps() {
      return steps;
    },
    cutAt: (at, isDone) => {
      cut = { step: at, isDone };
    },
    makeDirectory: (path) => step(() => void (folders.has(path) || folders.set(path, { names: new Map(), durable: new Map(), isDurable: false }))),
    list: (path) => step(() => [...(folders.get(path)?.names.keys() ?? [])]),
    read: (path) => step(() => fileOf(path)?.content ?? null),
    write: (path, content) => step(() => void folderOf(dirname(path)).names.set(basename(path), { content, durable: null })),
    sync: (path) =>
      step(() => {
        const folder = folders.get(path);
        const file = fileOf(path);
        if (folder) {
          folder.durable = new Map(folder.names);
          for (const [name, inner] of folders) if (dirname(name) === path) inner.isDurable = true;
        } else if (file) file.durable = file.content;
        else throw new Error(`There is nothing at ${path}`);
      }),
    link: (from, to) =>
      step(() => {
        const file = fileOf(from);
        const { names } = folderOf(dirname(to));
        if (!file) throw new Error(`There is no file ${from}`);
        if (names.has(basename(to))) return false;
        names.set(basename(to), file);
        return true;
      }),
    remove: (path) => step(() => void folderOf(dirname(path)).names.delete(basename(path))),
    recover(chance) {
      const found = new Map<string, Folder>();
      for (const [path, folder] of folders) {
        if (!folder.isDurable && chance(2) === 0) continue;
        const names = new Map<string, File>();
        for (const name of new Set([...folder.names.keys(), ...folder.durable.keys()])) {
          const file = (chance(2) === 0 ? folder.durable : folder.names).get(name);
          // Of what was not synced, some beginning may have reached the disk.
          if (file) names.set(name, afterCut(file, chance));
        }
        found.set(path, { names, durable: new Map(names), isDurable: true });
      }
      return createFailingDisk(found);
    },
  };
}

function afterCut({ content, durable }: File, chance: Chance): File {
  const kept = durable ?? content.slice(0, [0, Math.floor(content.length / 2), content.length][chance(3)]);
  return { content: kept, durable: kept };
}
