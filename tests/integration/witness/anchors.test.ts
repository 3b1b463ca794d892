import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnchorOptions, type Anchors, createAnchors } from '@sallyport/server/integrity/anchors/create-anchors.ts';
import { judgeStanding } from '@sallyport/server/integrity/judge-standing.ts';
import { nameAfterGap, namesToAsk } from '@sallyport/server/integrity/log-name.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { openNote, parseNote, signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey } from '@sallyport/server/transparency/note-key.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GrowingLog, growLog } from '../../unit/witness/growing-log.ts';
import { makeWitnessFolder, startWitnessProcess, submit, type WitnessFolder, type WitnessProcess } from './witness-process.ts';

/** Long where an answer comes, short where none does. */
const WAIT_MS = 15_000;
const SILENCE_MS = 1_500;
let log: GrowingLog;
let forked: GrowingLog;
let folder: WitnessFolder;
let witness: WitnessProcess;
let files: string;
const servers: Server[] = [];
const fresh: (readonly [GrowingLog, GrowingLog])[] = [];
beforeAll(async () => {
  for (let number = 0; number < 80; number++) {
    const one = await growLog({ origin: `log.example/test/${number}` });
    fresh.push([one, await growLog({ origin: one.origin, key: one.key, forksAt: 4 })]);
  }
  folder = await makeWitnessFolder(...fresh.map(([one]) => one));
  witness = await startWitnessProcess(folder);
});
beforeEach(async () => {
  // A log of its own for each test.
  const [one, other] = fresh.pop() ?? [];
  if (!one || !other) throw new Error('More tests than logs: grow some more.');
  [log, forked] = [one, other];
  files = await mkdtemp(join(tmpdir(), 'sallyport-anchors-'));
});
afterEach(async () => {
  await rm(files, { recursive: true, force: true });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(async () => {
  await witness?.end('SIGKILL');
  await folder?.remove();
});

/** Somebody else's server. */
async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const anchorsAt = (options: Partial<AnchorOptions>): Anchors =>
  createAnchors({ file: null, webhookUrl: null, witness: null, log: createLog('silent'), waitMs: WAIT_MS, ...options });
const ours = () => ({ url: new URL(witness.url), key: witness.key });
const problems = async (anchors: Anchors, size: number, one = log, prove = one.prove) =>
  (await anchors.anchor(one.head(size), prove)).map(({ kind, problem }) => `${kind} ${problem ?? 'arrived'}`);

describe('H09: a checkpoint leaves the database', () => {
  test('it gets the cosignature first, and takes it along to the file and the webhook', async () => {
    const received: string[] = [];
    const webhookUrl = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => received.push(text));
      request.on('end', () => response.writeHead(204).end());
    });
    const file = join(files, 'checkpoints');
    const anchors = anchorsAt({ file, webhookUrl, witness: ours() });
    expect(anchors.states().map(({ lastSize, problem }) => [lastSize, problem])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    for (const size of [3, 9, 9, 10]) {
      const [cosigned, ...others] = await anchors.anchor(log.head(size), log.prove);
      expect(cosigned).toMatchObject({ kind: 'witness', size, problem: null, cosignature: { witness: witness.key.name } });
      expect(others).toEqual([
        { kind: 'file', size, problem: null, cosignature: null },
        { kind: 'webhook', size, problem: null, cosignature: null },
      ]);
      const note = log.head(size).note + (cosigned?.cosignature?.line ?? '') + '\n';
      expect(openNote(note, [log.key.verifier, witness.key]).verified).toHaveLength(2);
      expect(openNote(received.at(-1) ?? '', [log.key.verifier, witness.key]).verified).toHaveLength(2);
    }
    expect((await readFile(file, 'utf8')).match(/^— witness\.local/gm)).toHaveLength(3);
    expect(anchors.states().map(({ kind, lastSize, failingSince }) => [kind, lastSize, failingSince])).toEqual([
      ['witness', 10, null],
      ['file', 10, null],
      ['webhook', 10, null],
    ]);
  });

  test('a gateway that knows nothing, and one that another has overtaken, ask where the witness stands', async () => {
    const [first, second] = [anchorsAt({ witness: ours() }), anchorsAt({ witness: ours() })];
    expect(await problems(first, 5)).toEqual(['witness arrived']);
    expect(await problems(second, 8)).toEqual(['witness arrived']);
    expect(await problems(first, 20)).toEqual(['witness arrived']);
    expect(await problems(second, 33)).toEqual(['witness arrived']);
    expect(await problems(anchorsAt({ witness: ours() }), 33)).toEqual(['witness arrived']);
    expect(witness.said()).not.toContain(`${log.origin} `);
  });

  test('a witness that is down fails alone, and is found again', async () => {
    const file = join(files, 'checkpoints');
    const anchors = anchorsAt({ file, witness: ours() });
    expect(await problems(anchors, 5)).toEqual(['witness arrived', 'file arrived']);
    await witness.end('SIGKILL');
    expect(await problems(anchors, 6)).toEqual(['witness unreachable', 'file arrived']);
    const [failing] = anchors.states();
    expect(failing).toMatchObject({ lastSize: 5, problem: 'unreachable' });
    expect(failing?.failingSince).toBeInstanceOf(Date);
    expect(await problems(anchors, 7)).toEqual(['witness unreachable', 'file arrived']);
    expect(anchors.states()[0]?.failingSince).toEqual(failing?.failingSince);
    expect(await anchors.lastSeen([log.origin])).toMatchObject({ unanswered: ['witness'], problems: [{ kind: 'witness', problem: 'unreachable' }] });
    witness = await startWitnessProcess(folder);
    expect(await problems(anchorsAt({ file, witness: ours() }), 8)).toEqual(['witness arrived', 'file arrived']);
  });

  test.each<[string, (anchors: Anchors) => Promise<readonly string[]>]>([
    ['ahead', (anchors) => problems(anchors, 6)],
    ['fork', (anchors) => problems(anchors, 12, forked)],
    ['fork', (anchors) => problems(anchors, 9, forked)],
    ['unproven', (anchors) => problems(anchors, 12, log, () => Promise.reject(new Error('the database is gone')))],
    ['unknown-log', async (anchors) => problems(anchors, 12, await growLog({ origin: `${log.origin}/gap/1`, key: log.key }))],
    ['unknown-key', async (anchors) => problems(anchors, 12, await growLog({ origin: log.origin }))],
  ])('the witness that has seen more or other is told apart: %s', async (problem, attempt) => {
    expect((await submit(witness.url, log, 9)).status).toBe(200);
    const anchors = anchorsAt({ witness: ours() });
    expect(await attempt(anchors)).toEqual([`witness ${problem}`]);
    expect(anchors.states()).toMatchObject([{ problem, lastSize: null, lastAt: null }]);
    // Whatever was refused has changed nothing.
    expect(await problems(anchors, 12)).toEqual(['witness arrived']);
  });

  const impostor = generateSignerKey('impostor.example', 'cosignature');
  const respond =
    (status: number, body: string, headers: Readonly<Record<string, string>> = {}): RequestListener =>
    (request, response) =>
      void request.resume().on('end', () => response.writeHead(status, headers).end(body));
  test.each<[string, RequestListener, string]>([
    ['nothing', respond(200, ''), 'not-cosigned'],
    ['words', respond(200, 'ok\n'), 'not-cosigned'],
    ["somebody else's cosignature", (request, response) => impersonate(request, response, impostor), 'not-cosigned'],
    ['a page', respond(500, '<html>'), 'refused'],
    ['a size that is none', respond(409, 'many\n', { 'content-type': 'text/x.tlog.size' }), 'refused'],
    ['a size of another type', respond(409, '5\n', { 'content-type': 'text/html' }), 'refused'],
    ['the same size for ever', respond(409, '5\n', { 'content-type': 'text/x.tlog.size' }), 'refused'],
    ['a redirection', respond(307, '', { location: 'http://127.0.0.1:9/' }), 'refused'],
    ['more than anybody reads', respond(200, 'x'.repeat(1_000_000)), 'refused'],
    ['silence', () => undefined, 'timeout'],
    ['a beginning, and then silence', (_request, response) => void response.writeHead(200).write('— w'), 'timeout'],
  ])("whoever answers the witness's address with %s is not believed", async (_what, listener, problem) => {
    const url = await serve(listener);
    const anchors = anchorsAt({ witness: { url, key: witness.key }, waitMs: problem === 'timeout' ? SILENCE_MS : WAIT_MS });
    expect(await problems(anchors, 9)).toEqual([`witness ${problem}`]);
  });

  test.each<[string, RequestListener, string]>([
    ['refuses', respond(503, ''), 'refused'],
    ['sends on', respond(302, '', { location: '/elsewhere' }), 'refused'],
    ['keeps silent', () => undefined, 'timeout'],
  ])('a webhook that %s is asked again at the next turn', async (_what, listener, problem) => {
    let isWell = false;
    const webhookUrl = await serve((request, response) => (isWell ? respond(200, '')(request, response) : listener(request, response)));
    const file = join(files, 'checkpoints');
    const anchors = anchorsAt({ webhookUrl, file, waitMs: problem === 'timeout' ? SILENCE_MS : WAIT_MS });
    expect(await problems(anchors, 9)).toEqual(['file arrived', `webhook ${problem}`]);
    isWell = true;
    expect(await problems(anchors, 9)).toEqual(['file arrived', 'webhook arrived']);
    expect(await anchors.lastSeen([log.origin])).toMatchObject({ unanswered: [], problems: [] });
  });
});

