import { setTimeout as wait } from 'node:timers/promises';
import type { SignedHead } from '@sallyport/server/integrity/anchors/anchor.ts';
import type { Anchors } from '@sallyport/server/integrity/anchors/create-anchors.ts';
import { type Anchoring, type AnchoringOptions, startAnchoring } from '@sallyport/server/integrity/anchors/start-anchoring.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { growLog, type GrowingLog } from './growing-log.ts';

let log: GrowingLog;
beforeAll(async () => {
  log = await growLog();
});
const started: Anchoring[] = [];
afterEach(async () => {
  for (const anchoring of started.splice(0)) await anchoring.stop();
});

function start(options: Partial<AnchoringOptions> & { readonly anchor?: Anchors['anchor'] } = {}) {
  const sizes: number[] = [];
  let size = 1;
  const anchors: Anchors = {
    anchor: async (head: SignedHead, prove) => {
      sizes.push(head.size);
      return options.anchor?.(head, prove) ?? [];
    },
    lastSeen: async () => ({ seen: [], unanswered: [], problems: [] }),
    states: () => [],
  };
  const anchoring = startAnchoring({
    anchors,
    latest: async () => log.head(size),
    prove: log.prove,
    alone: async (work) => {
      await work();
      return true;
    },
    log: createLog('silent'),
    everyMs: 60_000,
    soonMs: 30,
    ...options,
  });
  started.push(anchoring);
  return { anchoring, sizes, grow: () => (size += 1) };
}

describe('H09: when checkpoints leave the database', () => {
  test('soon after the start and soon after a change, many changes at once in one turn', async () => {
    const { anchoring, sizes, grow } = start();
    await vi.waitFor(() => expect(sizes).toEqual([1]));
    for (let change = 0; change < 20; change++) {
      grow();
      anchoring.changed();
    }
    await vi.waitFor(() => expect(sizes).toEqual([1, 21]));
    await wait(100);
    expect(sizes).toEqual([1, 21]);
  });

  test('at regular times though nothing changes', async () => {
    const { sizes } = start({ everyMs: 40 });
    await vi.waitFor(() => expect(sizes.length).toBeGreaterThan(3));
  });

  test('what changes during a turn has a turn of its own, and turns never overlap', async () => {
    let running = 0;
    let most = 0;
    const { anchoring, sizes, grow } = start({
      anchor: async () => {
        running += 1;
        most = Math.max(most, running);
        await wait(80);
        running -= 1;
        return [];
      },
    });
    await vi.waitFor(() => expect(sizes).toEqual([1]));
    grow();
    anchoring.changed();
    await Promise.all([anchoring.turn(), anchoring.turn()]);
    await vi.waitFor(() => expect(sizes.at(-1)).toBe(2));
    expect(most).toBe(1);
  });

  test.each<[string, Partial<AnchoringOptions>]>([
    ['the database', { latest: async () => Promise.reject(new Error('no connection')) }],
    ['the lock', { alone: async () => Promise.reject(new Error('no connection')) }],
    ['whoever keeps the results', { onResults: async () => Promise.reject(new Error('full')) }],
  ])('a failure of %s reaches nobody, and the next turn comes', async (_what, options) => {
    const asked = vi.fn();
    const [[name, work] = ['latest', async () => null]] = Object.entries(options) as [string, (...words: unknown[]) => Promise<unknown>][];
    const { anchoring } = start({
      ...options,
      everyMs: 40,
      [name]: (...words: unknown[]) => {
        asked();
        return work(...words);
      },
    });
    await expect(anchoring.turn()).resolves.toBeUndefined();
    await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(2));
  });

  test('nothing leaves while another process anchors, while the log is halted, and after the end', async () => {
    const busy = start({ alone: async () => false });
    const halted = start({ latest: async () => null });
    await busy.anchoring.turn();
    await halted.anchoring.turn();
    expect([busy.sizes, halted.sizes]).toEqual([[], []]);
    const ended = start();
    await ended.anchoring.stop();
    ended.anchoring.changed();
    await ended.anchoring.turn();
    await wait(60);
    expect(ended.sizes).toEqual([]);
  });
});
