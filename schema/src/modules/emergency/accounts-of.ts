import { type RawBuilder, sql } from 'kysely';
import type { StaffMember } from '../../viewer.ts';

/** SQL for the IDs of every account of one human: linked with this one, or with the same authenticator (THREATS D02). */
export const accountsOf = (person: StaffMember): RawBuilder<unknown> => sql`
  select account.id from gateway.staff account
  where coalesce(account.person_id, account.id) = ${person.personId}::uuid
    or account.totp_fingerprint = (select own.totp_fingerprint from gateway.staff own where own.id = ${person.id}::uuid)`;
