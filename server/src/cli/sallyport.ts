import { StartRefusal } from '../start-refusal.ts';
import type { Command } from './command.ts';
import { helpText } from './help-text.ts';
import { codeCommand } from './commands/code.ts';
import { keysCommand } from './commands/keys.ts';
import { migrateCommand } from './commands/migrate.ts';
import { peopleCommand } from './commands/people.ts';
import { seedCommand } from './commands/seed.ts';
import { staffCommand } from './commands/staff.ts';

export const COMMANDS: readonly Command[] = [migrateCommand, seedCommand, staffCommand, peopleCommand, codeCommand, keysCommand];

/** Runs one command line. @returns the exit code: 0 done, 1 refused, 2 not understood. */
export async function runCommandLine(words: readonly string[], write: (text: string) => void = console.log): Promise<number> {
  const [name = 'help', ...rest] = words;
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) {
    write(helpText(COMMANDS));
    return name === 'help' || name === '--help' || name === '-h' ? 0 : 2;
  }
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
