import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { GatewayError } from '@sallyport/schema/errors.ts';
import { createFirstAdministratorLink, NotEmptyError } from '../../auth/enrolment/create-first-administrator-link.ts';
import { publicUrlOf, readConfig } from '../../config.ts';
import { kyselyOn, openPool } from '../../db/connect.ts';
import type { Command } from '../command.ts';
import { loadModules } from '../load-modules.ts';
import { openAuditLog } from '../open-audit-log.ts';
import { prepareDatabase } from '../prepare-database.ts';

const HELP = [
  'npm run -- sallyport staff add-first-administrator --email <address> --name <display name>',
  '',
  'Only while nobody can sign in yet: makes one person with the role platform-admin and prints a link, valid once and for a short time,',
  'with which that person chooses a password and pairs an authenticator. Everybody after them is added by people, in the console.',
].join('\n');

export const staffCommand: Command = {
  name: 'staff',
  summary: 'Makes the first administrator of an empty installation.',
  help: HELP,
  async run(words, write) {
    const asked = readWords(words);
    if (!asked) {
      write(HELP);
      return 2;
    }
    const config = readConfig();
    const modules = await loadModules(config.modulesFile);
    const database = await prepareDatabase(config, modules, { beside: true });
    const pool = openPool({ connectionString: database.appUrl, max: 2, applicationName: 'sallyport-cli' });
    try {
      const db = kyselyOn(pool);
      const audit = await openAuditLog(db, modules, config.environment);
      const facts = { correlationId: randomUUID(), surface: 'cli', ip: '127.0.0.1', userAgent: 'sallyport-cli' } as const;
      const { url, expiresAt } = await createFirstAdministratorLink(db, audit, { ...asked, publicUrl: publicUrlOf(config) }, facts);
      write(`Open this link once, before ${expiresAt}:\n\n  ${url}\n\nCorrelation ID: ${facts.correlationId}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof NotEmptyError || error instanceof GatewayError)) throw error;
      write(error.message);
      return 1;
    } finally {
      await pool.end();
      await database.stop();
    }
  },
};

function readWords(words: readonly string[]): { email: string; displayName: string } | null {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: { email: { type: 'string' }, name: { type: 'string' } }, allowPositionals: true });
    if (positionals.length !== 1 || positionals[0] !== 'add-first-administrator' || !values.email || !values.name) return null;
    return { email: values.email, displayName: values.name };
  } catch {
    return null;
  }
}
