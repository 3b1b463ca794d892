import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writePack } from '@sallyport/server/evidence/pack/write-pack.ts';
import { makeConsistencyProof } from '@sallyport/server/transparency/consistency-proof.ts';
import { makeInclusionProof } from '@sallyport/server/transparency/inclusion-proof.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { generateSignerKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { eventBytes, makeLog, ORIGIN, packContents, signWith, writeTiles } from '../helpers/made-log.ts';

// `node tests/foreign/write-log.ts FOLDER`: a log of canonical events as our code keeps it, for somebody else's code to check.

const SIZE = 70_000;
/** Every index and pair of sizes up to here, and samples beyond. */
const ALL_TO = 64;
const STEP = 997;

const folder = process.argv[2];
if (folder === undefined) throw new Error('Say which folder to write to');
await mkdir(folder, { recursive: true });

// Two keys, as while they are changed, and a witness whose key nobody pins.
const next = generateSignerKey(ORIGIN);
const log = makeLog(Array.from({ length: SIZE }, (_, index) => eventBytes(index)));
await writeTiles(folder, log, SIZE);
await writeFile(join(folder, 'checkpoint'), log.checkpoint(SIZE, { keys: [log.key, next], cosigned: true }));
await writeFile(join(folder, 'origin'), `${ORIGIN}\n`);
await writeFile(join(folder, 'keys'), [log.key, next].map(({ verifier }) => `${printVerifierKey(verifier)}\n`).join(''));

const base64 = (hash: Uint8Array): string => Buffer.from(hash).toString('base64');
const inclusionOf = async (index: number, size: number) => ({
  index,
  size,
  leaf: base64(leafHash(log.entries[index] ?? Buffer.alloc(0))),
  root: base64(log.rootAt(size)),
  hashes: (await makeInclusionProof(log.reader, index, size)).map(base64),
});
const consistencyOf = async (older: number, newer: number) => ({
  older,
  newer,
  olderRoot: base64(log.rootAt(older)),
  newerRoot: base64(log.rootAt(newer)),
  hashes: (await makeConsistencyProof(log.reader, older, newer)).map(base64),
});

const inclusion: Awaited<ReturnType<typeof inclusionOf>>[] = [];
const consistency: Awaited<ReturnType<typeof consistencyOf>>[] = [];
for (let size = 1; size <= ALL_TO; size += 1)
  for (let index = 0; index < size; index += 1) {
    inclusion.push(await inclusionOf(index, size));
    consistency.push(await consistencyOf(index + 1, size));
  }
for (let index = 0; index < SIZE; index += STEP) {
  inclusion.push(await inclusionOf(index, SIZE));
  consistency.push(await consistencyOf(index + 1, SIZE));
}
// An evidence pack of every seventh entry of a stretch.
const indexes = Array.from({ length: 500 }, (_, place) => 40_000 + 7 * place);
await pipeline(writePack(await packContents(log, { size: SIZE, begin: 39_990, end: 43_600, indexes }), signWith(log.key)), createWriteStream(join(folder, 'pack.zip')));
await writeFile(join(folder, 'proofs.json'), JSON.stringify({ inclusion, consistency }));
console.log(`${SIZE} entries, ${inclusion.length} inclusion and ${consistency.length} consistency proofs`);
