import { type RawBuilder, sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import type { Tx } from '../../ports.ts';
import type { ApprovedBy } from '../../vocabulary/define-action.ts';

/** An account that an act is about. */
export interface Account {
  readonly id: string;
  readonly state: 'invited' | 'active' | 'disabled';
  /** Whether it belongs to one of the humans who act: the one who asks, or one who approved. */
  readonly own: boolean;
}

/** The mailbox behind an address: a tag leads to the same one. */
const mailbox = (account: string): RawBuilder<unknown> => sql`regexp_replace(${sql.id(account, 'email')}, '\\+[^@]*(?=@)', '')`;

/** Whether two accounts are one human's by anything that shows it: linked, the same mailbox, the same authenticator (THREATS D02). */
export const sameHuman = (one: string, other: string): RawBuilder<unknown> => sql`(
  coalesce(${sql.id(one, 'person_id')}, ${sql.id(one, 'id')}) = coalesce(${sql.id(other, 'person_id')}, ${sql.id(other, 'id')})
  or ${mailbox(one)} = ${mailbox(other)} or coalesce(${sql.id(one, 'totp_fingerprint')} = ${sql.id(other, 'totp_fingerprint')}, false))`;

/** SQL for the IDs of every account of the humans behind these accounts. */
export const accountsOfHumans = (staffIds: readonly string[]): RawBuilder<unknown> => sql`
  select account.id from gateway.staff account join gateway.staff own on own.id = any(${[...new Set(staffIds)]}::uuid[]) where ${sameHuman('account', 'own')}`;

/** Reads an account and locks it against being disabled meanwhile. Null when there is none. `actors` are accounts of those who act. */
export async function readAccount(tx: Tx, staffId: string, actors: readonly string[]): Promise<Account | null> {
  const { rows } = await sql<Account>`
    select account.id, account.state,
      exists (select 1 from gateway.staff actor where actor.id = any(${[...actors]}::uuid[]) and ${sameHuman('account', 'actor')}) as own
    from gateway.staff account where account.id::text = lower(${staffId}) for share of account`.execute(tx);
  return rows[0] ?? null;
}

/**
 * Nobody is the second person for what happens to an account of their own.
 * @throws {GatewayError} SELF_APPROVAL.
 */
export async function requireApprovedByOthers(tx: Tx, staffId: string, approval: ApprovedBy | null): Promise<void> {
  if (approval && (await readAccount(tx, staffId, approval.approverIds))?.own) throw new GatewayError('SELF_APPROVAL');
}
