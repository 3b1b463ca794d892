import { listSigningKeys, PUBLISHED_AHEAD_MINUTES, rotateSigningKey } from '../../auth/tokens/rotate-signing-key.ts';
import { readConfig } from '../../config.ts';
import { kyselyOn, openPool } from '../../db/connect.ts';
import { readSecretKeys } from '../../secret-keys.ts';
import type { Command } from '../command.ts';
import { loadModules } from '../load-modules.ts';
import { openAuditLog } from '../open-audit-log.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { requireWritableLog } from '../require-writable-log.ts';

const HELP = [
  'npm run -- sallyport keys list',
  'npm run -- sallyport keys rotate [--at-once | --compromised]',
  '',
  'Keys with which access tokens for other services are signed. They rotate by themselves every 90 days.',
  '',
  `  rotate         makes the next key; it signs in ${PUBLISHED_AHEAD_MINUTES} minutes, when everybody who checks signatures has read it`,
  '  --at-once      it signs now; who keeps the old key set refuses its tokens for a few minutes',
  '  --compromised  it signs now, and nothing signed with an older key is accepted any more',
].join('\n');

type Asked = { readonly list: true } | { readonly list: false; readonly atOnce: boolean; readonly compromised: boolean };

export const keysCommand: Command = {
  name: 'keys',
  summary: 'Lists or rotates the keys that sign access tokens.',
  help: HELP,
  async run(words, write) {
    const asked = readWords(words);
    if (!asked) {
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
      if (!asked.list) {
        const audit = await openAuditLog(db, modules, config.environment);
        await requireWritableLog({ config, db, audit, command: 'keys rotate' });
        const { kid, activeFrom } = await rotateSigningKey(db, audit, secrets, { atOnce: asked.atOnce, compromised: asked.compromised, surface: 'cli' });
        write(`Next key: ${kid}\nSigns from: ${activeFrom}\n`);
      }
      const keys = await listSigningKeys(db);
      if (keys.length === 0) write('There is no key yet: the first is made with the first signed token.');
      for (const { kid, state, activeFrom, expiresAt } of keys) write(`${kid}  ${state.padEnd(8)}  from ${activeFrom}${expiresAt === null ? '' : `, accepted until ${expiresAt}`}`);
      return 0;
    } finally {
      await pool.end();
      await database.stop();
    }
  },
};

function readWords(words: readonly string[]): Asked | null {
  const [verb, ...options] = words;
  if (verb === 'list' && options.length === 0) return { list: true };
  if (verb !== 'rotate' || options.length > 1 || options.some((option) => option !== '--at-once' && option !== '--compromised')) return null;
  return { list: false, atOnce: options.includes('--at-once'), compromised: options.includes('--compromised') };
}
