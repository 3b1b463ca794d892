import { join } from 'node:path';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { SecretKeys } from '../auth/sealed-secret.ts';
import { type Config, publicUrlOf } from '../config.ts';
import type { AnchorOptions } from '../integrity/anchors/create-anchors.ts';
import { createFileAnchor } from '../integrity/anchors/file-anchor.ts';
import { introduceLog, startLocalWitness } from '../integrity/anchors/local-witness.ts';
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
  const keys = (await listLogKeys(db)).map(({ verifier }) => parseVerifierKey(verifier)).filter(({ name }) => name === origin);
  const gap = await sql<{ before: string }>`select origin_before as before from audit.log_gap where origin_after = ${origin}`.execute(db);
  const directory = join(config.dataDirectory, 'witness');
  if (!(await introduceLog(directory, origin, keys, gap.rows[0]?.before ?? null)))
    tell(`The witness in ${directory} knows another log and will not cosign this one: name it in its list of logs if it should.`);
  const { url, key, stop } = await startLocalWitness(directory, tell);
  return { places: { ...common, witness: { url, key } }, stop };
}
