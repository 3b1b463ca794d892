import { expect, it } from 'vitest';
import { continues, judgeContinuation } from './continuation.ts';
import { leafHash, nodeHash } from './tree-path.ts';

type Hash = Uint8Array<ArrayBuffer>;
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const leaves = await Promise.all(Array.from({ length: 17 }, (_, index) => leafHash(new TextEncoder().encode(`entry ${index}`))));
const half = (length: number): number => 2 ** Math.floor(Math.log2(length - 1));

async function rootOf(list: readonly Hash[]): Promise<Hash> {
  const [only] = list;
  if (only && list.length === 1) return only;
  return nodeHash(await rootOf(list.slice(0, half(list.length))), await rootOf(list.slice(half(list.length))));
}

/** RFC 6962 §2.1.2 as it is written there. */
async function subproof(size: number, list: readonly Hash[], whole: boolean): Promise<readonly Hash[]> {
  if (size === list.length) return whole ? [] : [await rootOf(list)];
  const split = half(list.length);
  return size <= split
    ? [...(await subproof(size, list.slice(0, split), whole)), await rootOf(list.slice(split))]
    : [...(await subproof(size - split, list.slice(split), false)), await rootOf(list.slice(0, split))];
}

const head = async (size: number) => ({ size, root: await rootOf(leaves.slice(0, size)) });
const noteOf = async (size: number, origin = 'log.example/audit', root?: Hash): Promise<string> =>
  `${origin}\n${size}\n${base64(root ?? (await head(size)).root)}\n\n— ${origin} ${base64(new Uint8Array(68))}\n`;
const prove = async (from: number, to: number): Promise<string> => (await subproof(from, leaves.slice(0, to), true)).map((hash) => `${base64(hash)}\n`).join('');

it('sees every growth for what it is, and no other history for one (H09, H13)', async () => {
  const other = await leafHash(new TextEncoder().encode('another'));
  for (let to = 2; to <= leaves.length; to += 1)
    for (let from = 1; from < to; from += 1) {
      const proof = await subproof(from, leaves.slice(0, to), true);
      const [earlier, later] = [await head(from), await head(to)];
      expect(await continues(earlier, later, proof), `${from} to ${to}`).toBe(true);
      expect(await continues({ size: from, root: other }, later, proof), `another ${from} to ${to}`).toBe(false);
      expect(await continues(earlier, { size: to, root: other }, proof), `${from} to another ${to}`).toBe(false);
    }
});

it('tells growth, rest, loss, another history and another log apart', async () => {
  const judge = async (kept: string | null, newest: string, answer = prove) => judgeContinuation(kept, newest, answer);
  expect(await judge(null, await noteOf(5))).toBe('new');
  expect(await judge(await noteOf(5, 'log.example/audit/gap/1'), await noteOf(9))).toBe('new');
  expect(await judge(await noteOf(5), await noteOf(5))).toBe('same');
  expect(await judge(await noteOf(5), await noteOf(13))).toBe('grown');
  expect(await judge(await noteOf(13), await noteOf(5))).toBe('behind');
  const rewritten = await rootOf(leaves.slice(0, 5).toReversed());
  expect(await judge(await noteOf(5, undefined, rewritten), await noteOf(13))).toBe('fork');
  expect(await judge(await noteOf(5, undefined, rewritten), await noteOf(5))).toBe('fork');
  for (const nonsense of ['', 'nonsense\n', `${base64(leaves[0] ?? new Uint8Array())}\n`.repeat(9)])
    expect(await judge(await noteOf(5), await noteOf(13), async () => nonsense)).toBe('fork');
});
