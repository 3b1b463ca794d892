import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@sallyport/schema/ports.ts';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { sql } from 'kysely';
import type { AuditLog } from '../../kernel/seams.ts';
import { type SecretKeys, unseal } from '../sealed-secret.ts';
import { rotateSigningKey, SIGNING_KEY_USE } from './rotate-signing-key.ts';

/** Signs and checks with Ed25519 (RFC 8037). */
export const ALGORITHM = 'EdDSA';

export interface SigningKeys {
  /** The key that signs now; the first is made when it is first asked for. @throws {Error} when the secret key it is sealed with is not at hand. */
  current(): Promise<{ readonly kid: string; readonly privateKey: CryptoKey }>;
  /** A key of ours by which something may be signed; null for any other name. */
  publicKey(kid: string): Promise<CryptoKey | null>;
  /** What may be signed with, or will be soon, as a JWK set (RFC 7517). */
  published(): Promise<{ readonly keys: readonly JWK[] }>;
}

interface PublicRow {
  readonly kid: string;
  readonly public_jwk: JWK;
}

/** Milliseconds between two readings of the table for names that are not known here. */
const READ_AGAIN_MS = 200;

const readPublic = async (db: Db): Promise<readonly PublicRow[]> =>
  (await sql<PublicRow>`select kid, public_jwk from gateway.signing_key where expires_at is null or expires_at > clock_timestamp() order by active_from desc`.execute(db)).rows;

/** Keys of the database, the same for every gateway on it. What is kept in the process are keys by their thumbprint, which never change. */
export function createSigningKeys(db: Db, audit: AuditLog, secrets: SecretKeys): SigningKeys {
  const privateKeys = new Map<string, CryptoKey>();
  let publicKeys: ReadonlyMap<string, CryptoKey> = new Map();
  let next: Promise<void> | null = null;
  let notBefore = 0;

  const readAgain = async (): Promise<void> => {
    await delay(Math.max(0, notBefore - performance.now()));
    notBefore = performance.now() + READ_AGAIN_MS;
    // Whoever asks from here on may know of a key that this reading does not see.
    next = null;
    const rows = await readPublic(db);
    publicKeys = new Map(await Promise.all(rows.map(async ({ kid, public_jwk }) => [kid, await importKey(public_jwk)] as const)));
  };
  const findCurrent = async () =>
    (
      await sql<{ kid: string; ciphertext: Buffer; key_id: string }>`
        select kid, ciphertext, key_id from gateway.signing_key
        where active_from <= clock_timestamp() and (retired_at is null or retired_at > clock_timestamp()) order by active_from desc limit 1`.execute(db)
    ).rows[0];

  return {
    async current() {
      let row = await findCurrent();
      if (!row) {
        await rotateSigningKey(db, audit, secrets, { firstOnly: true });
        row = await findCurrent();
      }
      if (!row) throw new Error('There is no key to sign with');
      let privateKey = privateKeys.get(row.kid);
      if (!privateKey) {
        privateKey = await importKey(JSON.parse(unseal(secrets, SIGNING_KEY_USE(row.kid), { ciphertext: row.ciphertext, keyId: row.key_id })) as JWK);
        privateKeys.clear();
        privateKeys.set(row.kid, privateKey);
      }
      return { kid: row.kid, privateKey };
    },
    async publicKey(kid) {
      const known = publicKeys.get(kid);
      if (known) return known;
      // Made-up names cost one small statement a fifth of a second, however many there are.
      await (next ??= readAgain());
      return publicKeys.get(kid) ?? null;
    },
    async published() {
      return { keys: (await readPublic(db)).map(({ kid, public_jwk }) => ({ ...public_jwk, kid, use: 'sig', alg: ALGORITHM })) };
    },
  };
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, ALGORITHM);
  if (key instanceof Uint8Array) throw new TypeError('A signing key is a pair, never a shared secret');
  return key;
}