/** Cosigns what it is sent, with a key that nobody has pinned. */
function impersonate(request: Parameters<RequestListener>[0], response: Parameters<RequestListener>[1], key: ReturnType<typeof generateSignerKey>): void {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () => {
    const { text } = parseNote(body.slice(body.indexOf('\n\n') + 2));
    response.writeHead(200).end(`${signNote({ text, signatures: [] }, [key], 1).split('\n\n')[1]}`);
  });
}

describe('H09: a database is held against what others have seen', () => {
  const databaseOf = (one: GrowingLog, size: number) => ({ head: async () => ({ origin: one.origin, size, root: Buffer.from(one.head(size).root) }), nodes: () => one.reader });
  const judge = async (anchors: Anchors, one: GrowingLog, size: number) => {
    const { seen, unanswered } = await anchors.lastSeen([one.origin, nameAfterGap(one.origin)]);
    return (await judgeStanding(databaseOf(one, size), seen, unanswered)).state;
  };

  test.each(['witness', 'file'] as const)('put back, rewritten or cut off, it is found out by the %s alone', async (kind) => {
    const anchors = anchorsAt(kind === 'witness' ? { witness: ours() } : { file: join(files, 'checkpoints') });
    expect(await judge(anchors, log, 0)).toBe('sound');
    for (const size of [5, 9, 12]) await anchors.anchor(log.head(size), log.prove);
    for (const [one, size, state] of [
      [log, 12, 'sound'],
      [log, 40, 'sound'],
      [log, 11, 'behind'],
      [log, 0, 'behind'],
      [forked, 12, 'fork'],
      [forked, 40, 'fork'],
      [await growLog({ origin: log.origin, key: log.key, forksAt: 11 }), 12, 'fork'],
      [await growLog({ origin: log.origin, key: log.key, forksAt: 12 }), 40, 'sound'],
    ] as const)
      expect([size, await judge(anchors, one, size)]).toEqual([size, state]);
  });

  test('H09 of two copies that were put back, the later name is told: what goes on takes a name that nobody has seen', async () => {
    const anchors = anchorsAt({ file: join(files, 'twice') });
    const later = await growLog({ origin: `${log.origin}/gap/1`, key: log.key });
    for (const one of [log, later]) await anchors.anchor(one.head(9), one.prove);
    const { seen } = await anchors.lastSeen([log.origin]);
    for (const order of [seen, seen.toReversed()])
      expect(await judgeStanding(databaseOf(log, 5), order, [])).toMatchObject({ state: 'behind', seen: { origin: later.origin }, origin: log.origin });
    const names = namesToAsk(
      log.origin,
      seen.map(({ origin }) => origin),
    );
    expect(names).toEqual([log.origin, later.origin, `${log.origin}/gap/2`]);
    expect(namesToAsk(later.origin, [log.origin, 'another/gap/7'])).toEqual([later.origin, `${log.origin}/gap/2`]);
  });

  test('a tail that was rewritten and anchored anew is found by an older record of the file', async () => {
    const anchors = anchorsAt({ file: join(files, 'checkpoints') });
    await anchors.anchor(log.head(12), log.prove);
    await anchors.anchor(forked.head(20), forked.prove);
    expect(await judge(anchors, forked, 20)).toBe('fork');
    expect(await judge(anchors, log, 20)).toBe('fork');
  });

  test('after a gap was acknowledged the new name begins, and a database from before it is behind', async () => {
    const after = await growLog({ origin: nameAfterGap(log.origin), key: log.key, forksAt: 4 });
    const anchors = anchorsAt({ file: join(files, 'checkpoints') });
    await anchors.anchor(log.head(12), log.prove);
    expect(await judge(anchors, after, 6)).toBe('sound');
    await anchors.anchor(after.head(7), after.prove);
    expect(await judge(anchors, after, 8)).toBe('sound');
    expect(await judge(anchors, log, 40)).toBe('behind');
  });

  test('while the witness can not be asked, or answers with a note that its key has not signed, nothing is known', async () => {
    const file = join(files, 'checkpoints');
    const lying = await serve((_request, response) => void response.writeHead(200).end(log.head(3).note));
    for (const url of [new URL('http://127.0.0.1:9'), lying]) {
      const anchors = anchorsAt({ file, witness: { url, key: witness.key } });
      expect(await judge(anchors, log, 12)).toBe('unknown');
      await anchors.anchor(log.head(12), log.prove);
      // The file knows enough to say no.
      expect(await judge(anchors, log, 11)).toBe('behind');
      await rm(file);
    }
  });

  test("a note of the witness's of another log is no answer", async () => {
    const other = await growLog({ origin: 'log.example/other' });
    const own = await makeWitnessFolder(log, other);
    const second = await startWitnessProcess(own);
    try {
      await submit(second.url, other, 9);
      const note = await (await fetch(`${second.url}/checkpoint?origin=log.example/other`)).text();
      const mixed = await serve((_request, response) => void response.writeHead(200).end(note));
      expect(await anchorsAt({ witness: { url: mixed, key: second.key } }).lastSeen([log.origin])).toMatchObject({ seen: [], problems: [{ problem: 'not-cosigned' }] });
    } finally {
      await second.end('SIGKILL');
      await own.remove();
    }
  });
});
