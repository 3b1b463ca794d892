import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { LogIntegrity } from '../../integrity/create-log-integrity.ts';
import type { StoredCheckpoint } from '../../integrity/log-reader.ts';

/** Milliseconds that a pack waits for a signature, and then for a witness. */
const PATIENCE_MS = 3_000;
const LOOK_EVERY_MS = 20;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Seals and signs what has been appended by now, and answers a checkpoint that covers all of it: one that a witness has cosigned, where
 * there is a witness and it answers in time.
 * @throws {GatewayError} AUDIT_UNAVAILABLE while nothing may be signed.
 */
export async function pickCheckpoint(db: Db, { reader, sealNow, anchorNow }: Pick<LogIntegrity, 'reader' | 'sealNow' | 'anchorNow'>): Promise<StoredCheckpoint> {
  await sealNow();
  const size = (await reader.head())?.size ?? 0;
  for (const until = performance.now() + PATIENCE_MS; ; await wait(LOOK_EVERY_MS)) {
    const signed = await reader.checkpointCovering(size);
    if (signed) break;
    // Another gateway may be about to sign.
    if (performance.now() > until)
      throw new GatewayError('AUDIT_UNAVAILABLE', 'The audit log is not being signed at present, so nothing can be proven. See Log integrity, then try again.');
  }
  const witnesses = await sql`select from gateway.anchor where kind = 'witness' limit 1`.execute(db);
  // A witness that does not answer costs the pack a cosignature, not its proof.
  if (witnesses.rows.length > 0) await Promise.race([anchorNow().catch(() => undefined), wait(PATIENCE_MS)]);
  const { rows } = await sql<{ size: number }>`
    select signed.size from audit.checkpoint signed
    where signed.origin = (select origin from audit.log_head) and signed.size >= ${size}
    order by exists (select from audit.cosignature said where said.origin = signed.origin and said.size = signed.size) desc, signed.size desc limit 1`.execute(db);
  const best = await reader.checkpointCovering(rows[0]?.size ?? size);
  if (!best) throw new GatewayError('AUDIT_UNAVAILABLE');
  return best;
}
