import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { BREAK_GLASS } from '../../policy/rights.ts';
import type { Tx } from '../../ports.ts';
import type { StaffMember } from '../../viewer.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { accountsOfHumans } from '../access/same-person.ts';
import { reachAsked, tenantIdsOf } from '../access/reach-asked.ts';
import { breakGlassStarted } from './break-glass.event.ts';
import { breakGlassUse } from './break-glass-use.resource.ts';
import { useBreakGlass } from './permissions.ts';
import { emergencySettings } from './settings.ts';

/**
 * No second emergency before the first is reviewed, by whichever of their accounts (E14). Decided under a lock of the human's own;
 * behind it stands a unique index.
 * @throws {GatewayError} FORBIDDEN that says what is owed.
 */
async function requireNoDebt(tx: Tx, person: StaffMember): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('gateway.break_glass of ' || ${person.personId}::text, 0))`.execute(tx);
  const { rows } = await sql`
    select 1 from gateway.break_glass owed
    where owed.reviewed_at is null
      and (owed.person_id = ${person.personId} or owed.staff_id in (${accountsOfHumans([person.id])}))
    limit 1`.execute(tx);
  if (rows.length > 0) throw new GatewayError('FORBIDDEN', 'Your last emergency has not been reviewed. Somebody else has to review it before you can take another.');
}

/**
 * Power at once, without asking anybody: with one's own authenticator, a reason and a ticket, for at most half an hour, in this
 * session alone; everybody who may review it is told. It needs no other system than this one and its log (E12).
 */
export const activateBreakGlass = defineAction({
  name: 'activateBreakGlass',
  on: breakGlassUse,
  creates: true,
  permission: useBreakGlass,
  label: { en: 'Take emergency access', id: 'Ambil akses darurat' },
  description: {
    en: 'Opens what is needed to repair, at once and for at most half an hour. All who may review it are told now; you can take no other until somebody has.',
    id: 'Langsung membuka yang diperlukan untuk memperbaiki, paling lama setengah jam. Semua peninjau diberi tahu; Anda tidak dapat mengambil lagi sebelum ditinjau.',
  },
  confirm: { en: 'Take emergency access for {input.minutes} minutes', id: 'Ambil akses darurat selama {input.minutes} menit' },
  done: { en: 'Emergency access is in force.', id: 'Akses darurat berlaku.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token', 'break-glass'],
  tenantsFrom: 'tenants',
  input: {
    tenants: { type: 'tenants', max: 5, optional: true, label: { en: 'Tenants', id: 'Tenant' } },
    everywhere: { type: 'boolean', optional: true, label: { en: 'For all tenants', id: 'Untuk semua tenant' } },
    minutes: { type: 'integer', min: emergencySettings.breakGlassShortestMinutes, max: emergencySettings.breakGlassLongestMinutes, label: { en: 'Minutes', id: 'Menit' } },
  },
  event: breakGlassStarted,
  requires: async (tx, { viewer, input }) => {
    reachAsked({ tenants: input.tenants ?? null, everywhere: input.everywhere ?? false });
    await requireNoDebt(tx, viewer.actor);
  },
  async run(tx, { viewer, input, reason, ticket, correlationId }) {
    const id = randomUUID();
    const reach = reachAsked({ tenants: input.tenants ?? null, everywhere: input.everywhere ?? false });
    const isGlobal = reach === 'global';
    const tenantIds = tenantIdsOf(reach);
    // One reading of the clock for grant and record; the session's row is locked, its end does not move meanwhile.
    // A preview knows neither reason nor ticket and is undone.
    await sql`
      with taken as (
        select parent.staff_id, parent.id as session_id, clock.now, least(clock.now + make_interval(mins => ${input.minutes}::int), parent.expires_at) as ends_at
        from gateway.session parent, (select clock_timestamp() as now offset 0) clock
        where parent.id = ${viewer.session.id} and parent.staff_id = ${viewer.actor.id}
      ), opened as (
        insert into gateway.access_grant (id, staff_id, kind, role, is_global, tenant_ids, reason, ticket, granted_by, created_at, activated_at, expires_at, minutes, session_id)
        select ${id}, staff_id, 'break-glass', ${BREAK_GLASS}, ${isGlobal}, ${tenantIds}::text[], ${reason ?? '-'}, ${ticket}, staff_id, now, now, ends_at, ${input.minutes}::int, session_id from taken
      )
      insert into gateway.break_glass (id, staff_id, person_id, session_id, correlation_id, reason, ticket, is_global, tenant_ids, started_at, ends_at)
      select ${id}, staff_id, ${viewer.actor.personId}, session_id, ${correlationId}, ${reason ?? '-'}, ${ticket ?? '-'}, ${isGlobal}, ${tenantIds}::text[], now, ends_at from taken`.execute(
      tx,
    );
    return {
      created: id,
      breakGlassId: id,
      outbox: [{ job: 'deliver-message', payload: { template: 'break-glass-started', breakGlassId: id } }],
      detail: { minutes: input.minutes, everywhere: isGlobal, tenants: tenantIds.length },
    };
  },
});
