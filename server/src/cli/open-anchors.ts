import { join } from 'node:path';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { SecretKeys } from '../auth/sealed-secret.ts';
import { type Config, publicUrlOf } from '../config.ts';
import type { AnchorOptions } from '../integrity/anchors/create-anchors.ts';
import { createFileAnchor } from '../integrity/anchors/file-anchor.ts';
import { introduceLog } from '../integrity/anchors/introduce-log.ts';
import { startLocalWitness } from '../integrity/anchors/local-witness.ts';
import { beginLog } from '../integrity/begin-log.ts';
import { listLogKeys } from '../integrity/log-keys.ts';
import { inventLogName } from '../integrity/log-name.ts';
import { requireOwnAnchors } from '../integrity/require-own-anchors.ts';
import { parseVerifierKey } from '../transparency/note-key.ts';

export interface OpenAnchors {
  readonly places: Omit<AnchorOptions, 'log'>;
  stop(): Promise<void>;
}

/** Places outside the database for checkpoints, as configured. With the embedded database and no witness elsewhere, a witness of our own is started. @throws {StartRefusal} where they are of another log. */
export async function openAnchors(config: Config, db: Db, secrets: SecretKeys, tell: (line: string) => void): Promise<OpenAnchors> {
  const common = { file: config.anchorFile, webhookUrl: config.anchorUrl };
  const origin = await beginLog(db, secrets, { configured: config.logOrigin, invented: inventLogName(publicUrlOf(config), config.environment) });
  requireOwnAnchors(config.anchorFile, origin, await createFileAnchor(config.anchorFile).seen([origin]));
  if (config.witness) return { places: { ...common, witness: { url: config.witness.url, key: parseVerifierKey(config.witness.key) } }, stop: async () => undefined };
  if (config.databaseUrl !== null || config.databaseAppUrl !== null) return { places: { ...common, witness: null }, stop: async () => undefined };
  const directory = join(config.dataDirectory, 'witness');
  const introduce = (): Promise<void> => introduceTo(directory, db, tell);
  await introduce();
  const witness = await startLocalWitness(directory, tell, introduce);
  return { places: { ...common, witness }, stop: () => witness.stop() };
}

/** Names the log as it is called now, and its keys. */
async function introduceTo(directory: string, db: Db, tell: (line: string) => void): Promise<void> {
  const { rows } = await sql<{ origin: string; before: string | null }>`
    select head.origin, gap.origin_before as before from audit.log_head head left join audit.log_gap gap on gap.origin_after = head.origin where head.origin is not null`.execute(
    db,
  );
  const [log] = rows;
  if (!log) return;
  const keys = (await listLogKeys(db)).map(({ verifier }) => parseVerifierKey(verifier)).filter(({ name }) => name === log.origin);
  if (!(await introduceLog(directory, log.origin, keys, log.before)))
    tell(`The witness in ${directory} knows another log and will not cosign this one: name it in its list of logs if it should.`);
}
