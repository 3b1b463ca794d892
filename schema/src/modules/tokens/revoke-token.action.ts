import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import type { Tx } from '../../ports.ts';
import { type ActionEffect, defineAction } from '../../vocabulary/define-action.ts';
import { accessToken } from './access-token.resource.ts';
import { revokeAnyTokens, revokeTokens } from './permissions.ts';
import { tokenRevoked } from './token.event.ts';

/** From the commit on the token is refused: whoever acts with it holds its row FOR SHARE and comes before, or reads it revoked. */
async function revoke(tx: Tx, tokenId: string, by: string): Promise<ActionEffect> {
  const { rows } = await sql<{ staffId: string }>`
    update gateway.access_token set revoked_at = clock_timestamp(), revoked_by = ${by} where id = ${tokenId} and revoked_at is null returning staff_id::text as "staffId"`.execute(
    tx,
  );
  const [revoked] = rows;
  if (!revoked) throw new GatewayError('CONFLICT');
  return { detail: { staffId: revoked.staffId } };
}

const active = { field: 'state', values: ['active'], otherwise: { en: 'The token is no longer live.', id: 'Token sudah tidak aktif.' } } as const;

/** Giving up power is never hard: no reason, no code. */
export const revokeToken = defineAction({
  name: 'revokeToken',
  on: accessToken,
  permission: revokeTokens,
  label: { en: 'Revoke', id: 'Cabut' },
  description: { en: 'Ends this token of yours. Whatever uses it is refused at once.', id: 'Mengakhiri token Anda ini. Yang memakainya langsung ditolak.' },
  confirm: { en: 'Revoke {title}', id: 'Cabut {title}' },
  done: { en: '{title} is revoked.', id: '{title} telah dicabut.' },
  sensitive: 'never',
  justification: 'none',
  refusedUnder: ['token'],
  onRows: (row, viewer) => sql`${sql.id(row, 'staff_id')} = ${viewer.actor.id}::uuid`,
  allowedIn: active,
  input: {},
  event: tokenRevoked,
  run: (tx, { target, viewer }) => revoke(tx, target.id, viewer.actor.id),
});

/** A leaked token is stopped by whoever sees it first: a reason, and no code that could delay it. */
export const revokeAnyToken = defineAction({
  name: 'revokeAnyToken',
  on: accessToken,
  permission: revokeAnyTokens,
  label: { en: 'Revoke for its maker', id: 'Cabut milik orang lain' },
  description: { en: "Ends somebody's token. Whatever uses it is refused at once.", id: 'Mengakhiri token seseorang. Yang memakainya langsung ditolak.' },
  confirm: { en: 'Revoke {title}', id: 'Cabut {title}' },
  done: { en: '{title} is revoked.', id: '{title} telah dicabut.' },
  sensitive: 'never',
  justification: 'reason',
  refusedUnder: ['token'],
  onRows: (row, viewer) => sql`${sql.id(row, 'staff_id')} <> ${viewer.actor.id}::uuid`,
  allowedIn: active,
  input: {},
  event: tokenRevoked,
  run: (tx, { target, viewer }) => revoke(tx, target.id, viewer.actor.id),
});
