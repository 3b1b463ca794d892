import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { seal, type SecretKeys, unseal } from '../auth/sealed-secret.ts';
import { signNote } from '../transparency/note.ts';
import { generateSignerKey, parseSignerKey, printSignerKey, printVerifierKey, type SignerKey } from '../transparency/note-key.ts';

/** What a sealed log key is bound to. */
const logKeyUse = (verifier: string): string => `sallyport/log-key/v1/${verifier}`;

export interface KnownLogKey {
  /** As C2SP signed-note writes a verifier key; its name is the log's. */
  readonly verifier: string;
  readonly sinceSize: number;
  /** The largest tree that it vouches for; null while it signs. */
  readonly lastSize: number | null;
  readonly madeAt: string;
}

/** Signs in the log's name. Secret halves never leave it. */
export interface LogSigner {
  /**
   * Signs a text with every key that is good for a tree of this size, in the caller's transaction.
   * @throws {Error} where the log has no such key, or the key file is not the one that sealed it.
   */
  sign(tx: Tx | Db, origin: string, text: string, size: number): Promise<string>;
}

interface SealedKey {
  readonly verifier: string;
  readonly ciphertext: Buffer;
  readonly sealed_with: string;
}

export function createLogSigner(secrets: SecretKeys): LogSigner {
  const opened = new Map<string, SignerKey>();
  return {
    async sign(tx, origin, text, size) {
      const { rows } = await sql<SealedKey>`
        select verifier, ciphertext, sealed_with from audit.log_key
        where starts_with(verifier, ${`${origin}+`}) and since_size <= ${size} and (last_size is null or last_size >= ${size}) order by made_at, verifier`.execute(tx);
      const signers = rows.map(({ verifier, ciphertext, sealed_with }) => {
        const known = opened.get(verifier) ?? parseSignerKey(unseal(secrets, logKeyUse(verifier), { ciphertext, keyId: sealed_with }));
        opened.set(verifier, known);
        return known;
      });
      if (signers.length === 0) throw new Error('The log has no key that signs');
      return signNote({ text, signatures: [] }, signers, 0);
    },
  };
}

/** Makes a key of the log, good from the tree of this size on. */
export async function addLogKey(tx: Tx, secrets: SecretKeys, origin: string, sinceSize: number): Promise<string> {
  const key = generateSignerKey(origin);
  const verifier = printVerifierKey(key.verifier);
  const { ciphertext, keyId } = seal(secrets, logKeyUse(verifier), printSignerKey(key));
  await sql`insert into audit.log_key (verifier, ciphertext, sealed_with, since_size) values (${verifier}, ${ciphertext}, ${keyId}, ${sinceSize})`.execute(tx);
  return verifier;
}

/** Keys of the log under all its names, oldest first. */
export async function listLogKeys(db: Db): Promise<readonly KnownLogKey[]> {
  const { rows } = await sql<KnownLogKey>`
    select verifier, since_size as "sinceSize", last_size as "lastSize", made_at as "madeAt" from audit.log_key order by made_at, verifier`.execute(db);
  return rows;
}

/** Seals the log's keys under the current secret key, so that an older one may be dropped. */
export async function resealLogKeys(db: Db, secrets: SecretKeys): Promise<void> {
  const { rows } = await sql<SealedKey>`select verifier, ciphertext, sealed_with from audit.log_key where sealed_with <> ${secrets.currentKeyId}`.execute(db);
  for (const { verifier, ciphertext, sealed_with } of rows) {
    const sealed = seal(secrets, logKeyUse(verifier), unseal(secrets, logKeyUse(verifier), { ciphertext, keyId: sealed_with }));
    await sql`update audit.log_key set ciphertext = ${sealed.ciphertext}, sealed_with = ${sealed.keyId} where verifier = ${verifier} and ciphertext = ${ciphertext}`.execute(db);
  }
}
