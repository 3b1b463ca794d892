import { expect, it } from 'vitest';
import { toHex } from './signed-note.ts';
import { leafHash, nodeHash, rootOf } from './tree-path.ts';

const bytes = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
/** Entries of the tree that implementations of RFC 6962 share as a test, and roots that they publish. */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];

it('gives the hashes that other implementations of RFC 6962 give', async () => {
  const leaves = await Promise.all(ENTRIES.map((entry) => leafHash(bytes(entry))));
  const [first, second, ...rest] = leaves;
  if (!first || !second) throw new Error('There are eight entries');
  expect(toHex(first)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  expect(toHex(await nodeHash(first, second))).toBe('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125');
  const pair = async (at: number): Promise<Uint8Array<ArrayBuffer>> => nodeHash(rest[at] ?? first, rest[at + 1] ?? first);
  const path = [second, await pair(0), await nodeHash(await pair(2), await pair(4))];
  expect(toHex(await rootOf(first, 0, 8, path))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
});
