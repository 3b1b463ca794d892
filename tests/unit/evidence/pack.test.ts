import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { csvOf } from '@sallyport/server/audit/export-format.ts';
import { evidenceText, parseManifest, printManifest } from '@sallyport/server/evidence/pack/manifest.ts';
import { PACK_FILES, type PackContents } from '@sallyport/server/evidence/pack/pack-contents.ts';
import { printRangeProof } from '@sallyport/server/evidence/pack/proof-file.ts';
import { openPack, PackFault } from '@sallyport/server/evidence/pack/read-pack.ts';
import { OPENSSL_CHECK, PYTHON_CHECK, PYTHON_COMMAND } from '@sallyport/server/evidence/pack/readme-text.ts';
import { PackContentsFault, writePack } from '@sallyport/server/evidence/pack/write-pack.ts';
import { makeConsistencyProof } from '@sallyport/server/transparency/consistency-proof.ts';
import { signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import type { TrustPolicy } from '@sallyport/server/transparency/open-checkpoint.ts';
import { makeRangeProof } from '@sallyport/server/transparency/range-proof.ts';
import { printRetentionStatement } from '@sallyport/server/transparency/retention-statement.ts';
import { type VerifyRequest, verify } from '@sallyport/server/verify/verify.ts';
import type { VerifyReport } from '@sallyport/server/verify/verify-report.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Disclosed, eventBytes, eventRecord, type MadeLog, madeLog, makeLog, ORIGIN, packContents, POLICY_HASH, signWith } from '../../helpers/made-log.ts';
import { type ZipParts, zipOf } from '../../helpers/zip-of.ts';

const run = promisify(execFile);
const SIZE = 100;
const SELECTION: Disclosed = { size: SIZE, begin: 10, end: 60, indexes: [10, 11, 12, 20, 33, 59] };
let folder: string;
let log: MadeLog;
let policy: TrustPolicy;
/** The files of a good pack. */
let parts: ZipParts;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pack-'));
  log = madeLog(SIZE);
  policy = { origin: ORIGIN, logKeys: [{ key: log.key.verifier }], witnesses: [log.witness.verifier], leastCosignatures: 1 };
  parts = await unpack(await write(await packContents(log, SELECTION)));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

let files = 0;
const nextPath = (): string => join(folder, `pack-${(files += 1)}.zip`);

async function write(contents: PackContents, sign = signWith(log.key)): Promise<string> {
  const path = nextPath();
  await pipeline(writePack(contents, sign), createWriteStream(path));
  return path;
}

async function unpack(path: string): Promise<ZipParts> {
  const pack = await openPack(path);
  try {
    const read: [string, Buffer][] = [];
    for (const name of pack.names) read.push([name, await pack.readWhole(name)]);
    return new Map(read);
  } finally {
    pack.close();
  }
}

async function verifyFile(path: string, more: Partial<VerifyRequest> = {}): Promise<VerifyReport> {
  return await verify({ path, policy, checkpoints: [], threads: 1, ...more });
}

async function verifyParts(changed: ZipParts, more: Partial<VerifyRequest> = {}): Promise<VerifyReport> {
  const path = nextPath();
  await writeFile(path, await zipOf(changed));
  const report = await verifyFile(path, more);
  await rm(path);
  return report;
}

const part = (name: string): Buffer => parts.get(name) ?? Buffer.alloc(0);
const withPart = (name: string, bytes: Buffer | string): ZipParts => new Map([...parts, [name, Buffer.from(bytes)]]);

/** What an insider with the log's key can do: change files, and sign a manifest over them. */
async function resigned(
  changed: ZipParts,
  key = log.key,
  edit: (manifest: ReturnType<typeof requireManifest>) => ReturnType<typeof requireManifest> = (same) => same,
): Promise<ZipParts> {
  const names = [...changed.keys()].filter((name) => name !== PACK_FILES.manifest && name !== PACK_FILES.manifestNote);
  const hashes = Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(changed.get(name) ?? Buffer.alloc(0))
        .digest('hex'),
    ]),
  );
  const manifest = Buffer.from(printManifest(edit({ ...requireManifest(), files: hashes }) as Parameters<typeof printManifest>[0]));
  return new Map([...changed, [PACK_FILES.manifest, manifest], [PACK_FILES.manifestNote, Buffer.from(await signWith(key)(evidenceText(ORIGIN, manifest)))]]);
}

