import { createGroupCommit } from '@sallyport/server/audit/group-commit.ts';
import { describe, expect, test } from 'vitest';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  test('what arrives while a batch is written goes together into the next', async () => {
    const batches: number[][] = [];
    const commits = createGroupCommit<number>(async (items) => {
      batches.push([...items]);
      await turn();
    }, 100);
    const first = commits.add(0);
    await Promise.resolve().then(() => undefined);
    const rest = [1, 2, 3].map((item) => commits.add(item));
    await Promise.all([first, ...rest]);
    expect(batches).toEqual([[0], [1, 2, 3]]);
  });

  test('no batch is larger than the limit and order is kept', async () => {
    const batches: number[][] = [];
    const commits = createGroupCommit<number>(async (items) => void batches.push([...items]), 4);
    await Promise.all(Array.from({ length: 10 }, (_, item) => commits.add(item)));
    expect(batches).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });

  test('H21: when the database does not keep up, callers are refused instead of memory filled', async () => {
    let release: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    const commits = createGroupCommit<number>(() => stuck, 1, 3);
    const waiting = [0, 1, 2].map((item) => commits.add(item));
    await expect(commits.add(3)).rejects.toThrow('waiting');
    release();
    await Promise.all(waiting);
  });

  test('a lost connection fails the whole batch at once, later ones are tried anew', async () => {
    let calls = 0;
    const commits = createGroupCommit<number>(async () => {
      calls += 1;
      if (calls === 1) throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    }, 10);
    const results = await Promise.allSettled([commits.add(1), commits.add(2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toBe(1);
    await commits.add(3);
    await commits.drain();
    expect(calls).toBe(2);
  });
});
