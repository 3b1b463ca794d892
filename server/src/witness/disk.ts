import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';

/**
 * What the witness asks of a file system. Writing and making durable are steps of their own: what is not synced may be
 * gone after a power cut, names included, and a test takes the power away between any two steps.
 */
export interface Disk {
  makeDirectory(path: string): Promise<void>;
  /** Names in a directory; none where it is not there. */
  list(path: string): Promise<readonly string[]>;
  /** Null where it is not there. */
  read(path: string): Promise<string | null>;
  /** Writes a new file. */
  write(path: string, content: string): Promise<void>;
  /** A file's content is durable from here on; of a directory, its names. */
  sync(path: string): Promise<void>;
  /** Gives a file another name. @returns false when that name is taken. */
  link(from: string, to: string): Promise<boolean>;
  remove(path: string): Promise<void>;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** The operating system's, readable by its user alone. */
export const realDisk: Disk = {
  makeDirectory: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  async list(path) {
    try {
      return await readdir(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  },
  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  },
  async write(path, content) {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  },
  async sync(path) {
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async link(from, to) {
    try {
      await link(from, to);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  },
  remove: (path) => rm(path, { force: true }),
};