function requireManifest() {
  const manifest = parseManifest(part(PACK_FILES.manifest));
  if (manifest === null) throw new Error('The manifest of the good pack cannot be read');
  return manifest;
}

const faultsOf = ({ faults }: VerifyReport): readonly string[] => faults.map(({ fault, file }) => `${fault} ${file ?? ''}`.trim());

describe('C1, issue 4 no. 6: a pack', () => {
  test('holds what it says, is intact, and counts what it does not disclose', async () => {
    const report = await verifyParts(parts);
    expect(report).toMatchObject({
      intact: true,
      kind: 'pack',
      origin: ORIGIN,
      entries: 6,
      faults: [],
      notes: [],
      checkpoint: { size: SIZE, signedBy: [ORIGIN], cosignedBy: [{ name: 'witness.example' }] },
      selection: {
        begin: 10,
        end: 60,
        disclosed: 6,
        withheld: [
          { begin: 13, end: 20 },
          { begin: 21, end: 33 },
          { begin: 34, end: 59 },
        ],
      },
    });
    expect([...parts.keys()].toSorted()).toEqual([...Object.values(PACK_FILES).filter((name) => name !== PACK_FILES.retention), `policies/${POLICY_HASH}.json`].toSorted());
    expect(part(PACK_FILES.events).toString()).toBe(SELECTION.indexes.map((index) => `${eventBytes(index).toString()}\n`).join(''));
    expect(part(PACK_FILES.csv).toString()).toContain(csvOf(SELECTION.indexes.map(eventRecord)));
    expect(part(PACK_FILES.ocsf).toString().trim().split('\n')).toHaveLength(6);
  });

  test.each<[string, Disclosed]>([
    ['nothing', { size: SIZE, begin: 10, end: 60, indexes: [] }],
    ['everything', { size: SIZE, begin: 0, end: SIZE, indexes: Array.from({ length: SIZE }, (_, index) => index) }],
    ['the last entry', { size: SIZE, begin: 99, end: SIZE, indexes: [99] }],
    ['a smaller tree than there is', { size: 37, begin: 0, end: 37, indexes: [0, 36] }],
  ])('of %s is intact', async (_what, selection) => {
    expect(await verifyFile(await write(await packContents(log, selection)))).toMatchObject({ intact: true, entries: selection.indexes.length });
  });

  test('is the same, byte by byte, when it is made again with the same signature', async () => {
    const contents = await packContents(log, SELECTION);
    expect((await readFile(await write(contents))).equals(await readFile(await write(contents)))).toBe(true);
  });

  test('with a statement of retention says what may have gone, and believes only the log’s', async () => {
    const text = printRetentionStatement({ origin: ORIGIN, classes: [{ retention: 'reading', minimumIndex: 15, prunedBefore: '2026-01', entries: 4 }] });
    const contents = { ...(await packContents(log, SELECTION)), retentionNote: await signWith(log.key)(text) };
    const report = await verifyFile(await write(contents));
    expect(report.intact).toBe(true);
    expect(report.notes.join(' ')).toContain('reading below index 15');
    expect(faultsOf(await verifyFile(await write({ ...contents, retentionNote: await signWith(generateSignerKey(ORIGIN))(text) })))).toEqual(['untrusted retention.note']);
  });
});

