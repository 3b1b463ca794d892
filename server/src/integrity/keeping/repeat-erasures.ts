import { randomUUID } from 'node:crypto';
import { erasureRepeated } from '@sallyport/schema/modules/log/keeping.event.ts';
import { GatewayError } from '@sallyport/schema/errors.ts';
import type { AuditEventDraft, Db, Tx } from '@sallyport/schema/ports.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import { sql } from 'kysely';
import type { ErasedSubjects } from '../../audit/erase-personal-values.ts';
import { describeError, type Log } from '../../kernel/log.ts';
import type { AuditLog } from '../../kernel/seams.ts';
import { deleteRecord, replaceValues } from './erase-record.ts';
import { asking, only } from './refused-by-database.ts';

/** Who does it: the gateway when it starts, or somebody at its machine. */
export type Repeater = Pick<AuditEventDraft, 'actorId' | 'actorName'> & { readonly surface: 'job' | 'cli' };

export interface RepeatingParts {
  readonly db: Db;
  readonly registry: Registry;
  readonly audit: AuditLog;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/** What an erasure took once more. */
interface Repeated {
  readonly valuesErased: number;
  readonly recordsReplaced: number;
  readonly recordsDeleted: number;
  /** Records that other rows of the product hold on to. */
  readonly recordsLeft: number;
}

/** What the log says of an erasure, as `audit.erase_again` has found it there with two people. */
interface ToldErasure {
  readonly erased: number;
  readonly subjects: ErasedSubjects;
  readonly said: {
    readonly correlationId: string;
    readonly tenantId?: string;
    readonly action: string;
    readonly approvalId: string;
    readonly targetType: string;
    readonly targetId: string;
  };
}

const pairs = (kinds: ErasedSubjects['deleted']): readonly (readonly [type: string, id: string])[] =>
  Object.entries(kinds ?? {}).flatMap(([type, ids]) => ids.map((id) => [type, id] as const));

/** The same in the product: what is declared stands in place of the values, and what had gone with the act goes. */
async function repeatInProduct(tx: Tx, registry: Registry, { erased, deleted }: ErasedSubjects): Promise<Omit<Repeated, 'valuesErased'>> {
  const counts = { recordsReplaced: 0, recordsDeleted: 0, recordsLeft: 0 };
  for (const [type, id] of pairs(erased)) {
    const resource = registry.resources.get(type);
    if (resource?.erasure && (await replaceValues(tx, resource, id))) counts.recordsReplaced += 1;
  }
  for (const [type, id] of pairs(deleted)) {
    const resource = registry.resources.get(type);
    const became = resource ? await deleteRecord(tx, resource, id) : 'absent';
    if (became === 'deleted') counts.recordsDeleted += 1;
    if (became === 'held') counts.recordsLeft += 1;
  }
  return counts;
}

/** Null where there was nothing to do. What is done and its event are one commit; a crash before it leaves all of it to the next time. */
async function repeatErasure({ db, registry, audit }: RepeatingParts, eventId: string, by: Repeater): Promise<Repeated | null> {
  return db.transaction().execute(async (tx) => {
    const { erased, subjects, said } = only(
      await asking(() => sql<ToldErasure>`select erased::float8 as erased, subjects, said from audit.erase_again(${eventId}::uuid)`.execute(tx)),
    );
    const repeated = { valuesErased: erased, ...(await repeatInProduct(tx, registry, subjects)) };
    if (Object.values(repeated).every((count) => count === 0)) return null;
    await audit.append(tx, {
      kind: erasureRepeated.kind,
      outcome: 'ok',
      correlationId: said.correlationId,
      ip: null,
      viewer: null,
      ...by,
      effect: 'write',
      approvalId: said.approvalId,
      ...(said.tenantId === undefined ? {} : { tenantId: said.tenantId }),
      target: { type: said.targetType, id: said.targetId },
      detail: { erasureEventId: eventId, erasedBy: said.action, ...repeated },
    });
    return repeated;
  });
}

/** Erasures by the act's event: whose values are back beside the log, or every one that the log tells of. */
async function erasuresToRepeat(db: Db, which: 'undone' | 'all'): Promise<readonly string[]> {
  const { rows } =
    which === 'undone'
      ? await sql<{ id: string }>`select event_id::text as id from audit.undone_erasures()`.execute(db)
      : await sql<{ id: string }>`
          select id::text from (
            select event.id from audit.event event where event.retention = 'act' and event.outcome = 'ok' and event.detail ? 'erased'
            union select ending.audit_event_id from audit.erasure booked join gateway.approval_ending ending on ending.request_id = booked.approval_id
            where ending.audit_event_id is not null) told order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * Does erasures again, from the log alone, on a database into which older rows have come back: a backup, or a part of one. `undone` are those
 * whose values stand beside the log again; `all` looks at the product's own rows too, and is for whoever has restored one. Any number of gateways may
 * do it at once, at any time. What a legal hold keeps is left, and that is on the log.
 * @returns how many erasures took something once more, and how many could not be done.
 */
export async function repeatErasures(parts: RepeatingParts, which: 'undone' | 'all', by: Repeater): Promise<{ readonly repeated: number; readonly left: number }> {
  let [repeated, left] = [0, 0];
  for (const eventId of await erasuresToRepeat(parts.db, which)) {
    try {
      const done = await repeatErasure(parts, eventId, by);
      if (done) {
        repeated += 1;
        parts.log.warn({ erasureEventId: eventId, ...done }, 'Values that had been erased were back. They are erased again.');
      }
      if (done && done.recordsLeft > 0) left += 1;
    } catch (fault) {
      left += 1;
      parts.log.error({ erasureEventId: eventId, failure: describeError(fault) }, 'An erasure could not be done again');
      await parts.audit.record({
        kind: erasureRepeated.kind,
        outcome: fault instanceof GatewayError && fault.code === 'CONFLICT' ? 'denied' : 'failed',
        reasonCode: fault instanceof GatewayError ? fault.code : 'INTERNAL',
        correlationId: randomUUID(),
        ip: null,
        viewer: null,
        ...by,
        detail: { erasureEventId: eventId },
      });
    }
  }
  return { repeated, left };
}
