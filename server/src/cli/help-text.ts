import { SECRET_VARIABLES, VARIABLES } from '../variables.ts';
import type { Command } from './command.ts';

/** The list of commands and of the environment's variables. */
export function helpText(commands: readonly Command[]): string {
  const table = (rows: readonly (readonly [string, string])[]): string => {
    const width = Math.max(...rows.map(([name]) => name.length));
    return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
  };
  return [
    'npm run -- sallyport <command> [--help]',
    '',
    table([...commands.map(({ name, summary }) => [name, summary] as const), ['help', 'Shows this.']]),
    '',
    `Environment (${SECRET_VARIABLES.join(', ')} also as <NAME>_FILE, a file that holds the value):`,
    '',
    table(Object.entries(VARIABLES)),
  ].join('\n');
}