describe('H09: whatever is changed in a pack is found', () => {
  test('a byte changed, in every file, in many places', async () => {
    let changes = 0;
    for (const [name, bytes] of parts) {
      const places = new Set([0, 1, bytes.length - 2, bytes.length - 1, ...Array.from({ length: 24 }, (_, step) => Math.floor((step * bytes.length) / 24))]);
      for (const place of places) {
        if (place < 0 || place >= bytes.length) continue;
        const changed = Buffer.from(bytes);
        changed[place] = (changed[place] ?? 0) ^ (1 << (place % 7));
        const report = await verifyParts(withPart(name, changed));
        expect(report.intact, `${name} at ${place}`).toBe(false);
        changes += 1;
      }
    }
    expect(changes).toBeGreaterThan(250);
  }, 60_000);

  test('a byte cut off or added, in every file; every file left out; a file more', async () => {
    for (const [name, bytes] of parts) {
      expect((await verifyParts(withPart(name, bytes.subarray(0, -1)))).intact, name).toBe(false);
      expect((await verifyParts(withPart(name, Buffer.concat([bytes, Buffer.from('\n')])))).intact, name).toBe(false);
      expect((await verifyParts(new Map([...parts].filter(([other]) => other !== name)))).intact, name).toBe(false);
    }
    expect(faultsOf(await verifyParts(withPart('notes.txt', 'x')))).toEqual(['unreadable notes.txt']);
    expect(faultsOf(await verifyParts(new Map([...parts].filter(([name]) => name !== PACK_FILES.csv))))).toEqual(['unreadable events.csv']);
    expect(faultsOf(await verifyParts(withPart(`policies/${'0'.repeat(64)}.json`, '{}')))).toContain(`surplus policies/${'0'.repeat(64)}.json`);
  });

  const lines = (): string[] => part(PACK_FILES.events).toString().trimEnd().split('\n');
  const INSIDER: readonly (readonly [string, () => string[], string])[] = [
    ['an event edited', () => lines().with(2, lines()[2]?.replace('"api"', '"cli"') ?? ''), 'altered events.jsonl'],
    ['an event dropped', () => lines().toSpliced(3, 1), 'missing events.jsonl'],
    ['an event added', () => [...lines(), eventBytes(60).toString()], 'surplus events.jsonl'],
    ['an event twice', () => lines().toSpliced(3, 0, lines()[3] ?? ''), 'surplus events.jsonl'],
    [
      'two events swapped',
      () =>
        lines()
          .with(1, lines()[2] ?? '')
          .with(2, lines()[1] ?? ''),
      'altered events.jsonl',
    ],
    ['another event of the log in its place', () => lines().with(4, eventBytes(34).toString()), 'altered events.jsonl'],
    ['nonsense for an event', () => lines().with(4, 'nonsense'), 'unreadable events.jsonl'],
    ['an event that breaks what is derived from it', () => lines().with(4, '{"kind":7,"time":[]}'), 'altered events.jsonl'],
  ];
  test.each(INSIDER)('%s by somebody who can sign the manifest anew', async (_what, change, expected) => {
    const events = Buffer.from(`${change().join('\n')}\n`);
    const report = await verifyParts(await resigned(withPart(PACK_FILES.events, events)));
    expect(report.intact).toBe(false);
    expect(faultsOf(report)).toContain(expected);
  });

  test('an edited event is pointed at by the files that were derived from it', async () => {
    const report = await verifyParts(
      await resigned(
        withPart(
          PACK_FILES.events,
          `${lines()
            .with(2, lines()[2]?.replace('"api"', '"cli"') ?? '')
            .join('\n')}\n`,
        ),
      ),
    );
    expect(report.faults.find(({ file }) => file === PACK_FILES.events)).toMatchObject({ firstBad: { begin: 10, end: 60 } });
    expect(report.faults.find(({ file }) => file === PACK_FILES.csv)).toMatchObject({ firstBad: { begin: 12, end: 13 } });
  });

  test('an event that cannot be read is named, and those around it are still compared', async () => {
    const report = await verifyParts(await resigned(withPart(PACK_FILES.events, `${lines().with(4, 'nonsense').join('\n')}\n`)));
    expect(report.faults.find(({ fault }) => fault === 'unreadable')).toMatchObject({ file: PACK_FILES.events, firstBad: { begin: 33, end: 34 } });
    expect(report.faults.find(({ file }) => file === PACK_FILES.csv)).toMatchObject({ firstBad: { begin: 33, end: 34 } });
  });

  test('derived files that tell another story, signed anew', async () => {
    for (const name of [PACK_FILES.csv, PACK_FILES.ocsf]) {
      const told = part(name).toString();
      const report = await verifyParts(await resigned(withPart(name, told.replaceAll(eventRecord(20).id, eventRecord(21).id))));
      expect(report.faults).toMatchObject([{ fault: 'altered', file: name, firstBad: { begin: 20, end: 21 } }]);
      expect(faultsOf(await verifyParts(await resigned(withPart(name, `${told}x`))))).toEqual([`altered ${name}`]);
      expect(faultsOf(await verifyParts(await resigned(withPart(name, told.slice(0, -2)))))).toEqual([`altered ${name}`]);
    }
  });

  test('rules of derivation that are not ours are said not to be checked', async () => {
    const told = await resigned(withPart(PACK_FILES.csv, 'other'), log.key, (manifest) => ({ ...manifest, derived: { ...manifest.derived, [PACK_FILES.csv]: '9' } }));
    const report = await verifyParts(told);
    expect(report).toMatchObject({ intact: true });
    expect(report.notes.join(' ')).toContain('not derived again');
  });

  test('proofs swapped, widened, narrowed or padded, signed anew', async () => {
    const others: readonly Disclosed[] = [
      { ...SELECTION, indexes: [10, 11, 12, 20, 33, 58] },
      { ...SELECTION, begin: 9 },
      { ...SELECTION, end: 61 },
      { ...SELECTION, indexes: SELECTION.indexes.slice(1) },
      { ...SELECTION, size: 99 },
    ];
    for (const other of others) {
      const proof = [...printRangeProof(await makeRangeProof(log.reader, other))].join('');
      expect((await verifyParts(await resigned(withPart(PACK_FILES.proof, proof)))).intact, proof.slice(0, 80)).toBe(false);
    }
    const proof = part(PACK_FILES.proof).toString();
    for (const bad of [
      proof.replace('"nodes":[', '"nodes": ['),
      proof.replace('[10,', '[10.0,'),
      proof.replace('"size":100', '"size":100,"size":100'),
      proof.replace('"begin":10', '"begin":1e1'),
      '[]',
      'null',
      '{}',
    ])
      expect(faultsOf(await verifyParts(await resigned(withPart(PACK_FILES.proof, bad)))), bad.slice(0, 60)).toEqual(['unreadable proof.json']);
  });

  test('a policy that its name does not hash to, or that an event names and nobody finds', async () => {
    expect(faultsOf(await verifyParts(await resigned(withPart(`policies/${POLICY_HASH}.json`, '{"roles":["b"]}'))))).toEqual([`altered policies/${POLICY_HASH}.json`]);
    expect(faultsOf(await verifyParts(await resigned(new Map([...parts].filter(([name]) => !name.startsWith('policies/'))))))).toEqual(['missing events.jsonl']);
  });
});

