import { parentPort, workerData } from 'node:worker_threads';
import { HASH_BYTES } from '../../transparency/merkle-hash.ts';
import { type FromBuilder, type JoinedEntries, type PackCall, type PackOrdered, type PackSourceName, splitEntries, type ToBuilder } from './pack-calls.ts';
import type { PackContents, PackPolicy } from './pack-contents.ts';
import { PackContentsFault, writePack } from './write-pack.ts';

// The thread that builds one pack: derives, hashes and packs. What it writes down it asks for; it knows neither database nor key.

const port = parentPort;
if (port === null) throw new Error('This is a thread of the gateway, no program');

const waiting = new Map<number, (answer: unknown) => void>();
let calls = 0;
port.on('message', ({ id, answer }: ToBuilder) => {
  waiting.get(id)?.(answer);
  waiting.delete(id);
});

const tell = (said: FromBuilder, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(said, transfer);

/** Never rejects: where the other side can't answer, it ends this thread. */
function ask(call: PackCall): Promise<unknown> {
  const id = (calls += 1);
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    tell({ said: 'call', id, call }, call.ask === 'put' ? [call.bytes.buffer] : []);
  });
}

let readings = 0;

/** One piece is in hand and the next one on its way. */
async function* read<Piece>(source: PackSourceName): AsyncGenerator<Piece> {
  const reading = (readings += 1);
  const next = (): Promise<unknown> => ask({ ask: 'next', source, reading });
  for (let ahead = next(); ; ) {
    const piece = await ahead;
    if (piece === null) return;
    ahead = next();
    yield piece as Piece;
  }
}

async function* openEvents(): AsyncGenerator<readonly Buffer[]> {
  for await (const joined of read<JoinedEntries>('events')) yield splitEntries(joined);
}

/** Pieces of the pack that may be under way to whoever reads it. */
const MOST_UNDER_WAY = 8;

async function build({ nodes, proof, ...ordered }: PackOrdered): Promise<void> {
  const hashes = splitEntries({ bytes: nodes, lengths: new Uint32Array(nodes.length / HASH_BYTES).fill(HASH_BYTES) });
  const contents: PackContents = {
    ...ordered,
    proof: { ...proof, nodes: hashes },
    openEvents,
    policies: read<PackPolicy>('policies'),
    approvals: read('approvals'),
    reviews: read('reviews'),
    summary: read<string>('summary'),
  };
  const underWay: Promise<unknown>[] = [];
  for await (const piece of writePack(contents, async (text) => String(await ask({ ask: 'sign', text })))) {
    // A copy: what the zip file is made of is shared memory, and this goes away.
    underWay.push(ask({ ask: 'put', bytes: new Uint8Array(piece as Buffer) }));
    if (underWay.length >= MOST_UNDER_WAY) await underWay.shift();
  }
  await Promise.all(underWay);
}

build(workerData as PackOrdered)
  .then(() => tell({ said: 'end' }))
  .catch((error: unknown) => tell({ said: 'fault', message: error instanceof Error ? error.message : String(error), isContents: error instanceof PackContentsFault }));
