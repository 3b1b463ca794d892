import { randomUUID } from 'node:crypto';
import { logKeyAdded, logKeyRetired } from '@sallyport/schema/modules/log/log.event.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { SecretKeys } from '../auth/sealed-secret.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { StartRefusal } from '../start-refusal.ts';
import { restateRetention } from './keeping/retention-statements.ts';
import { addLogKey, createLogSigner } from './log-keys.ts';

const gatewayEvent = { outcome: 'ok', surface: 'cli', ip: null, viewer: null, actorId: 'command-line', actorName: 'Command line' } as const;

/** A second key signs beside the others from the next checkpoint on; whoever pins the old one sees nothing change. */
export async function rotateLogKey(db: Db, audit: AuditLog, secrets: SecretKeys): Promise<string> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ origin: string; size: number }>`select origin, size from audit.hold_head(true) where origin is not null`.execute(tx);
    const [head] = rows;
    if (!head) throw new StartRefusal('The log has not begun yet: start the gateway once.');
    const verifier = await addLogKey(tx, secrets, head.origin, head.size);
    await restateRetention(tx, createLogSigner(secrets));
    await audit.append(tx, { ...gatewayEvent, kind: logKeyAdded.kind, correlationId: randomUUID(), target: { type: 'logKey', id: verifier }, detail: { sinceSize: head.size } });
    return verifier;
  });
}

/**
 * A key signs no checkpoint from here on; what it signed up to this size stays good. The last one that signs can't be retired.
 * @returns the largest size that it vouches for.
 */
export async function retireLogKey(db: Db, audit: AuditLog, verifier: string): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ origin: string; size: number }>`select origin, size from audit.hold_head(true) where origin is not null`.execute(tx);
    const [head] = rows;
    const live = await sql<{ verifier: string }>`
      select verifier from audit.log_key where starts_with(verifier, ${`${head?.origin ?? ''}+`}) and last_size is null for update`.execute(tx);
    if (!head || !live.rows.some((key) => key.verifier === verifier)) throw new StartRefusal('This is no key that signs for the log. `sallyport log keys` lists them.');
    if (live.rows.length === 1) throw new StartRefusal('This is the last key that signs. Add another one first: `sallyport log rotate-key`.');
    await sql`update audit.log_key set last_size = greatest(since_size, ${head.size}) where verifier = ${verifier}`.execute(tx);
    await audit.append(tx, { ...gatewayEvent, kind: logKeyRetired.kind, correlationId: randomUUID(), target: { type: 'logKey', id: verifier }, detail: { lastSize: head.size } });
    return head.size;
  });
}
