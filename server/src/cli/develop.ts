import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { developmentEnvironment, readConfig } from '../config.ts';
import { PROJECT_ROOT } from './run-program.ts';

// `npm run dev`: the gateway, started again when a source changes, and the console's development server, which reloads the browser.
const env = developmentEnvironment(readConfig());
const at = (path: string): string => fileURLToPath(new URL(path, PROJECT_ROOT));
const children = [
  spawn(process.execPath, ['--watch', '--watch-preserve-output', at('server/src/main.ts'), '--without-console'], { cwd: at('.'), stdio: 'inherit', env }),
  spawn(process.execPath, [at('admin-ui/node_modules/vite/bin/vite.js')], { cwd: at('admin-ui/'), stdio: 'inherit', env }),
];
let ending = false;
const end = (): void => {
  if (ending) return;
  ending = true;
  for (const child of children) child.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
process.on('disconnect', end);
for (const child of children) child.on('exit', end);
