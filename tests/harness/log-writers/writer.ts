import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeSync } from 'node:fs';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import type { SecretKeys } from '@sallyport/server/auth/sealed-secret.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { startIntegrator } from '@sallyport/server/integrity/integrator.ts';
import { createLogSigner, type LogSigner } from '@sallyport/server/integrity/log-keys.ts';
import { createStandingBook } from '@sallyport/server/integrity/standing.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import type { WriterOrder, WriterWord } from './writer-words.ts';

// The part of a gateway that writes the log, in a process of its own: `node writer.ts <order as JSON>`. Says on its standard output, a line
// of JSON each, what it was told by the database (`told`), what it signed (`signed`) and how it ended. A line is out before the next step.
const order = JSON.parse(process.argv[2] ?? '') as WriterOrder;
const say = (word: WriterWord): void => void writeSync(1, `${JSON.stringify(word)}\n`);

const secrets = JSON.parse(await readFile(order.secretsFile, 'utf8'), (name, value: unknown) => (name === 'bytes' ? Buffer.from(String(value), 'base64') : value)) as {
  readonly currentKeyId: string;
  readonly bytes: Buffer;
};
const keys: SecretKeys = { currentKeyId: secrets.currentKeyId, keys: { [secrets.currentKeyId]: secrets.bytes } };
const pool = openPool({ connectionString: order.databaseUrl, max: order.writers + 1, applicationName: 'harness-writer' });
const sealingPool = openPool({ connectionString: order.databaseUrl, max: 2, applicationName: 'harness-sealer' });
const db = kyselyOn(pool);
const audit = createAuditLog({ db, policy: { hash: 'a'.repeat(64) }, environment: 'test', roles: new Map() });

const signer = createLogSigner(keys);
const heardSigner: LogSigner = {
  async sign(tx, origin, text, size) {
    const note = await signer.sign(tx, origin, text, size);
    // Whatever became of it: a signature, once made, may be in anybody's hands.
    say({ signed: text });
    return note;
  },
};
let rounds = 0;
const integrator = startIntegrator({
  db: kyselyOn(sealingPool),
  signer: heardSigner,
  standing: createStandingBook({ state: 'sound' }),
  log: createLog('silent'),
  everyMs: order.everyMs,
  onCheckpoint: () => {
    rounds += 1;
  },
});

const draftOf = (writer: number, number: number): AuditEventDraft => ({
  kind: 'billing.invoice.read',
  outcome: number % 11 === 0 ? 'denied' : 'ok',
  correlationId: randomUUID(),
  surface: 'api',
  ip: '192.0.2.9',
  viewer: null,
  actorId: `writer-${process.pid}-${writer}`,
  actorName: 'Dewi Anggraini',
  effect: number % 3 === 0 ? 'write' : 'read',
  tenantId: `tenant-${number % 40}`,
  target: { type: 'invoice', id: `invoice-${number}` },
  ...(number % 3 === 0 ? { reason: 'Harness' } : {}),
});

class Undone extends Error {}

/** Every second event in a transaction of its own, of which a few are undone; the others share commits as refusals and reads do. */
async function write(writer: number): Promise<void> {
  for (let number = 0; number < order.events; ) {
    if (number % 2 === 0) {
      say({ told: [(await audit.record(draftOf(writer, number))).id] });
      number += 1;
      continue;
    }
    const isUndone = number % 50 === 7 && Math.random() < 0.5;
    await db
      .transaction()
      .execute(async (tx) => {
        const { id } = await audit.append(tx, draftOf(writer, number));
        if (isUndone) throw new Undone();
        return id;
      })
      .then(
        (id) => {
          number += 1;
          say({ told: [id] });
        },
        (error: unknown) => {
          if (!(error instanceof Undone)) throw error;
        },
      );
  }
}

await Promise.all(Array.from({ length: order.writers }, (_, writer) => write(writer)));
// Where a test took the row lock away, two rounds may meet and the database refuse one: its events wait for whoever seals last.
await integrator.sealNow().catch((fault: unknown) => {
  if ((fault as { readonly code?: unknown }).code !== '23505') throw fault;
});
await integrator.stop();
say({ ended: { checkpoints: rounds } });
await pool.end();
await sealingPool.end();
