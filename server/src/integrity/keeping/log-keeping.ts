import { GatewayError } from '@sallyport/schema/errors.ts';
import { logErasure } from '@sallyport/schema/modules/log/log-erasure.resource.ts';
import type { ErasureDetail, KeepingFacts, LogKeepingService, PrunedSegment, TargetReference, Tx } from '@sallyport/schema/ports.ts';
import { canonicalKey, isKey } from '@sallyport/schema/resources/columns.ts';
import { type Registry, resourceNamed } from '@sallyport/schema/resources/registry.ts';
import { sql } from 'kysely';
import { type ErasedSubjects, erasePersonalValues } from '../../audit/erase-personal-values.ts';
import type { LogSigner } from '../log-keys.ts';
import { allowTimeForSegment } from './close-segments.ts';
import { isRecordThere, replaceValues } from './erase-record.ts';
import { asking, only } from './refused-by-database.ts';
import { stateRetention } from './retention-statements.ts';

export interface KeepingParts {
  readonly registry: Registry;
  readonly signer: LogSigner;
  /** Seals and signs what waits, on connections of its own. */
  readonly sealNow: () => Promise<void>;
}

/**
 * The request by which something is let go of, once it is on the signed log: the database lets nothing go before. Null where the act is tried out.
 * @throws {GatewayError} UNAVAILABLE while nothing is signed.
 */
async function requestOf({ sealNow }: KeepingParts, tx: Tx, { approval }: KeepingFacts): Promise<string | null> {
  if (approval === null) return null;
  const isCovered = async () => only(await sql<{ covered: boolean }>`select audit.is_request_covered(${approval.requestId}) as covered`.execute(tx)).covered;
  if (await isCovered()) return approval.requestId;
  await sealNow();
  if (!(await isCovered())) throw new GatewayError('UNAVAILABLE', 'The request is not on the signed log yet. Try again shortly.');
  return approval.requestId;
}

/** Erases what stands beside events and requests, booked under the first of the records. */
async function eraseValues(
  parts: KeepingParts,
  tx: Tx,
  subjects: ErasedSubjects,
  first: TargetReference,
  facts: KeepingFacts,
): Promise<{ readonly id: string; readonly detail: ErasureDetail }> {
  const { tenantId, viewer, reason, ticket, correlationId } = facts;
  const requestId = await requestOf(parts, tx, facts);
  const tenantIds = tenantId === null ? [] : [tenantId];
  // A preview knows no reason and is undone.
  const because = { staffId: viewer.actor.id, reason: reason ?? '-', ticket, correlationId };
  const { id, ...counts } = await asking(() => erasePersonalValues(tx, { recordType: first.type, recordId: first.id, subjects, tenantIds, requestId, ...because }));
  return { id, detail: { ...counts, ...subjects } };
}

function byKind(records: readonly TargetReference[]): Readonly<Record<string, readonly string[]>> {
  const ids = new Map<string, Set<string>>();
  for (const { type, id } of records) ids.set(type, (ids.get(type) ?? new Set()).add(id));
  return Object.fromEntries([...ids].map(([type, found]) => [type, [...found]]));
}

/** What acts may have the log let go of. The database looks at all that speaks against it, under lock and by its own clock. */
export function createLogKeeping(parts: KeepingParts): LogKeepingService {
  const { registry, signer } = parts;
  const isThere: LogKeepingService['isThere'] = async (tx, name, id) => registry.resources.has(name) && isRecordThere(tx, resourceNamed(registry, name), id);
  return {
    isThere,
    isResource: (name) => registry.resources.has(name),
    recordKey(name, id) {
      const type = registry.resources.get(name)?.key.type;
      return type !== undefined && isKey(type, id) ? canonicalKey(type, id) : null;
    },
    async pruneSegment(tx, id, facts) {
      const requestId = await requestOf(parts, tx, facts);
      const usual = await allowTimeForSegment(tx);
      const pruned = only(
        await asking(() =>
          sql<PrunedSegment>`
            select to_char(month, 'YYYY-MM') as month, retention, events, first_index as "firstIndex", last_index as "lastIndex",
              encode(digest, 'hex') as "leafHashes", personal_values as "personalValues"
            from audit.prune_segment(${id}, ${requestId}::uuid)`.execute(tx),
        ),
      );
      await sql`select set_config('statement_timeout', ${usual}, true)`.execute(tx);
      await stateRetention(tx, signer);
      return pruned;
    },
    async setRetentionPeriod(tx, retention, years, facts) {
      const requestId = await requestOf(parts, tx, facts);
      await sql`select audit.set_retention_period(${retention}, ${years}::integer, ${requestId}::uuid)`.execute(tx);
    },
    async releaseHold(tx, id, facts) {
      const requestId = await requestOf(parts, tx, facts);
      const { rows } = await sql<{ released: boolean }>`
        select audit.release_hold(${id}::uuid, ${requestId}::uuid, ${facts.viewer.actor.id}::uuid, ${facts.reason ?? '-'}) as released`.execute(tx);
      if (!rows[0]?.released) throw new GatewayError('CONFLICT');
    },
    async eraseRecord(tx, resource, id, facts, also = []) {
      const isChanged = await replaceValues(tx, resourceNamed(registry, resource.name), id);
      const first = { type: resource.name, id };
      const there = await Promise.all(also.map((record) => isThere(tx, record.type, record.id)));
      const deleted = also.filter((_, index) => !there[index]);
      const erased = byKind([first, ...also.filter((_, index) => there[index])]);
      const done = await eraseValues(parts, tx, deleted.length === 0 ? { erased } : { erased, deleted: byKind(deleted) }, first, facts);
      const { valuesErased, logEntries, requests } = done.detail;
      if (!isChanged && valuesErased === 0) throw new GatewayError('CONFLICT', 'Nothing personal is left of this record.');
      const booked = { recordType: resource.name, recordId: id, valuesErased, logEntries, requests };
      return { changes: [{ resource: logErasure, id: done.id, before: null, after: booked }], detail: done.detail };
    },
    eraseSubject: (tx, subjects, facts) => eraseValues(parts, tx, { erased: byKind(subjects) }, subjects[0], facts),
  };
}
