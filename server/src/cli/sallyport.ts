import { StartRefusal } from '../start-refusal.ts';
import type { Command } from './command.ts';

/** Loaded when they are named: who verifies a file does not wait for what a gateway is made of, and has no need of its settings. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand,
  seed: async () => (await import('./commands/seed.ts')).seedCommand,
  staff: async () => (await import('./commands/staff.ts')).staffCommand,
  people: async () => (await import('./commands/people.ts')).peopleCommand,
  code: async () => (await import('./commands/code.ts')).codeCommand,
  keys: async () => (await import('./commands/keys.ts')).keysCommand,
  log: async () => (await import('./commands/log.ts')).logCommand,
  witness: async () => (await import('./commands/witness.ts')).witnessCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** Runs one command line. @returns the exit code: 0 done, 1 refused, 2 not understood. */
export async function runCommandLine(words: readonly string[], write: (text: string) => void = console.log): Promise<number> {
  const [name = 'help', ...rest] = words;
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    const { helpText } = await import('./help-text.ts');
    write(helpText(await Promise.all(Object.values(COMMANDS).map((each) => each()))));
    return name === 'help' || name === '--help' || name === '-h' ? 0 : 2;
  }
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    write(command.help);
    return 0;
  }
  try {
    return await command.run(rest, write);
  } catch (error) {
    if (!(error instanceof StartRefusal)) throw error;
    write(error.message);
    return 1;
  }
}

if (import.meta.main) process.exitCode = await runCommandLine(process.argv.slice(2));
