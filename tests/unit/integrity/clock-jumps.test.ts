import { type Edge, jumpsIn } from '@sallyport/server/integrity/clock/notice-jumps.ts';
import { MOST_BACK_SECONDS } from '@sallyport/server/transparency/entry-time.ts';
import { EntryTimes } from '@sallyport/server/verify/entry-times.ts';
import { describe, expect, test } from 'vitest';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const edge = (index: number, seconds: number): Edge => ({ index, ms: NOW + seconds * 1000 });
const causes = (before: Edge | undefined, first: Edge, last: Edge) => jumpsIn(before, first, last, NOW).map(({ cause, index }) => [cause, index]);

describe('H19: what the edges of a round of sealing say of the clock', () => {
  test.each<[string, Edge | undefined, Edge, Edge, readonly (readonly [string, number])[]]>([
    ['the first round of all', undefined, edge(0, -5), edge(3, 0), []],
    ['in order', edge(3, -2), edge(4, -1), edge(5, 0), []],
    ['changed places within a minute', edge(3, 0), edge(4, -MOST_BACK_SECONDS), edge(5, -1), []],
    ['an hour back', edge(3, 0), edge(4, -3600), edge(5, -3599), [['order', 4]]],
    ['an hour back and on from there', edge(3, -3600), edge(4, -3599), edge(5, -3598), []],
    ['a little ahead of the host', edge(3, 0), edge(4, 1), edge(5, 4.9), []],
    ['an hour ahead', edge(3, 0), edge(4, 1), edge(5, 3600), [['ahead', 5]]],
    ['still an hour ahead', edge(3, 3600), edge(4, 3601), edge(5, 3602), []],
    ['from ahead to the right time', edge(3, 3600), edge(4, 0), edge(5, 0), [['order', 4]]],
    ['from two hours ahead to one', edge(3, 7200), edge(4, 3600), edge(5, 3600), [['order', 4]]],
  ])('%s', (_what, before, first, last, expected) => {
    expect(causes(before, first, last)).toEqual(expected);
  });
});

const entry = (time: string, more = ''): Buffer =>
  Buffer.from(`{"detail":{"time":"1999-01-01T00:00:00.000000Z"},"kind":"x"${more},"time":"${time}","userAgent":"\\"time\\":\\"1998"}`);
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString().replace('Z', '000Z');

describe('H19: what the offline verifier remarks', () => {
  test('entries that go back by more than a minute, by the time of the event itself, whatever its texts say', () => {
    const times = new EntryTimes();
    for (const [index, seconds] of [0, 10, -40, 20, -3600, -3599, 5].entries()) times.pass(index, entry(at(seconds)));
    expect(times.notes()).toEqual([expect.stringMatching(/^Entry 4 is 3620 s earlier/)]);
  });

  test('the same whole or in stretches, with absent entries and without, and no more than a few by name', () => {
    const clock = [0, -100, 0, -100, Number.NaN, 0, -100, 0, -100, 0, -100, 0, -100, 0, -100];
    const whole = new EntryTimes();
    const joined = new EntryTimes();
    for (let from = 0; from < clock.length; from += 4) {
      const stretch = new EntryTimes();
      for (const [place, seconds] of clock.slice(from, from + 4).entries())
        for (const times of [whole, stretch]) times.pass(from + place, Number.isNaN(seconds) ? Buffer.alloc(0) : entry(at(seconds)));
      joined.append(stretch.finish());
    }
    joined.append(new EntryTimes().finish());
    expect(joined.notes()).toEqual(whole.notes());
    expect(whole.notes().map((note) => note.split(' ').slice(0, 2).join(' '))).toEqual(['Entry 1', 'Entry 3', 'Entry 6', 'Entry 8', 'Entry 10', '2 more']);
  });

  test('what is no event, or no time, is passed over', () => {
    const times = new EntryTimes();
    for (const [index, bytes] of ['', '{}', '{"time":"', '{"time":"tomorrow"}', '{"time":"0000"}'].entries()) times.pass(index, Buffer.from(bytes));
    expect(times.notes()).toEqual([]);
  });
});
