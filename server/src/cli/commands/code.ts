import { readConfig } from '../../config.ts';
import type { Command } from '../command.ts';
import { findCode } from '../print-people.ts';

const HELP = [
  'npm run --silent -- sallyport code <e-mail>',
  '',
  "Prints the code that a demo person's authenticator shows now, and nothing else: for scripts. Each code works once.",
].join('\n');

export const codeCommand: Command = {
  name: 'code',
  summary: 'Prints the current code of one of the demo people.',
  help: HELP,
  async run(words, write) {
    const [email, ...more] = words;
    if (email === undefined || more.length > 0) {
      write(HELP);
      return 2;
    }
    const code = await findCode(readConfig().dataDirectory, email);
    write(code ?? 'None of the demo people has this e-mail address.');
    return code === null ? 1 : 0;
  },
};
