import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFileAnchor } from '@sallyport/server/integrity/anchors/file-anchor.ts';
import { beginLog } from '@sallyport/server/integrity/begin-log.ts';
import { printCheckpoint } from '@sallyport/server/transparency/checkpoint.ts';
import { signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

const PROGRAM = fileURLToPath(new URL('../../../server/src/cli/sallyport.ts', import.meta.url));
const ORIGIN = 'log.example/by-hand';
const SECRETS = { currentKeyId: 'test', keys: { test: Buffer.alloc(32, 7) } };

let database: TestDatabase;
let folder: string;
let files = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'sallyport-command-line-'));
  await beginLog(database.app, SECRETS, { configured: null, invented: ORIGIN });
});
afterAll(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly said: string;
}

/** Runs a command line on the database, as an operator does. */
const run = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  new Promise((settle) => {
    const env = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data'), ...environment };
    execFile(process.execPath, [PROGRAM, ...words], { env }, (error, out, complaints) => settle({ code: error === null ? 0 : Number(error.code), said: `${out}${complaints}` }));
  });

/** A file outside that has seen so many events of a log of this name. */
async function fileThatHasSeen(origin: string, size: number): Promise<string> {
  const path = join(folder, 'anchors', String((files += 1)));
  await mkdir(dirname(path), { recursive: true });
  const root = Buffer.alloc(32, 1);
  const note = signNote({ text: printCheckpoint({ origin, size, root, extensions: [] }), signatures: [] }, [generateSignerKey(origin)], 0);
  await createFileAnchor(path).anchor({ size, root, note }, () => Promise.reject(new Error('not asked')));
  return path;
}

const refusals = async (): Promise<readonly unknown[]> =>
  (
    await sql<{
      detail: { command: string };
    }>`select detail from audit.event where surface = 'cli' and outcome = 'denied' and reason_code = 'AUDIT_UNAVAILABLE' order by sequence`.execute(database.owner)
  ).rows.map(({ detail }) => detail.command);
const keys = async (): Promise<number> => (await sql<{ count: number }>`select count(*)::int as count from audit.log_key`.execute(database.owner)).rows[0]?.count ?? -1;

test('H09 K11 while the database lacks what others have seen, commands that change refuse, with the reason, code 1 and an event; those that read do not', {
  timeout: 120_000,
}, async () => {
  const ANCHOR_FILE = await fileThatHasSeen(ORIGIN, 1000);
  const before = await keys();
  const changing = [['keys', 'rotate'], ['log', 'rotate-key'], ['staff', '--name', 'renew-enrolment', 'add-first-administrator', '--email', 'first@sallyport.example'], ['seed']];
  for (const words of changing) {
    const { code, said } = await run(words, { ANCHOR_FILE });
    expect([words, code]).toEqual([words, 1]);
    expect(said).toContain('Nothing was changed. The database lacks events of the audit log that others have seen.');
  }
  expect(await refusals()).toEqual(['keys rotate', 'log rotate-key', 'staff add-first-administrator', 'seed']);
  expect(await keys()).toBe(before);
  expect((await sql`select from gateway.staff`.execute(database.owner)).rows).toEqual([]);
  const listed = await run(['log', 'keys'], { ANCHOR_FILE });
  expect([listed.code, listed.said]).toEqual([0, expect.stringContaining(ORIGIN)]);
  // A way back judges for itself: here nobody is there to give anything back to.
  const wayBack = await run(['staff', 'restore-administrator', 'nobody@sallyport.example', '--reason', 'locked out'], { ANCHOR_FILE });
  expect(wayBack.code).toBe(1);
  expect(wayBack.said).not.toContain('audit log');
});

test('H09 a witness that does not answer, and a file of another log, refuse too', { timeout: 60_000 }, async () => {
  const WITNESS_KEY = printVerifierKey(generateSignerKey('witness.example', 'cosignature').verifier);
  const silent = await run(['log', 'rotate-key'], { ANCHOR_FILE: join(folder, 'none'), WITNESS_URL: 'http://127.0.0.1:9', WITNESS_KEY });
  expect([silent.code, silent.said]).toEqual([1, expect.stringContaining('The witness of the audit log has not answered')]);
  const foreign = await run(['log', 'rotate-key'], { ANCHOR_FILE: await fileThatHasSeen('log.example/another', 3) });
  expect([foreign.code, foreign.said]).toEqual([1, expect.stringContaining('holds checkpoints of the log "log.example/another"')]);
});

test('H21 a full store refuses changes by the command line; with room and nothing missing they are done', { timeout: 60_000 }, async () => {
  const ANCHOR_FILE = join(folder, 'none');
  const before = await keys();
  const full = await run(['log', 'rotate-key'], { ANCHOR_FILE, LOG_STORE_LIMIT_BYTES: '10000000' });
  expect([full.code, full.said]).toEqual([1, expect.stringContaining('The store of the audit log is full.')]);
  expect(await keys()).toBe(before);
  const done = await run(['log', 'rotate-key'], { ANCHOR_FILE, LOG_STORE_LIMIT_BYTES: '100000000000' });
  expect([done.code, await keys()]).toEqual([0, before + 1]);
});
