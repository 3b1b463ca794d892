// Plain JavaScript: it runs on the host's Node before anything is installed.
// Installs by pnpm, from the lockfile as it stands, unless that very lockfile is what is installed already.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const root = new URL('../../../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const read = (path) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : null);

const installed =
  read('pnpm-lock.yaml') === read('node_modules/.pnpm/lock.yaml') && ['schema', 'server', 'admin-ui', 'tests'].every((name) => existsSync(at(`${name}/node_modules`)));
if (!installed) {
  const result = spawnSync('npx', ['--yes', PNPM, 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: at('.'), stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.error) console.error(`npx could not be started (${result.error.code}): Node and npm are needed.`);
  process.exit(result.status ?? 1);
}
