import { parseCheckpoint } from '@sallyport/server/transparency/checkpoint.ts';
import { parseNote } from '@sallyport/server/transparency/note.ts';
import type { SignedHead } from '@sallyport/server/integrity/anchors/anchor.ts';
import { type Judgement, judgeCheckpoint } from '@sallyport/server/witness/judge-checkpoint.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { flipBit } from '../transparency/reference-tree.ts';
import { growLog, type GrowingLog } from './growing-log.ts';

const MOST = 17;
let honest: GrowingLog;
beforeAll(async () => {
  honest = await growLog({ most: MOST });
});
const offer = ({ note }: SignedHead) => parseCheckpoint(parseNote(note).text);
const status = (judgement: Judgement): number => (judgement.cosign ? 200 : judgement.status);
const proofOf = async (log: GrowingLog, from: number, to: number) => (from === 0 || from >= to ? [] : log.prove(from, to));

describe('H12: which checkpoints a witness cosigns', () => {
  test('an honest log, at every pair of sizes and every claim of an old size', async () => {
    for (let last = 0; last <= MOST; last++)
      for (let offered = 0; offered <= MOST; offered++)
        for (let oldSize = 0; oldSize <= MOST; oldSize++) {
          const latest = last === 0 ? null : honest.head(last);
          const judgement = judgeCheckpoint(latest, offer(honest.head(offered)), { oldSize, proof: await proofOf(honest, oldSize, offered) });
          const expected = oldSize > offered ? 400 : oldSize === last ? 200 : 409;
          expect([last, offered, oldSize, status(judgement)]).toEqual([last, offered, oldSize, expected]);
          if (!judgement.cosign) expect(judgement.contradiction).toBe(offered < last ? 'rollback' : null);
        }
  });

  test('a log that forks anywhere before what was cosigned is refused at every later size, with the proof of either history', async () => {
    for (let forksAt = 0; forksAt < MOST; forksAt++) {
      const forked = await growLog({ key: honest.key, forksAt, most: MOST });
      for (let last = forksAt + 1; last <= MOST; last++)
        for (let offered = last; offered <= MOST; offered++)
          for (const proofFrom of [honest, forked]) {
            const judgement = judgeCheckpoint(honest.head(last), offer(forked.head(offered)), { oldSize: last, proof: await proofOf(proofFrom, last, offered) });
            expect(judgement).toEqual({ cosign: false, status: 422, contradiction: offered === last ? 'split-view' : 'unproven' });
          }
    }
  });

  test('a split view is one whatever old size is claimed', async () => {
    const forked = await growLog({ key: honest.key, forksAt: 3, most: MOST });
    for (const [oldSize, expected] of [
      [0, 409],
      [5, 409],
      [9, 422],
      [10, 400],
    ] as const)
      expect(judgeCheckpoint(honest.head(9), offer(forked.head(9)), { oldSize, proof: [] })).toEqual({ cosign: false, status: expected, contradiction: 'split-view' });
  });

  test('a proof with any bit flipped, a hash less, a hash more or in another order is refused', async () => {
    const [older, newer] = [honest.head(6), offer(honest.head(13))];
    const proof = [...(await honest.prove(6, 13))];
    expect(status(judgeCheckpoint(older, newer, { oldSize: 6, proof }))).toBe(200);
    const [first] = proof;
    if (first === undefined) throw new Error('The proof has hashes');
    const wrong = [proof.slice(1), proof.slice(0, -1), [...proof, first], [first, ...proof], [...proof].reverse(), []];
    for (const [place, hash] of proof.entries()) for (let bit = 0; bit < 256; bit += 37) wrong.push(proof.with(place, flipBit(hash, bit)));
    for (const bad of wrong) expect(judgeCheckpoint(older, newer, { oldSize: 6, proof: bad })).toEqual({ cosign: false, status: 422, contradiction: 'unproven' });
  });

  test('nothing is to be proven from nothing or from the same, so a proof is refused there', async () => {
    const proof = await honest.prove(6, 13);
    expect(judgeCheckpoint(null, offer(honest.head(13)), { oldSize: 0, proof })).toEqual({ cosign: false, status: 422, contradiction: null });
    expect(judgeCheckpoint(honest.head(13), offer(honest.head(13)), { oldSize: 13, proof })).toEqual({ cosign: false, status: 422, contradiction: null });
  });

  test('an empty log has one root', () => {
    const empty = offer(honest.head(0));
    expect(status(judgeCheckpoint(null, empty, { oldSize: 0, proof: [] }))).toBe(200);
    expect(status(judgeCheckpoint(null, { ...empty, root: Buffer.alloc(32) }, { oldSize: 0, proof: [] }))).toBe(422);
  });
});
