import { randomUUID } from 'node:crypto';
import { ADMINISTRATION_ENDS_SOON } from '@sallyport/schema/modules/access/events.ts';
import { ADMINISTRATORS } from '@sallyport/schema/modules/access/last-administrator.ts';
import { accessSettings } from '@sallyport/schema/modules/access/settings.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog } from '../../kernel/seams.ts';

interface Outlook {
  readonly staffed: boolean;
  readonly administrators: number;
  readonly soon: boolean;
  /** Null where nobody is left, or somebody's access has no end. */
  readonly endsAt: string | null;
}

/** Says on the log, once a turn, that time is about to take the last administrator's access, or has. Before anybody has enrolled there is nothing to say. */
export async function warnOfEndingAdministration(db: Db, audit: AuditLog): Promise<void> {
  const { rows } = await sql<Outlook>`
    select exists (select 1 from gateway.staff where state = 'active') as staffed, count(distinct administrator.staff_id)::int as administrators,
      coalesce(max(coalesce(administrator.expires_at, 'infinity')) < clock_timestamp() + make_interval(days => ${accessSettings.administrationWarningDays}::int), true) as soon,
      max(administrator.expires_at) as "endsAt"
    from ${ADMINISTRATORS}`.execute(db);
  const [outlook] = rows;
  if (!outlook?.staffed || !outlook.soon) return;
  await audit.record({
    kind: ADMINISTRATION_ENDS_SOON.kind,
    outcome: 'ok',
    correlationId: randomUUID(),
    surface: 'job',
    ip: null,
    viewer: null,
    actorId: 'worker',
    actorName: 'Background worker',
    detail: { administrators: outlook.administrators, endsAt: outlook.endsAt },
  });
}
