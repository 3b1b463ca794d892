import { randomUUID } from 'node:crypto';
import { GatewayError } from '@sallyport/schema/errors.ts';
import { logErasure } from '@sallyport/schema/modules/log/log-erasure.resource.ts';
import type { ErasureFacts, LogKeepingService, TargetReference, Tx } from '@sallyport/schema/ports.ts';
import { canonicalKey, isKey } from '@sallyport/schema/resources/columns.ts';
import { type Registry, resourceNamed } from '@sallyport/schema/resources/registry.ts';
import { sql } from 'kysely';
import { erasePersonalValues } from '../../audit/erase-personal-values.ts';
import type { LogSigner } from '../log-keys.ts';
import { allowTimeForSegment } from './close-segments.ts';
import { isRecordThere, replaceValues } from './erase-record.ts';
import { asking, only } from './refused-by-database.ts';
import { stateRetention } from './retention-statements.ts';

interface Pruned {
  readonly month: string;
  readonly retention: string;
  readonly events: number;
  readonly firstIndex: number | null;
  readonly lastIndex: number | null;
  readonly leafHashes: string;
  readonly personalValues: number;
}

/** Erases what stands beside events and requests, and books that it was done, under the first of the records. */
async function eraseValues(
  tx: Tx,
  subjects: readonly [TargetReference, ...TargetReference[]],
  facts: ErasureFacts,
): Promise<{ readonly id: string; readonly valuesErased: number }> {
  const valuesErased = await asking(() => erasePersonalValues(tx, subjects, facts.tenantId === null ? [] : [facts.tenantId]));
  const id = randomUUID();
  // A preview knows no reason and is undone.
  await sql`
    insert into audit.erasure (id, record_type, record_id, tenant_id, values_erased, reason, ticket, erased_by, approval_id, correlation_id)
    values (${id}, ${subjects[0].type}, ${subjects[0].id}, ${facts.tenantId}, ${valuesErased}, ${facts.reason ?? '-'}, ${facts.ticket}, ${facts.viewer.actor.id},
      ${facts.approval?.requestId ?? null}, ${facts.correlationId}::uuid)`.execute(tx);
  return { id, valuesErased };
}

/** What acts may have the log let go of. The database looks at all that speaks against it, under lock and by its own clock. */
export function createLogKeeping(registry: Registry, signer: LogSigner): LogKeepingService {
  return {
    isResource: (name) => registry.resources.has(name),
    recordKey(name, id) {
      const type = registry.resources.get(name)?.key.type;
      return type !== undefined && isKey(type, id) ? canonicalKey(type, id) : null;
    },
    isThere: async (tx, name, id) => registry.resources.has(name) && isRecordThere(tx, resourceNamed(registry, name), id),
    async pruneSegment(tx, id) {
      const usual = await allowTimeForSegment(tx);
      const pruned = only(
        await asking(() =>
          sql<Pruned>`
            select to_char(month, 'YYYY-MM') as month, retention, events, first_index as "firstIndex", last_index as "lastIndex",
              encode(digest, 'hex') as "leafHashes", personal_values as "personalValues"
            from audit.prune_segment(${id})`.execute(tx),
        ),
      );
      await sql`select set_config('statement_timeout', ${usual}, true)`.execute(tx);
      await stateRetention(tx, signer);
      return pruned;
    },
    async setRetentionPeriod(tx, retention, years) {
      await sql`select audit.set_retention_period(${retention}, ${years}::integer)`.execute(tx);
    },
    async eraseRecord(tx, resource, id, facts, also = []) {
      const isChanged = await replaceValues(tx, resourceNamed(registry, resource.name), id);
      const erased = await eraseValues(tx, [{ type: resource.name, id }, ...also], facts);
      if (!isChanged && erased.valuesErased === 0) throw new GatewayError('CONFLICT', 'Nothing personal is left of this record.');
      const booked = { recordType: resource.name, recordId: id, valuesErased: erased.valuesErased };
      return { valuesErased: erased.valuesErased, changes: [{ resource: logErasure, id: erased.id, before: null, after: booked }] };
    },
    eraseSubject: (tx, subjects, facts) => eraseValues(tx, subjects, facts),
  };
}