describe('H10: origin and key are those of who verifies', () => {
  test('another origin or key, a manifest signed with another key, a forger’s whole pack', async () => {
    const forger = generateSignerKey(ORIGIN);
    expect(faultsOf(await verifyParts(parts, { policy: { ...policy, origin: 'other.example' } }))).toEqual(
      expect.arrayContaining(['untrusted checkpoint', 'altered manifest.json']),
    );
    expect(faultsOf(await verifyParts(parts, { policy: { ...policy, logKeys: [{ key: forger.verifier }] } }))).toEqual(
      expect.arrayContaining(['untrusted checkpoint', 'untrusted manifest.note']),
    );
    expect(faultsOf(await verifyParts(await resigned(parts, forger)))).toEqual(['untrusted manifest.note']);
    const forged = makeLog(log.entries.with(11, Buffer.from(eventBytes(11).toString().replace('"api"', '"cli"'))), forger, log.witness);
    const path = await write(await packContents(forged, SELECTION), signWith(forger));
    expect((await verifyFile(path, { policy: { ...policy, logKeys: [{ key: forger.verifier }] } })).intact, 'by its own key it is intact').toBe(true);
    expect((await verifyFile(path)).intact).toBe(false);
    expect(faultsOf(await verifyParts(parts, { policy: { ...policy, logKeys: [{ key: log.key.verifier, lastSize: SIZE - 1 }] } }))).toEqual([
      'untrusted checkpoint',
      'untrusted manifest.note',
    ]);
    expect((await verifyFile(path, { policy: { ...policy, logKeys: [{ key: forger.verifier, lastSize: SIZE }] } })).intact).toBe(true);
  });

  test('a witness’s cosignature, a checkpoint or a retention note is no signature over a manifest', async () => {
    for (const note of [log.checkpoint(SIZE), await signWith(log.key)(`${ORIGIN}/retention\n`), signNote({ text: `${ORIGIN}/evidence\nx\n`, signatures: [] }, [log.key], 0)])
      expect(faultsOf(await verifyParts(withPart(PACK_FILES.manifestNote, note)))).toEqual(['altered manifest.json']);
  });

  test('H12: an older checkpoint that contradicts, with and without a consistency proof', async () => {
    const note = (of: MadeLog, size: number): VerifyRequest['checkpoints'] => [{ file: 'kept', note: Buffer.from(of.checkpoint(size)) }];
    const rewritten = makeLog(log.entries.with(5, Buffer.from('{}')), log.key, log.witness);
    // At 13 and 21 the tree stands on its way from left to right; at 50 it does not.
    expect(await verifyParts(parts, { checkpoints: [...note(log, 13), ...note(log, 21)] })).toMatchObject({ intact: true, comparedWith: [13, 21] });
    expect(faultsOf(await verifyParts(parts, { checkpoints: note(rewritten, 13) }))).toEqual(['rewritten']);
    expect(faultsOf(await verifyParts(parts, { checkpoints: note(log, 50) }))).toEqual(['undecided']);
    const consistency = await makeConsistencyProof(log.reader, 50, SIZE);
    expect(await verifyParts(parts, { checkpoints: note(log, 50), consistency })).toMatchObject({ intact: true, comparedWith: [50] });
    expect(faultsOf(await verifyParts(parts, { checkpoints: note(rewritten, 50), consistency }))).toEqual(['rewritten']);
    expect(faultsOf(await verifyParts(parts, { checkpoints: note(log, 49), consistency }))).toEqual(['rewritten']);
    const longer = madeLog(SIZE + 30);
    const later = makeLog(longer.entries, log.key, log.witness);
    expect(await verifyParts(parts, { checkpoints: note(later, SIZE + 30), consistency: await makeConsistencyProof(later.reader, SIZE, SIZE + 30) })).toMatchObject({
      intact: true,
    });
    expect(faultsOf(await verifyParts(parts, { checkpoints: note(rewritten, SIZE) }))).toEqual(['split']);
    expect(faultsOf(await verifyParts(parts, { checkpoints: [{ file: 'kept', note: Buffer.from('x') }] }))).toEqual(['untrusted kept']);
  });
});

