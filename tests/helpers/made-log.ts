import { hash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalText, type EventRecord } from '@sallyport/server/audit/event-record.ts';
import type { PackContents } from '@sallyport/server/evidence/pack/pack-contents.ts';
import { printCheckpoint } from '@sallyport/server/transparency/checkpoint.ts';
import { CompactRange } from '@sallyport/server/transparency/compact-range.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import type { NodeReader } from '@sallyport/server/transparency/node-reader.ts';
import { signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey, printVerifierKey, type SignerKey } from '@sallyport/server/transparency/note-key.ts';
import { makeRangeProof } from '@sallyport/server/transparency/range-proof.ts';
import { packBundle, packTile } from '@sallyport/server/transparency/tile-data.ts';
import { newTiles, nodesOfTile, printTilePath, TILE_WIDTH } from '@sallyport/server/transparency/tiles.ts';

// A log in memory, made with nothing of the gateway and its database: events, tree, keys, and the files that go out.

export const ORIGIN = 'sallyport.example/test';
/** Seconds since the Unix epoch at which the witness cosigns. */
export const WITNESSED_AT = 1_795_251_600;

export const POLICY = '{"roles":["a"]}';
export const POLICY_HASH = hash('sha256', POLICY);

const KINDS = ['gateway.request.refused', 'gateway.process.started'] as const;

/** An event as the gateway writes it; every second one with names, texts and values of all sorts. */
export function eventRecord(index: number): EventRecord {
  const id = `019aa000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
  return {
    formatVersion: 1,
    id,
    time: new Date(Date.UTC(2026, 10, 21) + index * 1000).toISOString().replace('Z', '123Z'),
    correlationId: id.replace('7000', '7001'),
    kind: KINDS[index % KINDS.length] ?? KINDS[0],
    outcome: index % 3 === 0 ? 'denied' : 'ok',
    surface: 'api',
    environment: 'test',
    policyVersion: POLICY_HASH,
    ...(index % 2 === 0 && {
      actorId: 'p1',
      actorName: 'Sari, "the first" =1+1',
      reason: 'línea \u{1f512}',
      before: { amount: index, note: null },
      after: { amount: 0.1 + index, note: 'x' },
    }),
  };
}

export const eventBytes = (index: number): Buffer => Buffer.from(canonicalText(eventRecord(index)));

export interface MadeLog {
  readonly entries: readonly Buffer[];
  readonly key: SignerKey;
  readonly witness: SignerKey;
  readonly reader: NodeReader;
  readonly rootAt: (size: number) => Buffer;
  /** Checkpoint of this size, signed by the log, and by the witness if asked. */
  readonly checkpoint: (size: number, options?: { readonly cosigned?: boolean; readonly keys?: readonly SignerKey[]; readonly origin?: string }) => string;
}

export function makeLog(entries: readonly Buffer[], key: SignerKey = generateSignerKey(ORIGIN), witness: SignerKey = generateSignerKey('witness.example', 'cosignature')): MadeLog {
  const nodes = new Map<string, Buffer>();
  const tree = new CompactRange();
  const edges = [tree.edge];
  for (const entry of entries) {
    tree.append(leafHash(entry), ({ level, index }, value) => nodes.set(`${level}/${index}`, value));
    edges.push(tree.edge);
  }
  const rootAt = (size: number): Buffer => CompactRange.resume(size, edges[size] ?? []).root();
  return {
    entries,
    key,
    witness,
    rootAt,
    reader: { readNodes: async (wanted) => wanted.map(({ level, index }) => nodes.get(`${level}/${index}`) ?? Buffer.alloc(0)) },
    checkpoint: (size, { cosigned = false, keys = [key], origin = ORIGIN } = {}) =>
      signNote({ text: printCheckpoint({ origin, size, root: rootAt(size), extensions: [] }), signatures: [] }, [...keys, ...(cosigned ? [witness] : [])], WITNESSED_AT),
  };
}

export const madeLog = (count: number): MadeLog => makeLog(Array.from({ length: count }, (_, index) => eventBytes(index)));

export const linesOf = (entries: readonly Buffer[]): Buffer => Buffer.concat(entries.flatMap((entry) => [entry, Buffer.from('\n')]));
export const bundlesOf = (entries: readonly Buffer[]): Buffer => Buffer.concat(entries.map((entry) => packBundle([entry])));

/** Writes the log of this size in the layout of C2SP tlog-tiles; `entries` may be others than the tree's. */
export async function writeTiles(folder: string, log: MadeLog, size: number, entries: readonly Buffer[] = log.entries): Promise<void> {
  const put = async (path: string, bytes: string | Buffer): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  };
  for (const tile of newTiles(0, size)) {
    await put(printTilePath({ ...tile, kind: 'hashes' }), packTile(await log.reader.readNodes(nodesOfTile(tile))));
    if (tile.level > 0) continue;
    const begin = tile.index * TILE_WIDTH;
    await put(printTilePath({ ...tile, kind: 'entries' }), packBundle(entries.slice(begin, begin + tile.width)));
  }
  await put('checkpoint', log.checkpoint(size));
}

export type Disclosed = { readonly size: number; readonly begin: number; readonly end: number; readonly indexes: readonly number[] };

/** What goes into a pack of these entries. */
export async function packContents(log: MadeLog, selection: Disclosed): Promise<PackContents> {
  return {
    origin: ORIGIN,
    selection: { correlationId: 'c-1' },
    madeAt: '2026-11-21T09:06:48.123456Z',
    madeBy: { id: 'p1', name: 'Sari' },
    checkpoint: log.checkpoint(selection.size, { cosigned: true }),
    proof: await makeRangeProof(log.reader, selection),
    openEvents: async function* () {
      yield selection.indexes.map((index) => log.entries[index] ?? Buffer.alloc(0));
    },
    policies: [{ hash: POLICY_HASH, body: POLICY }],
    approvals: [{ id: 'a1', decided: true }],
    reviews: [{ id: 'r1', outcome: 'kept' }],
    controls: '"control"\r\n',
    summary: ['<!doctype html><title>Evidence</title>'],
    answers: { markdown: '# Answers\n', json: '{"answers":[]}\n' },
    keys: [printVerifierKey(log.key.verifier), printVerifierKey(log.witness.verifier)],
  };
}

/** Signs as the log does. */
export const signWith =
  (...keys: readonly SignerKey[]) =>
  async (text: string): Promise<string> =>
    signNote({ text, signatures: [] }, keys, WITNESSED_AT);
