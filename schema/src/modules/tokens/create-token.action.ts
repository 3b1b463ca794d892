import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import type { Tx } from '../../ports.ts';
import { covers, type TenantReach, type Viewer } from '../../viewer.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { reachAsked, tenantIdsOf } from '../access/reach-asked.ts';
import { accessToken } from './access-token.resource.ts';
import { createTokens } from './permissions.ts';
import { tokenSettings } from './settings.ts';
import { tokenCreated } from './token.event.ts';

/** @throws {GatewayError} FORBIDDEN for what the maker does not hold there, or no token may ever carry. */
function requireOwnRights(viewer: Viewer, permissions: readonly string[], reach: TenantReach, mayCarry: (permission: string) => boolean): void {
  for (const permission of permissions) {
    const held = viewer.rights.get(permission);
    if (held === undefined || !covers(held, reach) || !mayCarry(permission)) throw new GatewayError('FORBIDDEN', undefined, { permission });
  }
}

/** Counts under a lock of the person's own, so that two makings at once don't pass each other. */
async function requireRoom(tx: Tx, staffId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('gateway.access_token of ' || ${staffId}::text, 0))`.execute(tx);
  const { rows } = await sql<{ live: number }>`
    select count(*)::int as live from gateway.access_token where staff_id = ${staffId} and revoked_at is null and expires_at > clock_timestamp()`.execute(tx);
  if ((rows[0]?.live ?? 0) >= tokenSettings.liveTokensPerPerson)
    throw new GatewayError('CONFLICT', `You have ${tokenSettings.liveTokensPerPerson} live tokens. Revoke one that you no longer need first.`);
}

/** A token is made by a person, never by a token, with less than they hold now; what they lose later, it loses at the next request (T1-T3, G05-G07). */
export const createToken = defineAction({
  name: 'createToken',
  on: accessToken,
  creates: true,
  permission: createTokens,
  label: { en: 'Make a token', id: 'Buat token' },
  description: {
    en: 'Makes a token with which your tooling acts in your name, with no more than you choose here. It is shown a single time.',
    id: 'Membuat token agar perkakas bertindak atas nama Anda, terbatas pada pilihan di sini. Hanya ditampilkan satu kali.',
  },
  confirm: { en: 'Make token {input.name}', id: 'Buat token {input.name}' },
  done: { en: 'The token is made. Copy it now.', id: 'Token dibuat. Salin sekarang.' },
  sensitive: 'always',
  justification: 'reason',
  refusedUnder: ['token', 'break-glass'],
  tenantsFrom: 'tenants',
  input: {
    name: {
      type: 'text',
      maxLength: 80,
      label: { en: 'Name', id: 'Nama' },
      help: { en: 'By which you will recognise it, such as the script it is for.', id: 'Untuk mengenalinya, misalnya nama skripnya.' },
    },
    permissions: { type: 'permissions', max: 50, label: { en: 'Permissions', id: 'Izin' } },
    tenants: { type: 'tenants', max: 20, optional: true, label: { en: 'Tenants', id: 'Tenant' } },
    everywhere: { type: 'boolean', optional: true, label: { en: 'For all tenants', id: 'Untuk semua tenant' } },
    minutes: {
      type: 'integer',
      min: tokenSettings.tokenShortestMinutes,
      max: tokenSettings.tokenLongestMinutes,
      optional: true,
      label: { en: 'Minutes', id: 'Menit' },
      help: {
        en: `${tokenSettings.tokenDefaultMinutes} unless you say otherwise. It ends with your session at the latest.`,
        id: `${tokenSettings.tokenDefaultMinutes} bila tidak diisi. Paling lambat berakhir bersama sesi Anda.`,
      },
    },
  },
  reveals: { token: { en: 'Token', id: 'Token' } },
  event: tokenCreated,
  requires: async (tx, { viewer, input }, { tokens }) => {
    requireOwnRights(viewer, input.permissions, reachAsked({ tenants: input.tenants ?? null, everywhere: input.everywhere ?? false }), tokens.mayCarry);
    await requireRoom(tx, viewer.actor.id);
  },
  async run(tx, { viewer, input, reason }, { tokens }) {
    const { token, hash, hint } = tokens.make();
    const id = randomUUID();
    const reach = reachAsked({ tenants: input.tenants ?? null, everywhere: input.everywhere ?? false });
    const tenantIds = tenantIdsOf(reach);
    // The session's row is locked: its end does not move meanwhile. A preview knows no reason and is undone.
    await sql`
      insert into gateway.access_token (id, staff_id, session_id, name, token_hash, hint, permissions, is_global, tenant_ids, reason, created_at, expires_at)
      select ${id}, parent.staff_id, parent.id, ${input.name.trim()}, ${hash}, ${hint}, ${[...input.permissions].sort()}::text[], ${reach === 'global'}, ${tenantIds}::text[],
        ${reason ?? '-'}, clock.now, least(clock.now + make_interval(mins => ${input.minutes ?? tokenSettings.tokenDefaultMinutes}::int), parent.expires_at)
      from gateway.session parent, (select clock_timestamp() as now offset 0) clock
      where parent.id = ${viewer.session.id} and parent.staff_id = ${viewer.actor.id}`.execute(tx);
    return { created: id, once: { token }, detail: { permissions: input.permissions.length, everywhere: reach === 'global', tenants: tenantIds.length } };
  },
});