describe('a zip file that is meant to harm', () => {
  const good = async (): Promise<Buffer> => Buffer.from(await zipOf(parts));
  const refused = async (bytes: Buffer): Promise<void> => {
    const path = nextPath();
    await writeFile(path, bytes);
    await expect(openPack(path)).rejects.toThrow(PackFault);
    expect(await verifyFile(path)).toMatchObject({ intact: false, entries: 0, faults: [{ fault: 'unreadable' }] });
  };
  const renamed = (bytes: Buffer, from: string, to: string): Buffer => Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');

  test.each(['../../evil.t', '/etc/keys.tx', 'C:/keys_.txt', 'a\\..\\keys.t', 'keys.txt\u0000...'])('a path that leads elsewhere: %j', async (name) => {
    const bytes = await zipOf(new Map([...parts, ['x'.repeat(name.length), Buffer.from('x')]]));
    await refused(renamed(Buffer.from(bytes), 'x'.repeat(name.length), name));
  });

  test('one name twice, another name in the local header, a comment, a cut, nonsense', async () => {
    const twice = await zipOf(new Map([...parts, ['reviews.jsonX', Buffer.from('{}\n')]]));
    await refused(renamed(Buffer.from(twice), 'reviews.jsonX', 'reviews.jsonl'));
    const bytes = await good();
    const local = bytes.indexOf('keys.txt');
    await refused(Buffer.concat([bytes.subarray(0, local), Buffer.from('KEYS.txt'), bytes.subarray(local + 8)]));
    const commented = Buffer.concat([bytes, Buffer.from('hello')]);
    commented.writeUInt16LE(5, bytes.length - 2);
    await refused(commented);
    for (const length of [4, 100, bytes.length - 1, bytes.length - 30]) await refused(bytes.subarray(0, length));
    await refused(Buffer.concat([Buffer.from('PK'), Buffer.alloc(5000, 7)]));
  });

  test('a file that unpacks to more or less than it says', async () => {
    const bytes = await good();
    const central = bytes.lastIndexOf('summary.html');
    for (const size of [1, 30, 4_000_000_000]) {
      const lying = Buffer.from(bytes);
      // The uncompressed size stands 22 bytes before the name, in the directory.
      lying.writeUInt32LE(size, central - 22);
      const path = nextPath();
      await writeFile(path, lying);
      expect(await verifyFile(path), `${size}`).toMatchObject({ intact: false });
    }
  });

  test('a bomb: what is held in memory has a bound, the rest is only hashed', async () => {
    const bomb = await zipOf(withPart(PACK_FILES.manifest, Buffer.alloc(64 * 2 ** 20)));
    const path = nextPath();
    await writeFile(path, bomb);
    expect(await verifyFile(path)).toMatchObject({ intact: false, faults: [{ fault: 'unreadable' }] });
    expect(faultsOf(await verifyParts(withPart(PACK_FILES.summary, Buffer.alloc(64 * 2 ** 20))))).toEqual(['altered summary.html']);
  });

  test('any byte of the zip file changed: refused, or the files in it are the same', async () => {
    const bytes = await good();
    const contents = [...parts.values()].map((each) => each.toString('base64')).toSorted();
    let same = 0;
    // Behind the two bytes by which a zip file is told from a file of entries.
    for (let place = 2; place < bytes.length; place += Math.ceil(bytes.length / 400)) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 0x20;
      const path = nextPath();
      await writeFile(path, changed);
      if ((await verifyFile(path)).intact) {
        expect([...(await unpack(path)).values()].map((each) => each.toString('base64')).toSorted()).toEqual(contents);
        same += 1;
      }
    }
    expect(same, 'times and attributes are not what is proven').toBeLessThan(200);
  }, 60_000);
});

