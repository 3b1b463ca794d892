import { startInstallation } from './cli/start-installation.ts';
import { readConfig } from './config.ts';
import { installLastResort } from './kernel/last-resort.ts';
import { createLog } from './kernel/log.ts';
import { StartRefusal } from './start-refusal.ts';

// The gateway as a process: starts everything, says where to go, ends everything it started.
const interruption = new AbortController();
// A second signal while ending changes nothing: each step of the end has a time limit of its own.
const interrupt = (): void => interruption.abort();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
// Sent when the launcher that started us is gone, however it went.
process.on('disconnect', interrupt);

try {
  // The development server of the console builds it by itself.
  const withConsole = !process.argv.includes('--without-console');
  const config = readConfig();
  const installation = await startInstallation(config, { withConsole, interrupted: interruption.signal, write: (text) => process.stdout.write(`${text}\n`) });
  installLastResort(createLog(config.logLevel), () => installation.stop());
  await new Promise<void>((settle) => {
    interruption.signal.addEventListener('abort', () => settle(), { once: true });
    if (interruption.signal.aborted) settle();
  });
  await installation.stop();
  process.exit(0);
} catch (error) {
  if (interruption.signal.aborted) process.exit(130);
  if (!(error instanceof StartRefusal)) throw error;
  process.stderr.write(`\nSallyport does not start.\n${error.message}\n\n`);
  process.exit(1);
}
