import { randomUUID } from 'node:crypto';
import { signingKeyRotated } from '@sallyport/schema/modules/tokens/token.event.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { sql } from 'kysely';
import type { AuditLog } from '../../kernel/seams.ts';
import { seal, type SecretKeys, unseal } from '../sealed-secret.ts';

/** Days after which a key is followed by another by itself. */
export const ROTATION_DAYS = 90;
/** Minutes for which a key is published before it signs: longer than anybody may keep the key set. */
export const PUBLISHED_AHEAD_MINUTES = 10;
/** Minutes for which a key is accepted after it has signed last: longer than anything signed lives. */
export const ACCEPTED_AFTER_MINUTES = 60;

/** What a sealed private key is bound to. */
export const SIGNING_KEY_USE = (kid: string): string => `sallyport/signing-key/v1/${kid}`;

export interface RotationOptions {
  /** Signs from this moment, without having been published before: others may refuse it until they read the key set again. */
  readonly atOnce?: boolean;
  /** The keys before are not accepted any more: for when one has leaked. Implies `atOnce`. */
  readonly compromised?: boolean;
  /** Does nothing where there is a key already. */
  readonly firstOnly?: boolean;
  readonly surface?: 'cli' | 'job';
}

export interface Rotated {
  readonly kid: string;
  readonly activeFrom: string;
}

interface LastKey {
  readonly kid: string;
  readonly active_from: string;
  readonly waits: boolean;
}

/**
 * Makes the next key, and says until when the one before signs and is accepted; one rotation at a time, over all gateways. One that
 * is still waiting for its turn is answered instead of a further one. Crash point: none inside, the transaction is there or not.
 */
export async function rotateSigningKey(db: Db, audit: AuditLog, secrets: SecretKeys, options: RotationOptions = {}): Promise<Rotated> {
  const { compromised = false, firstOnly = false, surface = 'job' } = options;
  const atOnce = compromised || (options.atOnce ?? false);
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const sealed = seal(secrets, SIGNING_KEY_USE(kid), JSON.stringify(await exportJWK(pair.privateKey)));
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('gateway.signing_key', 0))`.execute(tx);
    const found = await sql<LastKey>`select kid, active_from, active_from > clock_timestamp() as waits from gateway.signing_key where retired_at is null`.execute(tx);
    const last = found.rows[0];
    if (last && (firstOnly || (last.waits && !atOnce))) return { kid: last.kid, activeFrom: last.active_from };
    const ahead = last && !atOnce ? PUBLISHED_AHEAD_MINUTES : 0;
    const { rows: clock } = await sql<{ active_from: string }>`select clock_timestamp() + make_interval(mins => ${ahead}::int) as active_from`.execute(tx);
    const activeFrom = clock[0]?.active_from ?? '';
    // Of several that were still to sign, none does from then on.
    await sql`
      update gateway.signing_key set retired_at = ${activeFrom}::timestamptz,
        expires_at = case when ${compromised}::boolean then clock_timestamp() else ${activeFrom}::timestamptz + make_interval(mins => ${ACCEPTED_AFTER_MINUTES}::int) end
      where retired_at is null or retired_at > ${activeFrom}::timestamptz or (${compromised}::boolean and expires_at > clock_timestamp())`.execute(tx);
    await sql`
      insert into gateway.signing_key (kid, public_jwk, ciphertext, key_id, active_from)
      values (${kid}, ${JSON.stringify(publicJwk)}::jsonb, ${sealed.ciphertext}, ${sealed.keyId}, ${activeFrom}::timestamptz)`.execute(tx);
    await audit.append(tx, {
      kind: signingKeyRotated.kind,
      outcome: 'ok',
      correlationId: randomUUID(),
      surface,
      ip: null,
      viewer: null,
      actorId: 'gateway',
      actorName: 'Gateway process',
      target: { type: 'signingKey', id: kid },
      detail: { before: last?.kid ?? null, activeFrom, compromised },
    });
    return { kid, activeFrom };
  });
}

export interface KnownKey {
  readonly kid: string;
  readonly state: 'waiting' | 'signing' | 'accepted' | 'expired';
  readonly activeFrom: string;
  readonly expiresAt: string | null;
}

/** Every key there ever was, newest first. */
export async function listSigningKeys(db: Db): Promise<readonly KnownKey[]> {
  const { rows } = await sql<KnownKey>`
    select kid, active_from as "activeFrom", expires_at as "expiresAt",
      case when expires_at <= clock_timestamp() then 'expired' when retired_at <= clock_timestamp() then 'accepted'
        when active_from > clock_timestamp() then 'waiting' else 'signing' end as state
    from gateway.signing_key order by active_from desc, kid`.execute(db);
  return rows;
}

/**
 * Once a day: rotates when the last key is old enough, and seals every key that may still sign under the current secret key, so that an
 * older one may be dropped.
 */
export async function rotateSigningKeyWhenDue(db: Db, audit: AuditLog, secrets: SecretKeys): Promise<void> {
  const due = await sql`
    select 1 from gateway.signing_key where retired_at is null and active_from < clock_timestamp() - make_interval(days => ${ROTATION_DAYS}::int)`.execute(db);
  if (due.rows.length > 0) await rotateSigningKey(db, audit, secrets);
  const { rows } = await sql<{ kid: string; ciphertext: Buffer; key_id: string }>`
    select kid, ciphertext, key_id from gateway.signing_key
    where key_id <> ${secrets.currentKeyId} and (retired_at is null or retired_at > clock_timestamp())`.execute(db);
  for (const { kid, ciphertext, key_id } of rows) {
    const sealed = seal(secrets, SIGNING_KEY_USE(kid), unseal(secrets, SIGNING_KEY_USE(kid), { ciphertext, keyId: key_id }));
    await sql`update gateway.signing_key set ciphertext = ${sealed.ciphertext}, key_id = ${sealed.keyId} where kid = ${kid} and ciphertext = ${ciphertext}`.execute(db);
  }
}
