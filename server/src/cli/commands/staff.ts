import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { addSecondAdministrator } from '../../auth/accounts/add-second-administrator.ts';
import { AccountRefusal } from '../../auth/accounts/find-account.ts';
import { linkAccounts } from '../../auth/accounts/link-accounts.ts';
import { renewEnrolmentOnMachine } from '../../auth/accounts/renew-enrolment.ts';
import { restoreAdministrator } from '../../auth/accounts/restore-administrator.ts';
import { createFirstAdministratorLink, NotEmptyError } from '../../auth/enrolment/create-first-administrator-link.ts';
import type { EnrolmentLink } from '../../auth/enrolment/enrolment-link.ts';
import { publicUrlOf, readConfig } from '../../config.ts';
import { kyselyOn, openPool } from '../../db/connect.ts';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import type { Command } from '../command.ts';
import { loadModules } from '../load-modules.ts';
import { openAuditLog } from '../open-audit-log.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { requireWritableLog } from '../require-writable-log.ts';

const HELP = [
  'npm run -- sallyport staff add-first-administrator --email <address> --name <display name>',
  'npm run -- sallyport staff add-second-administrator --email <address> --name <display name> --reason <why>',
  'npm run -- sallyport staff renew-enrolment <address>',
  'npm run -- sallyport staff restore-administrator <address> --reason <why>',
  'npm run -- sallyport staff link <address> <address of the same human>',
  '',
  'For whoever runs the machine; everything else is done by people, in the console. Each is an event of the log.',
  '',
  '  add-first-administrator  only while nobody can sign in yet: makes one person with the role platform-admin and prints a link, valid once and',
  '                           for a short time, with which that person chooses a password and pairs an authenticator',
  '  add-second-administrator while only one person could approve what takes two: makes the second one, with the role platform-admin, and prints a link;',
  '                           the same address gets a new link until its person has enrolled',
  '  renew-enrolment          when nobody is left who can do it in the console: voids password, authenticator, sessions and tokens, and prints a link',
  '  restore-administrator    only while nobody can administer access any more: gives an active account the role for seven days',
  '  link                     the two accounts count as one person from now on, wherever two people are needed',
].join('\n');

/**
 * Done while acts are refused because of the log, too: each refuses by itself as long as people can do it in the console, and without them nobody might be left who
 * can sign in and acknowledge what is missing.
 */
const WAYS_BACK: ReadonlySet<string> = new Set(['add-second-administrator', 'renew-enrolment', 'restore-administrator']);

interface Errand {
  readonly db: Db;
  readonly audit: AuditLog;
  readonly publicUrl: string;
  readonly facts: RequestFacts;
}

/** Does what was asked and says what came of it. */
type Task = (errand: Errand) => Promise<string>;

const showLink = ({ url, expiresAt }: EnrolmentLink): string => `Open this link once, before ${expiresAt}:\n\n  ${url}\n`;

export const staffCommand: Command = {
  name: 'staff',
  summary: 'Makes the first two administrators; ways back when nobody can administer access.',
  help: HELP,
  async run(words, write) {
    const asked = readTask(words);
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
      const facts = { correlationId: randomUUID(), surface: 'cli', ip: '127.0.0.1', userAgent: 'sallyport-cli' } as const;
      const audit = await openAuditLog(db, modules, config.environment);
      if (!WAYS_BACK.has(asked.verb)) await requireWritableLog({ config, db, audit, command: `staff ${asked.verb}` });
      const done = await asked.task({ db, audit, publicUrl: publicUrlOf(config), facts });
      write(`${done}\nCorrelation ID: ${facts.correlationId}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof NotEmptyError || error instanceof AccountRefusal || error instanceof GatewayError)) throw error;
      write(error.message);
      return 1;
    } finally {
      await pool.end();
      await database.stop();
    }
  },
};

function readTask(words: readonly string[]): { readonly verb: string; readonly task: Task } | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { email: { type: 'string' }, name: { type: 'string' }, reason: { type: 'string' } },
      allowPositionals: true,
    });
    const [verb = ''] = positionals;
    const task = taskOf(positionals, values);
    return task && { verb, task };
  } catch {
    return null;
  }
}

interface Options {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly reason?: string | undefined;
}

function taskOf([verb, first, second, ...more]: readonly string[], { email, name, reason }: Options): Task | null {
  if (more.length > 0) return null;
  if (verb === 'add-first-administrator' && first === undefined && email && name && !reason)
    return async ({ db, audit, publicUrl, facts }) => showLink(await createFirstAdministratorLink(db, audit, { email, displayName: name, publicUrl }, facts));
  if (verb === 'add-second-administrator' && first === undefined && email && name && reason)
    return async ({ db, audit, publicUrl, facts }) => showLink(await addSecondAdministrator(db, audit, { email, displayName: name, reason, publicUrl }, facts));
  if (first === undefined || email || name) return null;
  if (verb === 'renew-enrolment' && second === undefined && !reason)
    return async ({ db, audit, publicUrl, facts }) => showLink(await renewEnrolmentOnMachine(db, audit, { email: first, publicUrl }, facts));
  if (verb === 'restore-administrator' && second === undefined && reason)
    return async ({ db, audit, facts }) => `They can administer access until ${await restoreAdministrator(db, audit, { email: first, reason }, facts)}.`;
  if (verb === 'link' && second !== undefined && !reason)
    return async ({ db, audit, facts }) => {
      await linkAccounts(db, audit, [first, second], facts);
      return 'They count as one person from now on.';
    };
  return null;
}
