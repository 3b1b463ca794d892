import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { readAnnouncement } from '@sallyport/server/http/live/announcements.ts';
import { createLiveStreams, STREAMS_PER_SESSION } from '@sallyport/server/http/live/live-streams.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readStream } from '../../helpers/event-source.ts';

const viewerOf = (session: string): Viewer => {
  const person = { id: `person of ${session}`, email: 'a@sallyport.example', displayName: 'A', personId: 'a' };
  return {
    actor: person,
    subject: person,
    session: { id: session, mode: 'normal', secondFactor: 'totp', ip: '127.0.0.1', createdAt: '', expiresAt: '' },
    token: null,
    breakGlass: null,
    grants: [],
    rights: new Map(),
  };
};
/** Streams over sessions that live until they are taken out of the map. */
function openHouse(most?: number) {
  const alive = new Map<string, Viewer>();
  const readings: string[][] = [];
  const faults = { down: false, hold: null as Promise<void> | null };
  const live = createLiveStreams({
    readViewers: async (ids) => {
      readings.push([...ids]);
      await faults.hold;
      if (faults.down) throw new Error('down');
      return new Map(ids.flatMap((id) => (alive.has(id) ? [[id, alive.get(id) as Viewer] as const] : [])));
    },
    log: createLog('silent'),
    ...(most === undefined ? {} : { most }),
  });
  const enter = (session: string) => {
    alive.set(session, viewerOf(session));
    return live.open(viewerOf(session));
  };
  return { live, alive, readings, faults, enter, read: (session: string) => readStream(new Response(enter(session))) };
}
const toAll = (topic: string) => ({ topic, person: null, tenant: null });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('bounds', () => {
  test('so many streams a session, so many a process, and none once the gateway ends', () => {
    const { live, enter } = openHouse(STREAMS_PER_SESSION + 2);
    for (let at = 0; at < STREAMS_PER_SESSION; at += 1) enter('a');
    expect(() => enter('a')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    enter('b');
    enter('c');
    expect(() => enter('d')).toThrow(GatewayError);
    expect(live.count()).toBe(STREAMS_PER_SESSION + 2);
    live.close();
    expect(live.count()).toBe(0);
    expect(() => enter('a')).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  });

  test('a reader that does not read is dropped, the others go on, and nobody pays for it', async () => {
    const { live, enter, read } = openHouse();
    const idle = enter('idle');
    const busy = read('busy');
    for (let round = 0; round < 60; round += 1) {
      for (let at = 0; at < 15; at += 1) live.announce(toAll(`topic-${'abcdefghijklmno'[at]}`));
      await pass(60);
    }
    expect(live.count()).toBe(1);
    expect(busy.endedAt()).toBeNull();
    expect(busy.seen.length).toBe(900);
    await expect(idle.getReader().read()).rejects.toThrow('too slow');
    live.close();
  });

  test('a flood of names becomes one, and a flood of announcements few readings', async () => {
    const { live, read, readings } = openHouse();
    const stream = read('a');
    await pass(100);
    const before = readings.length;
    for (let at = 0; at < 5_000; at += 1) live.announce(toAll(`t${String.fromCharCode(97 + (at % 26))}${String.fromCharCode(97 + ((at * 7) % 23))}`));
    await pass(100);
    expect(stream.topics()).toContain('everything');
    expect(stream.topics().length).toBeLessThanOrEqual(21);
    expect(readings.length - before).toBeLessThanOrEqual(2);
    live.close();
  });
});

test('all sessions are read in one statement, each once, and every stream at least every three seconds', async () => {
  const { live, read, readings } = openHouse();
  for (const session of ['a', 'a', 'b', 'c']) read(session);
  await pass(100);
  readings.length = 0;
  await pass(30_000);
  expect(readings.length).toBeGreaterThanOrEqual(10);
  for (const reading of readings) expect(reading.toSorted()).toEqual(['a', 'b', 'c']);
  live.close();
});

test('a stream that carries nothing says so every fifteen seconds, whatever others hear (I15)', async () => {
  const { live, read } = openHouse();
  const [quiet, addressed] = [read('a'), read('b')];
  for (let second = 0; second < 61; second += 1) {
    await pass(1_000);
    live.announce({ topic: 'news', person: 'person of b', tenant: null });
  }
  expect(quiet.heartbeats()).toBeGreaterThanOrEqual(3);
  expect(quiet.heartbeats()).toBeLessThanOrEqual(4);
  expect(quiet.topics()).toEqual([]);
  expect(addressed.topics().length).toBeGreaterThan(50);
  live.close();
});

test('I14 what is announced while the statement runs waits for a younger one', async () => {
  const { live, alive, faults, read, readings } = openHouse();
  const stream = read('a');
  await pass(100);
  let release = (): void => undefined;
  faults.hold = new Promise((resolve) => {
    release = resolve;
  });
  live.announce(toAll('first'));
  await pass(60);
  const running = readings.length;
  // The statement has seen the session alive; it ends, and something is announced, before the answer is here.
  live.announce(toAll('second'));
  faults.hold = null;
  release();
  await pass(10);
  expect(stream.topics()).toEqual(['first']);
  alive.delete('a');
  await pass(100);
  expect(readings.length).toBe(running + 1);
  expect(stream.seen.map(({ data }) => data)).toEqual([{ topic: 'first' }, { reason: 'session-over' }]);
});

test('Inv12 a database that does not answer, or answers with an error, ends the stream within five seconds; what waited is not said', async () => {
  for (const fault of ['down', 'hanging'] as const) {
    const { live, faults, read } = openHouse();
    const stream = read('a');
    await pass(100);
    if (fault === 'down') faults.down = true;
    else faults.hold = new Promise(() => undefined);
    live.announce(toAll('approvals'));
    await pass(3_000);
    expect(stream.endedAt()).toBeNull();
    await pass(2_000);
    expect(stream.endedAt()).not.toBeNull();
    expect(stream.seen).toEqual([{ name: 'ended', data: { reason: 'unverified' } }]);
    live.close();
  }
});

test('what waited while the database was away is said once it is back', async () => {
  const { live, faults, read } = openHouse();
  const stream = read('a');
  await pass(100);
  faults.down = true;
  live.announce(toAll('approvals'));
  await pass(2_600);
  expect(stream.topics()).toEqual([]);
  faults.down = false;
  await pass(600);
  expect(stream.topics()).toEqual(['approvals']);
  live.close();
});

test("a session that is suddenly somebody else's is over", async () => {
  const { alive, read, live } = openHouse();
  const stream = read('a');
  await pass(100);
  alive.set('a', viewerOf('z'));
  await pass(3_000);
  expect(stream.seen).toEqual([{ name: 'ended', data: { reason: 'session-over' } }]);
  expect(live.count()).toBe(0);
});

test('an announcement is read strictly', () => {
  expect(readAnnouncement('{"topic":"approvals"}')).toEqual({ topic: 'approvals', person: null, tenant: null });
  for (const payload of [undefined, '', 'x', '[]', '{}', '{"topic":"a b"}', '{"topic":"a","person":"x"}', '{"topic":"a","extra":1}']) expect(readAnnouncement(payload)).toBeNull();
});
