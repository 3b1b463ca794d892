import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { StartRefusal } from '../start-refusal.ts';

const execute = promisify(execFile);

interface DatabaseUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A command line, and the user that it is started as. */
export interface Invocation {
  readonly program: string;
  readonly options: readonly string[];
  readonly as: { readonly uid?: number; readonly gid?: number };
}

/** How PostgreSQL's programs are run here: simply, or for root as another user, as PostgreSQL demands. */
export interface Runner {
  invoke(program: string, options: readonly string[]): Invocation;
  /** Gives a path to the user that runs them. */
  give(path: string): Promise<void>;
}

const NAME = 'postgres';
const CACHE = '/var/cache/sallyport';

const PLAIN: Runner = { invoke: (program, options) => ({ program, options, as: {} }), give: async () => undefined };

/** Reading and passing through folders of others; the second is what containers grant who lack the first. */
const CAPABILITIES = ['dac_read_search', 'dac_override'];

/** PostgreSQL's own programs, by their paths; they find each other and their libraries by where they lie. */
export interface Programs {
  readonly postgres: string;
  readonly initdb: string;
  readonly pg_ctl: string;
}

/**
 * Finds a way to run PostgreSQL on `folder`. For root that is the user `postgres`, made where missing. A clone or data folder that only root can enter
 * is common (`/root`, `mktemp -d`). The programs are then copied to root's cache, for they ask for rights on paper; and the server is run
 * by `setpriv` with the one capability to pass through to its data.
 * @throws {StartRefusal} naming the path that can't be reached and the ways out.
 */
export async function findRunner(folder: string, programs: Programs): Promise<{ readonly runner: Runner; readonly programs: Programs }> {
  if (process.getuid?.() !== 0) return { runner: PLAIN, programs };
  const user = await findUser();
  const refuse = (what: string, cause?: unknown): never => {
    throw new StartRefusal(
      `As root, the embedded PostgreSQL runs as user "${user.name}", who ${what}. Move it where that user can go (each folder above it needs the x bit for others), start as a user other than root, or set DATABASE_URL.`,
      { cause },
    );
  };
  const plain = asUser(user);
  const startable = runs(plain, programs.postgres, ['--version'])
    ? programs
    : await copyPrograms(programs).catch((error: unknown) => refuse(`can't start ${programs.postgres}`, error));
  if (!runs(plain, startable.postgres, ['--version'])) return refuse(`can't start ${startable.postgres}`);
  const runner = [plain, ...CAPABILITIES.map((capability) => withCapability(user, capability))].find((candidate) => canEnter(candidate, folder));
  return { runner: runner ?? refuse(`can't reach the data folder ${folder} (DATA_DIR names another place)`), programs: startable };
}

/** A copy in a folder that nobody but root can write to, one per version; made beside its place and moved there whole. */
async function copyPrograms(programs: Programs): Promise<Programs> {
  const native = dirname(dirname(programs.postgres));
  const version = createHash('sha256')
    .update(await readFile(join(dirname(native), 'package.json')))
    .digest('hex')
    .slice(0, 16);
  const copy = join(CACHE, `postgresql-${version}`);
  if (!existsSync(copy)) {
    await mkdir(CACHE, { recursive: true, mode: 0o755 });
    const building = await mkdtemp(`${copy}.`);
    await cp(native, building, { recursive: true, verbatimSymlinks: true });
    await chmod(building, 0o755);
    await rename(building, copy).catch(() => rm(building, { recursive: true, force: true }));
  }
  const at = (path: string): string => join(copy, relative(native, path));
  return { postgres: at(programs.postgres), initdb: at(programs.initdb), pg_ctl: at(programs.pg_ctl) };
}

const asUser = ({ uid, gid }: DatabaseUser): Runner => ({
  invoke: (program, options) => ({ program, options, as: { uid, gid } }),
  give: (path) => chown(path, uid, gid),
});

const withCapability = (user: DatabaseUser, capability: string): Runner => ({
  invoke: (program, options) => ({
    program: 'setpriv',
    options: [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', `--inh-caps=-all,+${capability}`, `--ambient-caps=-all,+${capability}`, '--', program, ...options],
    as: {},
  }),
  give: (path) => chown(path, user.uid, user.gid),
});

/** Tries it: rights on paper (`test -x`) don't tell of capabilities. */
const canEnter = (runner: Runner, folder: string): boolean => runs(runner, 'sh', ['-c', 'cd -- "$1"', 'sh', folder]);

function runs(runner: Runner, program: string, options: readonly string[]): boolean {
  const invocation = runner.invoke(program, options);
  return spawnSync(invocation.program, invocation.options, { ...invocation.as, cwd: '/', stdio: 'ignore' }).status === 0;
}

async function findUser(): Promise<DatabaseUser> {
  const known = await lookUp();
  if (known) return known;
  await execute('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', NAME]).catch(() => undefined);
  const made = await lookUp();
  if (!made)
    throw new StartRefusal(`PostgreSQL does not run as root, and there is no user "${NAME}" to run it as, nor could one be made. Start as another user, or set DATABASE_URL.`);
  return made;
}

async function lookUp(): Promise<DatabaseUser | null> {
  try {
    const [uid, gid] = await Promise.all([execute('id', ['-u', NAME]), execute('id', ['-g', NAME])]);
    return { name: NAME, uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) };
  } catch {
    return null;
  }
}
