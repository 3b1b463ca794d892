import { breakGlassEnded, breakGlassUnreviewed } from '@sallyport/schema/modules/emergency/break-glass.event.ts';
import { emergencySettings } from '@sallyport/schema/modules/emergency/settings.ts';
import type { AuditEventDraft, Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog } from '../../kernel/seams.ts';
import { enqueue } from '../enqueue.ts';

/** Handled in one transaction, at most; the next minute takes the rest. */
const LARGEST_BATCH = 100;

interface Emergency {
  readonly id: string;
  readonly staff_id: string;
  readonly session_id: string;
  readonly correlation_id: string;
}

const eventOf = (emergency: Emergency): Omit<AuditEventDraft, 'kind' | 'outcome'> => ({
  correlationId: emergency.correlation_id,
  surface: 'job',
  ip: null,
  viewer: null,
  actorId: 'worker',
  actorName: 'Background worker',
  sessionId: emergency.session_id,
  breakGlassId: emergency.id,
  target: { type: 'breakGlassUse', id: emergency.id },
});

/**
 * Writes the end of every emergency that has come to one by itself: by time, with its session, or because its grant was revoked. Each
 * has exactly one such event (E13): whoever marks the row writes it, in the same commit. It opens nothing any more before this runs:
 * the grant's own end is judged with every request.
 */
export async function closeEmergencies(db: Db, audit: AuditLog): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<Emergency & { readonly end_reason: string; readonly ended_at: string }>`
      with lapsed as (
        select taken.id,
          case when held.revoked_at is not null then 'revoked'
            when held_in.id is null or held_in.ended_at is not null or holder.state <> 'active' then 'session-ended' else 'expired' end as end_reason,
          least(held.revoked_at, held_in.ended_at, taken.ends_at, clock_timestamp()) as ended_at
        from gateway.break_glass taken
        join gateway.access_grant held on held.id = taken.id
        join gateway.staff holder on holder.id = taken.staff_id
        left join gateway.session held_in on held_in.id = taken.session_id
        where taken.ended_at is null
          and (held.revoked_at is not null or held.expires_at <= clock_timestamp() or taken.ends_at <= clock_timestamp()
            or held_in.id is null or held_in.ended_at is not null or holder.state <> 'active')
        order by taken.started_at limit ${LARGEST_BATCH}::int
        for update of taken skip locked
      )
      update gateway.break_glass taken set ended_at = greatest(lapsed.ended_at, taken.started_at), end_reason = lapsed.end_reason
      from lapsed where taken.id = lapsed.id
      returning taken.id, taken.staff_id, taken.session_id, taken.correlation_id, taken.end_reason, taken.ended_at`.execute(tx);
    for (const row of rows)
      await audit.append(tx, { ...eventOf(row), kind: breakGlassEnded.kind, outcome: 'ok', detail: { endReason: row.end_reason, endedAt: row.ended_at, staffId: row.staff_id } });
  });
}

/** Says aloud, once, that an emergency has gone without a review for a day: an event and a message to all who may review. */
export async function alertUnreviewedEmergencies(db: Db, audit: AuditLog): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<Emergency>`
      with owed as (
        select taken.id from gateway.break_glass taken
        where taken.reviewed_at is null and taken.alerted_at is null
          and taken.started_at < clock_timestamp() - make_interval(hours => ${emergencySettings.breakGlassReviewHours}::int)
        order by taken.started_at limit ${LARGEST_BATCH}::int
        for update of taken skip locked
      )
      update gateway.break_glass taken set alerted_at = clock_timestamp() from owed where taken.id = owed.id
      returning taken.id, taken.staff_id, taken.session_id, taken.correlation_id`.execute(tx);
    for (const row of rows) {
      await audit.append(tx, {
        ...eventOf(row),
        kind: breakGlassUnreviewed.kind,
        outcome: 'ok',
        detail: { staffId: row.staff_id, hours: emergencySettings.breakGlassReviewHours },
      });
      await enqueue(tx, { job: 'deliver-message', payload: { template: 'break-glass-unreviewed', breakGlassId: row.id } }, row.correlation_id);
    }
  });
}