describe('writing', () => {
  const fails = async (change: (contents: PackContents) => Partial<PackContents>): Promise<unknown> => {
    const contents = await packContents(log, SELECTION);
    let signed = 0;
    const sign = async (text: string): Promise<string> => {
      signed += 1;
      return await signWith(log.key)(text);
    };
    const error = await write({ ...contents, ...change(contents) }, sign).catch((caught: unknown) => caught);
    expect(signed, 'nothing is signed').toBe(0);
    return error;
  };

  test('contents that do not fit together are refused before anything is signed', async () => {
    expect(await fails(() => ({ checkpoint: log.checkpoint(99) }))).toBeInstanceOf(PackContentsFault);
    expect(await fails(() => ({ origin: 'other.example' }))).toBeInstanceOf(PackContentsFault);
    expect(await fails(() => ({ openEvents: () => eventsOf([10, 11, 12, 20, 33, 58]) }))).toBeInstanceOf(PackContentsFault);
    expect(await fails(() => ({ openEvents: () => eventsOf([10, 11]) }))).toMatchObject({ name: 'LogFault' });
    expect(await fails(() => ({ openEvents: () => eventsOf([...SELECTION.indexes, 60]) }))).toMatchObject({ name: 'LogFault' });
    expect(await fails(() => ({ policies: [{ hash: POLICY_HASH, body: '{}' }] }))).toBeInstanceOf(PackContentsFault);
    let opened = 0;
    expect(await fails(() => ({ openEvents: () => eventsOf((opened += 1) === 1 ? SELECTION.indexes : SELECTION.indexes.with(0, 9)) }))).toBeInstanceOf(PackContentsFault);
    expect(await fails(() => ({ summary: failing() }))).toMatchObject({ message: 'The source failed' });
  });

  test('a reader who lets go ends the sources', async () => {
    let ended = false;
    const endless = async function* (): AsyncGenerator<string> {
      try {
        for (;;) yield createHash('sha512').update(`${Math.random()}`).digest('base64').repeat(800);
      } finally {
        ended = true;
      }
    };
    const stream: Readable = writePack({ ...(await packContents(log, SELECTION)), summary: endless() }, signWith(log.key));
    for await (const piece of stream) if ((piece as Buffer).length > 0 && stream.readableLength >= 0) break;
    await expect.poll(() => ended || stream.destroyed).toBe(true);
    const other = writePack({ ...(await packContents(log, SELECTION)), summary: endless() }, signWith(log.key));
    let read = 0;
    for await (const piece of other) if ((read += (piece as Buffer).length) > 500_000) break;
    await expect.poll(() => ended).toBe(true);
  });
});

