import { randomBytes, randomUUID } from 'node:crypto';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import type { SecretKeys } from '@sallyport/server/auth/sealed-secret.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { addLogKey, createLogSigner } from '@sallyport/server/integrity/log-keys.ts';
import { sealEvents } from '@sallyport/server/integrity/seal-events.ts';
import { signHead } from '@sallyport/server/integrity/sign-checkpoint.ts';
import { parseNote, signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey, parseVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import type { TrustPolicy } from '@sallyport/server/transparency/open-checkpoint.ts';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';

/** What a database held at some moment, as a copy of it. */
export interface Backup {
  readonly database: string;
  readonly size: number;
}

/** A log as it stands before anybody meddles with it, and what stands outside its database. */
export interface GrownLog {
  readonly database: string;
  readonly size: number;
  /** Sizes of the checkpoints that were signed, ascending. */
  readonly signedSizes: readonly number[];
  /** Cosigned notes that somebody outside has kept, oldest first. The newest is smaller than the log. */
  readonly witnessed: readonly string[];
  readonly witnessedSize: number;
  /** Fixed before anything is fetched. */
  readonly trust: TrustPolicy;
  /** What a thief has who took the key file. */
  readonly stolen: SecretKeys;
  readonly backups: readonly Backup[];
}

export interface GrowOptions {
  /** Superuser's address of the cluster's maintenance database. */
  readonly adminUrl: string;
  /** A migrated, empty database. */
  readonly template: string;
  readonly events: number;
  /** How many copies of the database are kept from the time that it grew. */
  readonly backups: number;
}

/** Events that are signed for together. */
const ROUND = 50;
/** Every so many checkpoints, and the last but one. */
const WITNESSED_EVERY = 6;
const TENANTS = 12;

/** Superuser's address of a database of this cluster. */
export function addressOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

export async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** Writes a log of many kinds of events of several tenants, round by round, with a witness outside and backups on the way. */
export async function growLog({ adminUrl, template, events, backups }: GrowOptions): Promise<GrownLog> {
  const database = `tampering_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${database} template ${template}`);
  const stolen: SecretKeys = { currentKeyId: 'log', keys: { log: randomBytes(32) } };
  const witness = generateSignerKey('witness.example/outside', 'cosignature');
  const signer = createLogSigner(stolen);
  const kept: Backup[] = [];
  const signedSizes: number[] = [];
  const witnessed: string[] = [];
  let witnessedSize = 0;
  let trust: TrustPolicy | undefined;
  const rounds = Math.ceil(events / ROUND);
  // The copies are made while nobody is connected, so a connection lasts from one copy to the next.
  for (let done = 0; done < rounds; ) {
    const until = kept.length < backups ? Math.min(rounds, done + Math.max(1, Math.floor((rounds - 2) / (backups + 1)))) : rounds;
    const pool = openPool({ connectionString: addressOf(adminUrl, database), max: 2, applicationName: 'harness' });
    const db = kyselyOn(pool);
    try {
      trust ??= await beginLog(db, stolen, witness.verifier);
      for (; done < until; done += 1) {
        await writeRound(db, done);
        const note = await sealAndSign(db, signer);
        signedSizes.push(note.size);
        if (done % WITNESSED_EVERY !== 0 && done !== rounds - 2) continue;
        witnessed.push(signNote(parseNote(note.note), [witness], 1_795_000_000 + done));
        witnessedSize = note.size;
      }
    } finally {
      await pool.end();
    }
    const size = signedSizes.at(-1) ?? 0;
    // Older than what has been seen outside: a copy that is not is no attack.
    if (kept.length < backups && done < rounds - 1) {
      const copy = `${database}_${kept.length}`;
      await administer(adminUrl, `create database ${copy} template ${database}`);
      kept.push({ database: copy, size });
    }
  }
  const older = kept.filter(({ size }) => size < witnessedSize);
  if (trust === undefined || older.length === 0) throw new Error('A log so short is no stage: it has no backup from before what was witnessed');
  return { database, size: signedSizes.at(-1) ?? 0, signedSizes, witnessed, witnessedSize, trust, stolen, backups: older };
}

async function beginLog(db: Kysely<unknown>, secrets: SecretKeys, witness: TrustPolicy['witnesses'][number]): Promise<TrustPolicy> {
  await sql`select audit.begin_log('log.example/tampering')`.execute(db);
  const { rows } = await sql<{ origin: string }>`select origin from audit.log_head`.execute(db);
  const origin = rows[0]?.origin ?? '';
  const verifier = await db.transaction().execute((tx) => addLogKey(tx, secrets, origin, 0));
  return { origin, logKeys: [{ key: parseVerifierKey(verifier) }], witnesses: [witness], leastCosignatures: 0 };
}

/** Seals whatever waits and signs the head, as a gateway does. */
export async function sealAndSign(db: Kysely<unknown>, signer: ReturnType<typeof createLogSigner>): Promise<{ readonly size: number; readonly note: string }> {
  for (let sealed: number | null = 1; sealed !== 0; ) sealed = await sealEvents(db, 10_000);
  const signed = await signHead(db, signer);
  if (signed === null) throw new Error('Nothing new to sign');
  return signed;
}

/** One round of events, as several people of several tenants would make them. */
export async function writeRound(db: Kysely<unknown>, round: number): Promise<void> {
  const log = createAuditLog({ db, policy: { hash: 'a'.repeat(64) }, environment: 'test', roles: new Map() });
  await Promise.all(Array.from({ length: ROUND }, (_, place) => log.record(draftOf(round * ROUND + place))));
}

function draftOf(number: number): AuditEventDraft {
  const tenantId = `tenant-${number % TENANTS}`;
  const common = { correlationId: randomUUID(), surface: 'console', ip: '192.0.2.7', viewer: null, actorId: `staff-${number % 5}`, actorName: 'Ayu Lestari', tenantId } as const;
  const target = { type: 'invoice', id: `invoice-${number}` };
  if (number % 7 === 3) return { ...common, kind: 'gateway.action.denied', outcome: 'denied', reasonCode: 'FORBIDDEN', action: 'refundInvoice', effect: 'write', target };
  if (number % 5 === 1) return { ...common, kind: 'billing.invoice.read', outcome: 'ok', effect: 'read', fieldsRead: ['billingContactAddress'], target };
  return {
    ...common,
    kind: 'billing.invoice.refunded',
    outcome: 'ok',
    action: 'refundInvoice',
    effect: 'write',
    target,
    reason: 'Charged twice',
    ticket: `SUP-${number}`,
    before: { amountRefunded: '0.00' },
    after: { amountRefunded: `${number}.00` },
    classes: { amountRefunded: 'internal' },
  };
}
