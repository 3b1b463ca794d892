import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { normaliseEmail } from '../email.ts';

/** The command line named an account, or asked for a change, that can't be. Its message says which. */
export class AccountRefusal extends Error {}

export interface FoundAccount {
  readonly id: string;
  readonly displayName: string;
  readonly state: 'invited' | 'active' | 'disabled';
  readonly personId: string;
}

/** @throws {AccountRefusal} when nobody has this address. @throws {GatewayError} BAD_INPUT for an address that is none. */
export async function findAccount(tx: Tx, email: string): Promise<FoundAccount> {
  const { rows } = await sql<FoundAccount>`
    select id, display_name as "displayName", state, coalesce(person_id, id) as "personId" from gateway.staff where email = ${normaliseEmail(email)}`.execute(tx);
  if (!rows[0]) throw new AccountRefusal(`Nobody here has the address ${email}.`);
  return rows[0];
}
