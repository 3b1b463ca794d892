import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import { sql } from 'kysely';
import type { TestGateway } from '../../helpers/gateway.ts';

export interface KnownKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** As published. */
  readonly publicJwk: Awaited<ReturnType<typeof exportJWK>>;
}

/** A pair of keys that the test knows, with its thumbprint. */
export async function makeKeyPair(): Promise<KnownKey> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  return { kid: await calculateJwkThumbprint(publicJwk), privateKey, publicJwk };
}

/** Puts a key into the gateway's table as one that has signed last and is still accepted: with it a test can sign whatever it likes, as if it were the gateway. */
export async function plantAcceptedKey(gateway: TestGateway): Promise<KnownKey> {
  const key = await makeKeyPair();
  await sql`
    insert into gateway.signing_key (kid, public_jwk, ciphertext, key_id, active_from, retired_at, expires_at)
    values (${key.kid}, ${JSON.stringify(key.publicJwk)}::jsonb, ${Buffer.from('unknown')}, 'unknown', clock_timestamp() - interval '2 days', clock_timestamp() - interval '1 minute', clock_timestamp() + interval '1 hour')`.execute(
    gateway.database.owner,
  );
  return key;
}
