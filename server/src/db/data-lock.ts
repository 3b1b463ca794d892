import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartRefusal } from '../start-refusal.ts';

interface Holder {
  readonly pid: number;
  /** What tells this process from a later one of the same number; null where the system does not say. */
  readonly born: string | null;
}

const lockPath = (directory: string): string => join(directory, 'gateway.lock');

/**
 * Makes this process the only gateway on a data directory, until `release`. The lock of a process that was
 * killed is taken over: it names the process and its birth, so a reused number is not mistaken for it.
 * @throws {StartRefusal} when a living process holds it.
 */
export async function lockDataDirectory(directory: string): Promise<{ release(): Promise<void> }> {
  const path = lockPath(directory);
  const mine = `${path}.${randomUUID()}`;
  const content = JSON.stringify({ pid: process.pid, born: await birthOf(process.pid) } satisfies Holder);
  await writeFile(mine, content, { mode: 0o600 });
  try {
    for (let tries = 0; ; tries++) {
      if (await linked(mine, path)) return { release: async () => ((await readFile(path, 'utf8').catch(() => '')) === content ? rm(path, { force: true }) : undefined) };
      const holder = await livingHolder(directory);
      if (holder || tries === 5)
        throw new StartRefusal(
          `The data directory ${directory} is in use by another gateway${holder ? ` (process ${holder.pid})` : ''}. Stop that one, or give this one its own DATA_DIR.`,
        );
      await removeDeadLock(path);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** The process that serves from this data directory now, or null. */
export async function livingHolder(directory: string): Promise<Holder | null> {
  const text = await readFile(lockPath(directory), 'utf8').catch(() => null);
  if (text === null) return null;
  const holder = parse(text);
  return holder && (await alive(holder)) ? holder : null;
}

/** Moves the lock aside before deleting it: of two that try, one moves it, and what was moved is looked at again. */
async function removeDeadLock(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const holder = parse(await readFile(aside, 'utf8'));
  if (holder && (await alive(holder))) await linked(aside, path);
  await rm(aside, { force: true });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function parse(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    return typeof value.pid === 'number' ? { pid: value.pid, born: value.born ?? null } : null;
  } catch {
    return null;
  }
}

async function alive({ pid, born }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (await birthOf(pid)) === born;
}

/** Boot ID and start tick of a process, on Linux. */
async function birthOf(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile('/proc/sys/kernel/random/boot_id', 'utf8')]);
    // The name of the program, in parentheses, may itself hold spaces; the start tick is field 22, the 20th after it.
    const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${boot.trim()}/${tick}`;
  } catch {
    return null;
  }
}
