import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import { logEntriesRead } from '@sallyport/schema/modules/log/log.event.ts';
import { readConfig } from '../../config.ts';
import { kyselyOn, openPool } from '../../db/connect.ts';
import { copyLog } from '../../integrity/copy-log.ts';
import { listLogKeys } from '../../integrity/log-keys.ts';
import { repeatErasures } from '../../integrity/keeping/repeat-erasures.ts';
import { retireLogKey, rotateLogKey } from '../../integrity/rotate-log-key.ts';
import { readSecretKeys } from '../../secret-keys.ts';
import { createLog } from '../../kernel/log.ts';
import type { Command } from '../command.ts';
import { loadModules } from '../load-modules.ts';
import { openAuditLog } from '../open-audit-log.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { requireWritableLog } from '../require-writable-log.ts';

const HELP = [
  'npm run -- sallyport log keys',
  'npm run -- sallyport log rotate-key',
  'npm run -- sallyport log retire-key <key>',
  'npm run -- sallyport log copy <folder>',
  'npm run -- sallyport log reapply-erasures',
  '',
  'Keys that sign the checkpoints of the audit log. Whoever checks the log pins its name and one of these keys.',
  '',
  '  keys        lists them, as verifiers take them',
  '  rotate-key  makes another key; both sign every checkpoint from now on, so that nobody is cut off. Hand the new one to who pins keys',
  '  retire-key  a key signs nothing more; what it has signed stays good',
  '  copy        writes the whole log into a folder of tiles, for `sallyport verify` and for outsiders; that it was copied is on the log',
  '  reapply-erasures',
  '              for after restoring a backup: does every erasure that the log tells of again, beside the log and in the product. (The gateway does so by',
  '              itself, when it starts, where erased values stand beside the log again.) Erasures later than the backup are not on its log: ask for them anew',
].join('\n');

/** How many words each verb takes. */
const VERBS: Readonly<Record<string, number>> = { keys: 0, 'rotate-key': 0, 'retire-key': 1, copy: 1, 'reapply-erasures': 0 };

export const logCommand: Command = {
  name: 'log',
  summary: 'Lists, adds or retires the keys that sign the audit log, copies it, does its erasures again.',
  help: HELP,
  async run([verb = '', ...rest], write) {
    if (VERBS[verb] !== rest.length) {
      write(HELP);
      return 2;
    }
    const config = readConfig();
    const modules = await loadModules(config.modulesFile);
    const secrets = await readSecretKeys(config);
    const database = await prepareDatabase(config, modules, { beside: true });
    const pool = openPool({ connectionString: database.appUrl, max: 2, applicationName: 'sallyport-cli' });
    try {
      const db = kyselyOn(pool);
      const audit = await openAuditLog(db, modules, config.environment);
      if (verb === 'rotate-key' || verb === 'retire-key') await requireWritableLog({ config, db, audit, command: `log ${verb}` });
      if (verb === 'rotate-key') write(`Another key signs from the next checkpoint on:\n${await rotateLogKey(db, audit, secrets)}\n`);
      if (verb === 'retire-key') write(`Signs nothing beyond ${await retireLogKey(db, audit, rest[0] ?? '')} entries.\n`);
      if (verb === 'reapply-erasures') {
        const { registry } = buildGatewaySchema(modules);
        const by = { surface: 'cli', actorId: 'command-line', actorName: 'Command line' } as const;
        const { repeated, left } = await repeatErasures({ db, registry, audit, log: createLog('silent') }, 'all', by);
        write(`${repeated} erasures took something once more.${left === 0 ? '' : ` ${left} could not be done whole: a legal hold or other records keep it. See the log.`}`);
        return left === 0 ? 0 : 1;
      }
      if (verb === 'copy') {
        const folder = resolve(rest[0] ?? '');
        await audit.record({
          kind: logEntriesRead.kind,
          outcome: 'ok',
          correlationId: randomUUID(),
          surface: 'cli',
          ip: null,
          viewer: null,
          actorId: 'command-line',
          actorName: 'Command line',
          detail: { whole: true },
        });
        const entries = await copyLog(db, folder);
        write(entries === null ? 'Nothing has been signed yet: start the gateway once.' : `${entries} entries of the log were written to ${folder}.`);
        return entries === null ? 1 : 0;
      }
      for (const { verifier, sinceSize, lastSize } of await listLogKeys(db))
        write(`${verifier}\n  signs from ${sinceSize} entries${lastSize === null ? '' : `, up to ${lastSize}`}`);
      return 0;
    } finally {
      await pool.end();
      await database.stop();
    }
  },
};
