import { type RawBuilder, sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import type { Tx } from '../../ports.ts';
import type { Viewer } from '../../viewer.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { accessGrant, ownGrant } from './access-grant.resource.ts';
import { endGrant, lockGrant } from './end-grant.ts';
import { ELEVATION_ACTIVATED, ELEVATION_DROPPED } from './events.ts';
import { useElevations } from './permissions.ts';

const ownElevation = (row: string, viewer: Viewer): RawBuilder<unknown> => sql`${ownGrant(row, viewer)} and ${sql.id(row, 'kind')} = 'elevation'`;

const lockOwn = (tx: Tx, id: string, asking: Viewer): Promise<void> => lockGrant(tx, id, asking.actor.id);

/** Starts the clock of an elevation that was approved to wait. It runs once, to its end. */
export const activateElevation = defineAction({
  name: 'activateElevation',
  on: accessGrant,
  permission: useElevations,
  label: { en: 'Activate', id: 'Aktifkan' },
  description: {
    en: 'Puts this elevation in force from now on, for the minutes that were approved.',
    id: 'Memberlakukan elevasi ini mulai sekarang, selama menit yang disetujui.',
  },
  confirm: { en: 'Activate {title}', id: 'Aktifkan {title}' },
  done: { en: '{title} is in force.', id: '{title} telah berlaku.' },
  sensitive: 'never',
  justification: 'none',
  refusedUnder: ['token'],
  onRows: ownElevation,
  locksFirst: lockOwn,
  joins: 'correlationId',
  allowedIn: { field: 'state', values: ['waiting'], otherwise: { en: 'This elevation does not wait for its activation.', id: 'Elevasi ini tidak menunggu pengaktifan.' } },
  input: {},
  event: ELEVATION_ACTIVATED,
  async run(tx, { target }) {
    const { rows } = await sql`
      update gateway.access_grant held set activated_at = clock.now, expires_at = clock.now + make_interval(mins => held.minutes)
      from (select clock_timestamp() as now offset 0) clock
      where held.id = ${target.id} and held.activated_at is null and held.revoked_at is null and held.activate_before > clock.now returning held.id`.execute(tx);
    if (rows.length === 0) throw new GatewayError('CONFLICT');
    return {};
  },
});

/** Giving up power is never hard: no reason, no code. What was dropped can't be taken up again. */
export const dropElevation = defineAction({
  name: 'dropElevation',
  on: accessGrant,
  permission: useElevations,
  label: { en: 'Drop', id: 'Lepas' },
  description: { en: 'Gives this elevation back now. It cannot be used again.', id: 'Mengembalikan elevasi ini sekarang. Tidak dapat dipakai lagi.' },
  confirm: { en: 'Drop {title}', id: 'Lepas {title}' },
  done: { en: '{title} is dropped.', id: '{title} telah dilepas.' },
  sensitive: 'never',
  justification: 'none',
  refusedUnder: ['token'],
  onRows: ownElevation,
  locksFirst: lockOwn,
  joins: 'correlationId',
  allowedIn: { field: 'state', values: ['active', 'waiting'], otherwise: { en: 'This elevation is over.', id: 'Elevasi ini sudah usai.' } },
  input: {},
  event: ELEVATION_DROPPED,
  async run(tx, { target, viewer }) {
    if (!(await endGrant(tx, target.id, { by: viewer.actor.id, reason: 'dropped' }))) throw new GatewayError('CONFLICT');
    return {};
  },
});
