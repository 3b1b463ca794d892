import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { concerns, hearNews, onNews, type Topic } from './live.ts';

class FakeSource extends EventTarget {
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 1;
  constructor() {
    super();
    FakeSource.opened.push(this);
  }
  close(): void {
    this.readyState = 2;
  }
  say(data: string): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
  refuse(): void {
    this.readyState = 2;
    this.dispatchEvent(new Event('error'));
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const turn = (state: string): void => {
  page.visibilityState = state;
  page.dispatchEvent(new Event('visibilitychange'));
};
let heard: Topic[][] = [];
let stops: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('document', page);
  page.visibilityState = 'visible';
  FakeSource.opened = [];
  heard = [];
  stops = [onNews((topics) => heard.push([...topics])), hearNews()];
});
afterEach(() => {
  for (const stop of stops) stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
const source = (): FakeSource => FakeSource.opened.at(-1) as FakeSource;

describe('news from the gateway (I14)', () => {
  it('tells names of what changed, and nothing of what is no news', () => {
    source().say('{"topic":"approvals"}');
    source().say('nonsense');
    source().say('{"topic":7}');
    expect(heard).toEqual([['approvals']]);
    expect([concerns(new Set(['everything']), 'approvals'), concerns(new Set(['viewer']), 'approvals')]).toEqual([true, false]);
  });

  it('does not keep an idle session alive: what comes while nobody is there waits for a sign of life', () => {
    vi.advanceTimersByTime(121_000);
    source().say('{"topic":"approvals"}');
    source().say('{"topic":"viewer"}');
    expect(heard).toEqual([]);
    page.dispatchEvent(new Event('keydown'));
    expect(heard).toEqual([['approvals', 'viewer']]);
  });

  it('asks every half minute where there is no stream, and only while somebody is there', () => {
    source().refuse();
    vi.advanceTimersByTime(30_000);
    expect(heard).toEqual([['everything']]);
    vi.advanceTimersByTime(300_000);
    expect(heard.length).toBeLessThanOrEqual(4);
    const before = FakeSource.opened.length;
    page.dispatchEvent(new Event('pointerdown'));
    expect(FakeSource.opened.length).toBe(before + 1);
  });

  it('gives its stream up while the page is out of view, and takes everything for changed when it is back', () => {
    const first = source();
    turn('hidden');
    expect(first.readyState).toBe(2);
    turn('visible');
    expect([FakeSource.opened.length, heard]).toEqual([2, [['everything']]]);
  });

  it('an ended session is asked about at once', () => {
    source().dispatchEvent(Object.assign(new Event('ended'), { data: '{"reason":"session-over"}' }));
    expect(heard).toEqual([['viewer']]);
  });
});
