import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecretKeys } from '@sallyport/server/auth/sealed-secret.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { addressAs, ensureServingLogin, type ServingLogin } from '@sallyport/server/db/roles.ts';
import { beginLog } from '@sallyport/server/integrity/begin-log.ts';
import { startIntegrator } from '@sallyport/server/integrity/integrator.ts';
import { createLogSigner } from '@sallyport/server/integrity/log-keys.ts';
import { createStandingBook } from '@sallyport/server/integrity/standing.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import pg from 'pg';
import { type Books, checkBooks } from '../log-checks/check-books.ts';
import { type Defence, weaken } from '../log-checks/weaken.ts';
import { addressOf, administer } from '../tampering/grow-log.ts';
import { startWriting } from './writing-process.ts';

export interface WritersReport extends Books {
  /** Events whose writers were told that they stand on the log. */
  readonly told: number;
  /** Checkpoints that each process signed and that were kept. */
  readonly signedBy: readonly number[];
  /** Signatures made by all of them, kept or not. */
  readonly signatures: number;
  readonly seconds: number;
}

export interface WritersOptions {
  readonly adminUrl: string;
  readonly template: string;
  /** Shared by the processes evenly. */
  readonly writers: number;
  /** Of each writer. */
  readonly events: number;
  readonly processes?: number;
  readonly everyMs?: number;
  /** Lines of defence that the database is without. */
  readonly without?: readonly Defence[];
}

/** Writers in several processes, each with an integrator at the same log (THREATS H07). */
export async function runWriters({ adminUrl, template, writers, events, processes = 2, everyMs = 50, without = [] }: WritersOptions): Promise<WritersReport> {
  const database = `writers_${randomUUID().replaceAll('-', '')}`;
  const login: ServingLogin = { role: `sallyport_app_${randomBytes(4).toString('hex')}`, password: randomBytes(12).toString('hex') };
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-writers-'));
  await administer(adminUrl, `create database ${database} template ${template}`);
  const url = addressOf(adminUrl, database);
  const superuser = openPool({ connectionString: url, max: 4, applicationName: 'harness', statementTimeoutMs: 120_000 });
  try {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await ensureServingLogin(client, login).finally(() => client.end());
    await weaken(superuser, without);
    const bytes = randomBytes(32);
    const secrets: SecretKeys = { currentKeyId: 'writers', keys: { writers: bytes } };
    const secretsFile = join(folder, 'secrets.json');
    await writeFile(secretsFile, JSON.stringify({ currentKeyId: 'writers', bytes: bytes.toString('base64') }), { mode: 0o600 });
    await beginLog(kyselyOn(superuser), secrets, { configured: null, invented: 'log.example/writers' });
    const started = performance.now();
    const order = { databaseUrl: addressAs(url, login), secretsFile, writers: writers / processes, events, everyMs };
    const running = Array.from({ length: processes }, () => startWriting(order));
    await Promise.all(running.map(({ done }) => done));
    const seconds = (performance.now() - started) / 1000;
    await sealRest(superuser, secrets);
    const said = running.map(({ said }) => said);
    const signed = said.flatMap((one) => one.signed);
    const told = said.flatMap((one) => one.told);
    const books = await checkBooks(superuser, { signed, witnessed: [], acknowledged: told });
    return { ...books, told: told.length, signedBy: said.map(({ checkpoints }) => checkpoints), signatures: signed.length, seconds };
  } finally {
    await superuser.end();
    await administer(adminUrl, `drop database ${database} with (force)`);
    await administer(adminUrl, `drop role if exists ${login.role}`);
    await rm(folder, { recursive: true, force: true });
  }
}

/** What was written while the last one left. */
async function sealRest(superuser: pg.Pool, secrets: SecretKeys): Promise<void> {
  const standing = createStandingBook({ state: 'sound' });
  const integrator = startIntegrator({ db: kyselyOn(superuser), signer: createLogSigner(secrets), standing, log: createLog('silent'), everyMs: 60_000 });
  await integrator.sealNow().finally(() => integrator.stop());
}
