import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

/** Whose values, by kind of record, as the log tells it and `audit.subjects_in` reads it. */
export interface ErasedSubjects {
  readonly erased: Readonly<Record<string, readonly string[]>>;
  /** Records that were taken out of the product by the same act. */
  readonly deleted?: Readonly<Record<string, readonly string[]>>;
}

export interface Erasure {
  /** The record under which it is booked: one of the subjects. */
  readonly recordType: string;
  readonly recordId: string;
  readonly subjects: ErasedSubjects;
  /** Tenants that the records belong to, whose legal holds keep them too. */
  readonly tenantIds: readonly string[];
  /** The request that was approved; null where it is tried out only, which the database does not commit. */
  readonly requestId: string | null;
  /** Who, why and under which ID, where there is no request that says so. */
  readonly staffId: string;
  readonly reason: string;
  readonly ticket: string | null;
  readonly correlationId: string;
}

export interface Erased {
  /** Of the row in `audit.erasure`. */
  readonly id: string;
  readonly valuesErased: number;
  readonly logEntries: number;
  readonly requests: number;
  /** SHA-256, hex, over `kind/id` of each subject, a line each, in order of their bytes. */
  readonly subjectDigest: string;
}

/**
 * Erases the personal values of records that events and requests hold beside themselves (H16), through `audit.erase_values`: the serving role may not delete
 * here. It books the erasure itself. Events, requests, canonical bytes and commitments stay as they were.
 * @returns how much is gone. Rejects with SQLSTATE 23001 under a legal hold, 55P03 while one is being placed; COMMIT with 42501 where two people are not there.
 */
export async function erasePersonalValues(tx: Tx, { recordType, recordId, subjects, tenantIds, requestId, staffId, reason, ticket, correlationId }: Erasure): Promise<Erased> {
  const { rows } = await sql<Erased>`
    select erasure as id, erased as "valuesErased", log_entries as "logEntries", requests, subject_digest as "subjectDigest"
    from audit.erase_values(${recordType}, ${recordId}, ${JSON.stringify(subjects)}::jsonb, ${[...tenantIds]}::text[], ${requestId}::uuid, ${staffId}::uuid, ${reason}, ${ticket},
      ${correlationId}::uuid)`.execute(tx);
  const [erased] = rows;
  if (!erased) throw new TypeError('The database answered nothing');
  return { ...erased, valuesErased: Number(erased.valuesErased), logEntries: Number(erased.logEntries), requests: Number(erased.requests) };
}
