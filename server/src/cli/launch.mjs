// Plain JavaScript, because the host's Node may be older than 24 and then can't run TypeScript.
// Runs a program of ours under Node 24: this one where it is new enough, else the one that the lockfile brings.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const [script, ...options] = process.argv.slice(2);
const newEnough = Number.parseInt(process.versions.node, 10) >= OLDEST;
const node = newEnough ? process.execPath : resolve(root, 'node_modules/.bin/node');

if (!existsSync(node)) {
  console.error(
    `Sallyport needs Node ${OLDEST} or newer. This is Node ${process.versions.node}, and the project brings no newer one for ${process.platform}-${process.arch}. Install Node ${OLDEST} (https://nodejs.org) and try again.`,
  );
  process.exit(1);
}
// The channel tells the program when this process is gone, however it went.
const child = spawn(node, [resolve(root, script), ...options], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

// npm tells its shell of a signal, and the shell tells nobody: so who started us is watched. Under npm that is the shell and npm itself.
const parentOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
};
const lineage = () => (process.env.npm_lifecycle_event ? `${process.ppid} ${parentOf(process.ppid)}` : `${process.ppid}`);
const born = lineage();
setInterval(() => (lineage() === born ? undefined : child.kill('SIGTERM')), 500).unref();

child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
