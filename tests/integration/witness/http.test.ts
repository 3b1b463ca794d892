import { createHash } from 'node:crypto';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { openNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { printCheckpoint } from '@sallyport/server/transparency/checkpoint.ts';
import { printAddCheckpoint } from '@sallyport/server/transparency/add-checkpoint.ts';
import { runWitness } from '@sallyport/server/witness/run-witness.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GrowingLog, growLog, ORIGIN, signBadly, signCheckpoint } from '../../unit/witness/growing-log.ts';
import { askToCosign, makeWitnessFolder, post, startWitnessProcess, submit, type WitnessFolder, type WitnessProcess } from './witness-process.ts';

let log: GrowingLog;
let forked: GrowingLog;
let folder: WitnessFolder;
let witness: WitnessProcess;
const others: GrowingLog[] = [];
/** A log of its own for each test. */
const fresh = (): GrowingLog => others.pop() ?? log;
beforeAll(async () => {
  log = await growLog();
  forked = await growLog({ key: log.key, forksAt: 4 });
  for (let number = 0; number < 12; number++) others.push(await growLog({ origin: `log.example/other/${number}` }));
  folder = await makeWitnessFolder(log, ...others);
  witness = await startWitnessProcess(folder);
});
afterAll(async () => {
  await witness?.end('SIGTERM');
  await folder?.remove();
});

const alarms = async () =>
  (await readFile(join(folder.path, 'alarms.jsonl'), 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { contradiction: string; proven: boolean; origin: string; cosigned: string; refused: string });

describe('H12: POST /add-checkpoint', () => {
  test("a log grows, and each cosignature is the pinned key's over the checkpoint", async () => {
    const before = Math.floor(Date.now() / 1000);
    for (const [oldSize, size] of [
      [0, 1],
      [1, 1],
      [1, 7],
      [7, 8],
      [8, 30],
    ] as const) {
      const response = await post(witness.url, await askToCosign(log, oldSize, size));
      expect(response.status).toBe(200);
      const line = await response.text();
      expect(line).toMatch(/^— witness\.local\/[0-9a-f]{8} [A-Za-z0-9+/=]+\n$/);
      const { verified } = openNote(`${log.head(size).note}${line}`, [witness.key]);
      expect(verified).toHaveLength(1);
      expect(verified[0]?.time).toBeGreaterThanOrEqual(before);
    }
  });

  test('a split view, a rollback and a history that does not continue are refused and raise alarms; nothing else does', async () => {
    expect((await submit(witness.url, log, 30)).status).toBe(200);
    const size = 30;
    expect((await alarms()).filter(({ origin }) => origin === ORIGIN)).toEqual([]);
    expect((await post(witness.url, await askToCosign(log, 8, size))).status).toBe(409);
    expect((await alarms()).filter(({ origin }) => origin === ORIGIN)).toEqual([]);
    for (const [other, oldSize, newSize, status] of [
      [forked, size, size, 422],
      [forked, 0, size, 409],
      [forked, size, 40, 422],
      [log, size, 9, 400],
      [log, 9, 9, 409],
      // The same once more is no news.
      [forked, size, size, 422],
    ] as const) {
      const response = await post(witness.url, await askToCosign(other, oldSize, newSize));
      expect([newSize, response.status]).toEqual([newSize, status]);
      if (status === 409) expect([response.headers.get('content-type'), await response.text()]).toEqual(['text/x.tlog.size', `${size}\n`]);
    }
    // Nor is it with somebody's lines below it.
    for (const id of ['AAAAAAAA', 'BBBBBBBB'])
      expect((await post(witness.url, printAddCheckpoint({ oldSize: size, proof: [], note: `${log.head(9).note}— somebody.example ${id}\n` }))).status).toBe(400);
    const raised = (await alarms()).filter(({ origin }) => origin === ORIGIN);
    expect(raised.map(({ contradiction, proven }) => [contradiction, proven])).toEqual([
      ['split-view', true],
      ['unproven', false],
      ['rollback', false],
    ]);
    expect(raised[0]?.refused).toBe(forked.head(size).note);
    // The two notes are evidence by themselves: one size, two roots, both signed by the log.
    const [kept, refused] = [openNote(raised[0]?.cosigned ?? '', [log.key.verifier, witness.key]), openNote(raised[0]?.refused ?? '', [log.key.verifier])];
    expect([kept.verified.length, refused.verified.length]).toEqual([2, 1]);
    expect(kept.text.split('\n')[1]).toBe(refused.text.split('\n')[1]);
    expect(kept.text).not.toBe(refused.text);
    expect(witness.said()).toMatch(/ALARM split-view \(proven\): the log log\.example\/test /);
    expect((await post(witness.url, await askToCosign(log, size, 33))).status).toBe(200);
  });

  test.each<[string, number, (one: GrowingLog) => string | Promise<string>]>([
    ['no words', 400, () => ''],
    ['something else', 400, () => '{"old": 0}'],
    ['a note that is no checkpoint', 400, (one) => `old 0\n\n${signCheckpoint('hello\n', one.key)}`],
    ['an old size beyond the checkpoint', 400, (one) => askToCosign(one, 9, 5)],
    [
      'an unknown log',
      404,
      (one) => printAddCheckpoint({ oldSize: 0, proof: [], note: signCheckpoint(printCheckpoint({ ...headOf(one, 5), origin: 'log.example/strange' }), one.key) }),
    ],
    [
      'the origin of the log with /2 behind it',
      404,
      (one) => printAddCheckpoint({ oldSize: 0, proof: [], note: signCheckpoint(printCheckpoint({ ...headOf(one, 5), origin: `${one.origin}/2` }), one.key) }),
    ],
    ['an unknown key', 403, (one) => printAddCheckpoint({ oldSize: 0, proof: [], note: signCheckpoint(printCheckpoint(headOf(one, 5)), generateSignerKey(ORIGIN)) })],
    ['a known key that has not signed this', 403, (one) => printAddCheckpoint({ oldSize: 0, proof: [], note: signBadly(printCheckpoint(headOf(one, 5)), one.key) })],
    [
      "the witness's own key as the log's",
      403,
      (one) => printAddCheckpoint({ oldSize: 0, proof: [], note: signCheckpoint(printCheckpoint(headOf(one, 5)), generateSignerKey(ORIGIN, 'cosignature')) }),
    ],
    ['a stale old size', 409, (one) => askToCosign(one, 3, 5)],
    ['a proof from nothing', 422, async (one) => printAddCheckpoint({ oldSize: 0, proof: await one.prove(3, 5), note: one.head(5).note })],
    ['an empty log with a root', 422, (one) => printAddCheckpoint({ oldSize: 0, proof: [], note: signCheckpoint(printCheckpoint({ ...headOf(one, 5), size: 0 }), one.key) })],
  ])('%s is answered %i', async (_what, status, body) => {
    const [one = log] = others;
    const response = await post(witness.url, await body(one));
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('— ');
  });

  test('a body that is too large is refused while it comes, bytes that are no text are nothing, and the witness lives on', async () => {
    expect((await post(witness.url, 'x'.repeat(200_000))).status).toBe(413);
    expect((await post(witness.url, new Uint8Array(1000).fill(0xff))).status).toBe(400);
    expect((await fetch(`${witness.url}/healthz`)).status).toBe(200);
  });

  test('200 requests at once: one history, and each cosignature that left is in it', async () => {
    const one = fresh();
    const other = await growLog({ origin: one.origin, key: one.key, forksAt: 2 });
    await submit(witness.url, one, 2);
    const sizes = Array.from({ length: 200 }, (_, place) => 3 + (place % 20));
    const answers = await Promise.all(
      sizes.map(async (size, place) => {
        const history = place % 2 === 0 ? one : other;
        const { status, body } = await submit(witness.url, history, size);
        return { history, size, status, body };
      }),
    );
    const cosigned = answers.filter(({ status }) => status === 200);
    expect(cosigned.length).toBeGreaterThan(0);
    expect(new Set(cosigned.map(({ history }) => history)).size).toBe(1);
    for (const { history, size, body } of cosigned) expect(openNote(`${history.head(size).note}${body}`, [witness.key]).verified).toHaveLength(1);
    const last = await (await fetch(`${witness.url}/checkpoint?origin=${encodeURIComponent(one.origin)}`)).text();
    expect(Number(last.split('\n')[1])).toBe(Math.max(...cosigned.map(({ size }) => size)));
  });

  test('a sender that stops halfway holds nobody up', async () => {
    const one = fresh();
    const { port } = new URL(witness.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST /add-checkpoint HTTP/1.1\r\nHost: witness\r\nContent-Length: 1000\r\n\r\nold 0\n`);
    expect((await submit(witness.url, one, 5)).status).toBe(200);
    socket.destroy();
  });
});

const headOf = (one: GrowingLog, size: number) => ({ origin: one.origin, size, root: Buffer.from(one.head(size).root), extensions: [] });

describe('H12: what a monitor reads', () => {
  test('the note that was cosigned last, under its origin and under the hash of it, with both signatures', async () => {
    const one = fresh();
    const hash = createHash('sha256').update(one.origin).digest('hex');
    const paths = [`/checkpoint?origin=${encodeURIComponent(one.origin)}`, `/${hash}/checkpoint`];
    for (const path of paths) expect((await fetch(`${witness.url}${path}`)).status).toBe(404);
    await submit(witness.url, one, 5);
    await submit(witness.url, one, 6);
    for (const path of paths) {
      const { text, verified, unknown } = openNote(await (await fetch(`${witness.url}${path}`)).text(), [one.key.verifier, witness.key]);
      expect([text, verified.map(({ key }) => key.type), unknown]).toEqual([printCheckpoint(headOf(one, 6)), ['ed25519', 'cosignature'], []]);
    }
  });

  test('signatures that nobody knows are not kept', async () => {
    const one = fresh();
    const stranger = generateSignerKey('stranger.example');
    const note = one.head(5).note + signCheckpoint(printCheckpoint(headOf(one, 5)), stranger).split('\n\n')[1];
    expect((await post(witness.url, printAddCheckpoint({ oldSize: 0, proof: [], note }))).status).toBe(200);
    expect(await (await fetch(`${witness.url}/checkpoint?origin=${one.origin}`)).text()).not.toContain('stranger');
  });

  test.each([
    ['GET', '/key', 200],
    ['GET', '/healthz', 200],
    ['GET', '/', 404],
    ['GET', '/checkpoint', 404],
    ['GET', '/checkpoint?origin=', 404],
    ['GET', '/checkpoint?origin=..%2F..%2Fkey', 404],
    ['GET', `/${'0'.repeat(64)}/checkpoint`, 404],
    ['GET', '/..%2fkey', 404],
    ['GET', `/?${'x'.repeat(5_000)}`, 404],
    ['GET', '/add-checkpoint', 405],
    ['DELETE', '/key', 405],
    ['POST', '/checkpoint', 405],
  ])('%s %.90s is answered %i', async (method, path, status) => {
    const response = await fetch(`${witness.url}${path}`, { method });
    expect(response.status).toBe(status);
    const body = await response.text();
    if (path === '/key' && status === 200) expect(body).toBe(`${printVerifierKey(witness.key)}\n`);
    expect(body).not.toContain('PRIVATE');
  });
});

describe('H10: the key of a witness and its operator', () => {
  test('the key is made once and read by its owner alone; nothing that it says shows it', async () => {
    expect((await stat(join(folder.path, 'key'))).mode & 0o777).toBe(0o600);
    const secret = (await readFile(join(folder.path, 'key'), 'utf8')).trim().split('+').slice(4).join('+');
    expect(secret.length).toBeGreaterThan(20);
    expect(witness.said()).not.toContain(secret);
  });

  test.each<[string, (path: string) => Promise<unknown>, readonly string[], RegExp, number]>([
    ['no directory', async () => undefined, [], /npm run --silent -- sallyport witness/, 2],
    ['a word that it does not know', async () => undefined, ['--state', '.', '--colour', 'red'], /--listen/, 2],
    ['a key that others can read', (path) => chmod(join(path, 'key'), 0o644), [], /chmod 600/, 1],
    ['its key gone', (path) => rm(join(path, 'key')), [], /has cosigned before/, 1],
    ['another name', async () => undefined, ['--name', 'other.example'], /directory of its own/, 1],
    ['a name with spaces', async () => undefined, ['--name', 'a b'], /--name/, 1],
    ['an address without port', async () => undefined, ['--listen', 'localhost'], /--listen/, 1],
    ['a list of logs that is none', async () => undefined, ['--logs', 'package.json'], /Line 1/, 1],
  ])('a witness with %s does not start, and says why', async (what, spoil, words, message, code) => {
    const own = await makeWitnessFolder(log);
    try {
      const first = await startWitnessProcess(own);
      await submit(first.url, log, 3);
      expect(await first.end('SIGTERM')).toBe(0);
      await spoil(own.path);
      const said: string[] = [];
      const options = what === 'no directory' ? [] : ['--state', own.path, ...(words.includes('--logs') ? [] : ['--logs', own.logs]), ...words];
      expect(await runWitness(options, (text) => said.push(text))).toBe(code);
      expect(said.join('\n')).toMatch(message);
    } finally {
      await own.remove();
    }
  });

  test('a memory that is damaged is never taken for an empty one', async () => {
    const own = await makeWitnessFolder(log);
    const first = await startWitnessProcess(own);
    try {
      await submit(first.url, log, 8);
      const kept = join(own.path, 'checkpoints', createHash('sha256').update(ORIGIN).digest('hex'), '000000000000001');
      const note = await readFile(kept, 'utf8');
      for (const damaged of ['', note.replace('\n8\n', '\n4\n'), log.head(4).note, 'x'.repeat(50)]) {
        await rm(kept);
        await writeFile(kept, damaged);
        expect((await post(first.url, await askToCosign(forked, 0, 8))).status).toBe(500);
        expect((await fetch(`${first.url}/checkpoint?origin=${ORIGIN}`)).status).toBe(500);
      }
    } finally {
      await first.end('SIGKILL');
      await own.remove();
    }
  });
});
