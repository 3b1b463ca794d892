import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { AccessContext } from '../access-context.ts';
import type { KnownPerson } from '../access-event.ts';
import { hashIfToken } from '../opaque-token.ts';

/** Who an address may mean. `person` and `passwordHash` are null for nobody we know. */
export interface Candidate {
  /** Under which failures are counted: a hash, so that addresses typed by strangers are not kept. */
  readonly addressKey: string;
  /** The browser's own count, where it has signed this very person in before. */
  readonly deviceId: string | null;
  readonly person: (KnownPerson & { readonly state: string }) | null;
  readonly passwordHash: string | null;
}

interface CandidateRow {
  readonly id: string;
  readonly display_name: string;
  readonly state: string;
  readonly password_hash: string | null;
  readonly device_id: string | null;
}

export const addressKeyOf = (email: string): string => createHash('sha256').update(`sallyport/address/v1/${email}`).digest('hex');

/** One statement, whoever is asked for. */
export async function findCandidate(access: AccessContext, email: string, deviceToken: string | null): Promise<Candidate> {
  const { rows } = await sql<CandidateRow>`
    select staff.id, staff.display_name, staff.state, staff.password_hash, device.id as device_id
    from gateway.staff left join gateway.known_device device
      on device.staff_id = staff.id and device.token_hash = ${hashIfToken(deviceToken)} and device.expires_at > clock_timestamp()
    where staff.email = ${email}`.execute(access.db);
  const row = rows[0];
  return {
    addressKey: addressKeyOf(email),
    deviceId: row?.device_id ?? null,
    person: row ? { id: row.id, displayName: row.display_name, state: row.state } : null,
    passwordHash: row?.password_hash ?? null,
  };
}
