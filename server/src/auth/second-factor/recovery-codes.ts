import { createHash, randomBytes } from 'node:crypto';
import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

export const RECOVERY_CODE_COUNT = 10;
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 16;
const FORM = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** 80 random bits in four groups of letters that are not mistaken for one another. */
function makeRecoveryCode(): string {
  const letters = Array.from(randomBytes(LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  return letters.match(/.{4}/g)?.join('-') ?? letters;
}

/** The code without blanks and dashes, in capitals; null when it can't be one. */
export function normaliseRecoveryCode(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 64) return null;
  const code = value.replaceAll(/[\s-]/g, '').toUpperCase();
  return FORM.test(code) ? code : null;
}

/** Codes are random over their whole length, so a fast hash keeps them; the person's ID is part of it. */
const hashRecoveryCode = (staffId: string, code: string): Buffer => createHash('sha256').update(`sallyport/recovery-code/v1/${staffId}/${code}`).digest();

/** Voids the person's codes and makes ten new ones, returned this once. */
export async function replaceRecoveryCodes(tx: Tx, staffId: string): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODE_COUNT }, makeRecoveryCode);
  const hashes = codes.map((code) => hashRecoveryCode(staffId, code.replaceAll('-', '')).toString('hex'));
  await sql`delete from gateway.recovery_code where staff_id = ${staffId}`.execute(tx);
  await sql`
    insert into gateway.recovery_code (staff_id, code_hash)
    select ${staffId}, decode(hash, 'hex') from unnest(${hashes}::text[]) as hash`.execute(tx);
  return codes;
}

/** Spends a code; true for exactly one caller per code. */
export async function spendRecoveryCode(tx: Tx, staffId: string, code: string): Promise<boolean> {
  const { rows } = await sql`
    update gateway.recovery_code set used_at = clock_timestamp()
    where staff_id = ${staffId} and code_hash = ${hashRecoveryCode(staffId, code)} and used_at is null
    returning staff_id`.execute(tx);
  return rows.length > 0;
}

export async function countRecoveryCodes(db: Db | Tx, staffId: string): Promise<number> {
  const { rows } = await sql<{ left: number }>`select count(*)::int as left from gateway.recovery_code where staff_id = ${staffId} and used_at is null`.execute(db);
  return rows[0]?.left ?? 0;
}
