import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { COLUMNS } from '@sallyport/server/audit/append-statement.ts';
import { composeEvent } from '@sallyport/server/audit/compose-event.ts';
import { type Kysely, sql } from 'kysely';
import { refund } from '../integration/audit/log-fixture.ts';

const SETTING = { policyVersion: 'a'.repeat(64), environment: 'test', roles: new Map() };

/**
 * Puts an event on the log as if it had been appended at a time in the past: the columns, bytes, leaf and personal values that an append of that day would
 * have written. As owner; segments are made where they are missing. No clock is changed.
 * @param time ISO 8601, UTC, microseconds: `2019-03-14T09:26:53.589793Z`.
 */
export async function appendInThePast(owner: Kysely<unknown>, time: string, members: Partial<AuditEventDraft> = {}): Promise<string> {
  const { record, head, tail, personal } = composeEvent(refund({ ...members }), SETTING);
  const canonical = Buffer.from(`${head}${time}${tail}`);
  const columns = Object.fromEntries(Object.entries(COLUMNS).map(([member, column]) => [column, record[member as keyof typeof record] ?? null]));
  const row = JSON.stringify({ ...columns, time, canonical: `\\x${canonical.toString('hex')}` });
  await owner.transaction().execute(async (tx) => {
    await sql`select audit.make_segments((${time}::timestamptz at time zone 'UTC')::date, (${time}::timestamptz at time zone 'UTC')::date)`.execute(tx);
    await sql`
      with written as (
        insert into audit.event select (jsonb_populate_record(null::audit.event,
          ${row}::jsonb || jsonb_build_object('sequence', nextval('audit.event_sequence'), 'retention', audit.retention_class(${record.outcome}, ${record.effect ?? null})))).*
        returning id, time, retention, canonical
      )
      insert into audit.unsealed (event_id, time, retention, leaf_hash) select id, time, retention, sha256('\\x00'::bytea || canonical) from written`.execute(tx);
    for (const { side, field, salt, value } of personal)
      await sql`
        insert into audit.personal_value (event_id, side, field, salt, value, subject_type, subject_id)
        select ${record.id}::uuid, ${side}, ${field}, decode(${salt}, 'hex'), ${JSON.stringify(value)}::jsonb, s.subject_type, s.subject_id
        from audit.subject_of(${field}, ${record.targetType ?? null}, ${record.targetId ?? null}) s`.execute(tx);
  });
  return record.id;
}
