import { randomUUID } from 'node:crypto';
import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { makeToken } from '../opaque-token.ts';

/** Hours for which an invitation may be used. */
const INVITATION_HOURS = 72;

export interface EnrolmentLink {
  /** Holds the one-time token in its fragment, which browsers send to nobody. */
  readonly url: string;
  readonly expiresAt: string;
}

/**
 * Makes the one-time link by which an invited person sets password and authenticator; earlier ones are void.
 * The address is the configured one, never a request's (THREATS A14). `madeBy` is the member of staff
 * who gets to see it; null on the machine itself.
 */
export async function createEnrolmentLink(tx: Db | Tx, staffId: string, publicUrl: string, madeBy: string | null = null): Promise<EnrolmentLink> {
  const { token, hash } = makeToken();
  await sql`
    update gateway.enrolment_link set expires_at = least(expires_at, clock_timestamp())
    where staff_id = ${staffId} and purpose = 'invitation' and used_at is null`.execute(tx);
  const { rows } = await sql<{ expires_at: string }>`
    insert into gateway.enrolment_link (id, staff_id, purpose, token_hash, expires_at, made_by)
    values (${randomUUID()}, ${staffId}, 'invitation', ${hash}, clock_timestamp() + make_interval(hours => ${INVITATION_HOURS}), ${madeBy})
    returning expires_at`.execute(tx);
  return { url: new URL(`/enrol#${token}`, publicUrl).href, expiresAt: rows[0]?.expires_at ?? '' };
}
