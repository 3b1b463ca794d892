import { TOTP_KEY_ROTATED } from '@sallyport/schema/modules/access/events.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog, RequestFacts } from '../kernel/seams.ts';
import { describeAccessEvent } from './access-event.ts';
import { openSecret, type SecretKeys, sealSecret } from './sealed-secret.ts';
import { totpFingerprint } from './totp-fingerprint.ts';

interface SealedRow {
  readonly id: string;
  readonly staff_id: string;
  readonly ciphertext: Buffer;
  readonly key_id: string;
}

/**
 * Re-encrypts every stored authenticator secret under the current key, and makes its fingerprint anew, row by row, while people sign in: both keys open
 * until it is done, and a secret that was replaced meanwhile is left alone. Afterwards the old key may be dropped.
 * Can be stopped and begun again anywhere. Answers how many rows it re-encrypted.
 */
export async function rewrapTotpSecrets(db: Db, audit: AuditLog, keys: SecretKeys, facts: RequestFacts): Promise<number> {
  const people = await sql<SealedRow>`
    select id, id as staff_id, totp_ciphertext as ciphertext, totp_key_id as key_id from gateway.staff
    where totp_key_id <> ${keys.currentKeyId} or (totp_ciphertext is not null and totp_fingerprint is null)`.execute(db);
  const links = await sql<SealedRow>`
    select id, staff_id, pending_ciphertext as ciphertext, pending_key_id as key_id from gateway.enrolment_link
    where pending_key_id <> ${keys.currentKeyId}`.execute(db);
  let rewrapped = 0;
  for (const row of people.rows) {
    const secret = openSecret(keys, row.staff_id, { ciphertext: row.ciphertext, keyId: row.key_id });
    const sealed = sealSecret(keys, row.staff_id, secret);
    const { numAffectedRows } = await sql`
      update gateway.staff set totp_ciphertext = ${sealed.ciphertext}, totp_key_id = ${sealed.keyId}, totp_fingerprint = ${totpFingerprint(keys, secret)}
      where id = ${row.id} and totp_ciphertext = ${row.ciphertext}`.execute(db);
    rewrapped += Number(numAffectedRows ?? 0n);
  }
  for (const row of links.rows) {
    const sealed = sealSecret(keys, row.staff_id, openSecret(keys, row.staff_id, { ciphertext: row.ciphertext, keyId: row.key_id }));
    const { numAffectedRows } = await sql`
      update gateway.enrolment_link set pending_ciphertext = ${sealed.ciphertext}, pending_key_id = ${sealed.keyId}
      where id = ${row.id} and pending_ciphertext = ${row.ciphertext}`.execute(db);
    rewrapped += Number(numAffectedRows ?? 0n);
  }
  await audit.record(describeAccessEvent(TOTP_KEY_ROTATED, facts, { detail: { keyId: keys.currentKeyId, rewrapped } }));
  return rewrapped;
}
