import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { lockGrant } from '../access/end-grant.ts';
import { breakGlassEnded } from './break-glass.event.ts';
import { breakGlassUse } from './break-glass-use.resource.ts';
import { endOwnUse } from './permissions.ts';

/** Ends one's own emergency before its time; the review stays owed. */
export const endBreakGlass = defineAction({
  name: 'endBreakGlass',
  on: breakGlassUse,
  permission: endOwnUse,
  label: { en: 'End it now', id: 'Akhiri sekarang' },
  description: { en: 'Gives emergency access back before its time. It still has to be reviewed.', id: 'Mengembalikan akses darurat sebelum waktunya. Tetap harus ditinjau.' },
  confirm: { en: 'End emergency access {title}', id: 'Akhiri akses darurat {title}' },
  done: { en: 'Emergency access has ended.', id: 'Akses darurat telah berakhir.' },
  sensitive: 'never',
  justification: 'none',
  refusedUnder: ['token'],
  onRows: (row, viewer) => sql`${sql.id(row, 'staff_id')} = ${viewer.actor.id}::uuid`,
  // The emergency and its grant have one ID. A second click would else wait for the first while both hold the grant FOR SHARE.
  locksFirst: (tx, id, asking) => lockGrant(tx, id, asking.actor.id),
  allowedIn: { field: 'state', values: ['in-force'], otherwise: { en: 'This emergency is already over.', id: 'Keadaan darurat ini sudah berakhir.' } },
  joins: 'correlationId',
  input: {},
  event: breakGlassEnded,
  async run(tx, { target, viewer }) {
    const { rows } = await sql`
      with closed as (
        update gateway.access_grant set revoked_at = clock_timestamp(), revoked_by = ${viewer.actor.id}, revoke_reason = 'ended-by-owner'
        where id = ${target.id} and revoked_at is null
      )
      update gateway.break_glass set ended_at = clock_timestamp(), end_reason = 'ended-by-owner' where id = ${target.id} and ended_at is null returning id`.execute(tx);
    if (rows.length === 0) throw new GatewayError('CONFLICT');
    return {};
  },
});
