import { readConfig } from '../../config.ts';
import type { Command } from '../command.ts';
import { describePeople } from '../print-people.ts';

export const peopleCommand: Command = {
  name: 'people',
  summary: 'Shows the demo people with passwords and current codes.',
  help: [
    'npm run -- sallyport people',
    '',
    'Shows the people that SEED=demo wrote, with the code that their authenticator would show now.',
    'Reads DATA_DIR/demo-people.json.',
  ].join('\n'),
  async run(_words, write) {
    const people = await describePeople(readConfig().dataDirectory);
    write(people || 'This installation has no demo people.');
    return people ? 0 : 1;
  },
};