async function* eventsOf(indexes: readonly number[]): AsyncGenerator<readonly Buffer[]> {
  for (const index of indexes) yield [eventBytes(index)];
}

async function* failing(): AsyncGenerator<string> {
  yield 'x';
  throw new Error('The source failed');
}

describe('what README.txt says is true', () => {
  const has = async (program: string, ...words: readonly string[]): Promise<boolean> =>
    run(program, [...words]).then(
      () => true,
      () => false,
    );

  test('it names every file, holds the commands as they are tested here, and no key', async () => {
    const readme = part(PACK_FILES.readme).toString();
    for (const line of [...PYTHON_CHECK.split('\n'), ...OPENSSL_CHECK.split('\n')]) expect(readme).toContain(line);
    expect(readme).toContain(`--origin "${ORIGIN}"`);
    expect(readme).not.toContain(printVerifierKey(log.key.verifier));
    for (const name of [
      'events.jsonl',
      'proof.json',
      'manifest.json',
      'manifest.note',
      'checkpoint',
      'keys.txt',
      'approvals.jsonl',
      'reviews.jsonl',
      'controls.csv',
      'summary.html',
      'events.csv',
      'events.ocsf.jsonl',
    ])
      expect(readme).toContain(name);
  });

  async function unpacked(changed: ZipParts): Promise<string> {
    const path = await mkdtemp(join(folder, 'unpacked-'));
    for (const [name, bytes] of changed) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), bytes);
    }
    return path;
  }

  test('Python alone recomputes the root, and not the root of anything else', async ({ skip }) => {
    if (!(await has('python3', '--version'))) skip('there is no python3');
    const expected = `${SIZE}\n${log.rootAt(SIZE).toString('base64')}\n`;
    expect((await run('python3', ['-c', PYTHON_CHECK], { cwd: await unpacked(parts) })).stdout).toBe(expected);
    const changed = await unpacked(withPart(PACK_FILES.events, part(PACK_FILES.events).toString().replace('"api"', '"cli"')));
    expect((await run('python3', ['-c', PYTHON_CHECK], { cwd: changed })).stdout).not.toBe(expected);
    for (const selection of [
      { size: 1, begin: 0, end: 1, indexes: [] },
      { size: 64, begin: 3, end: 50, indexes: [3, 4, 5, 40, 49] },
      { size: 77, begin: 0, end: 77, indexes: [76] },
    ]) {
      const other = await unpacked(await unpack(await write(await packContents(log, selection))));
      expect((await run('python3', ['-c', PYTHON_CHECK], { cwd: other })).stdout).toBe(`${selection.size}\n${log.rootAt(selection.size).toString('base64')}\n`);
    }
    const manifestCheck = /python3 -c '(import hashlib, json; [^\n]+)'\n/.exec(part(PACK_FILES.readme).toString())?.[1] ?? '';
    expect((await run('sh', ['-c', PYTHON_COMMAND], { cwd: await unpacked(parts) })).stdout).toBe(expected);
    expect(part(PACK_FILES.readme).toString()).toContain(`    ${PYTHON_COMMAND}\n`);
    expect((await run('python3', ['-c', manifestCheck], { cwd: await unpacked(parts) })).stdout).not.toContain('BAD');
    expect((await run('python3', ['-c', manifestCheck], { cwd: changed })).stdout).toContain('BAD events.jsonl');
  });

  test('OpenSSL alone verifies both notes, and refuses another key', async ({ skip }) => {
    if (!(await has('openssl', 'version'))) skip('there is no openssl');
    const path = await unpacked(parts);
    const check = (NOTE: string, key: string): Promise<{ stdout: string }> => run('sh', ['-ec', OPENSSL_CHECK], { cwd: path, env: { ...process.env, NOTE, KEY: key } });
    const key = printVerifierKey(log.key.verifier);
    for (const note of [PACK_FILES.manifestNote, PACK_FILES.checkpoint]) {
      expect((await check(note, key)).stdout).toContain('Successfully');
      await expect(check(note, printVerifierKey(generateSignerKey(ORIGIN).verifier))).rejects.toThrow('Command failed');
    }
  });
});
