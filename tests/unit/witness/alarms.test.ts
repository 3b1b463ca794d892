import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Alarm, openAlarms } from '@sallyport/server/witness/alarms.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-alarms-'));
  path = join(folder, 'alarms.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const AT = new Date('2026-11-21T09:00:00Z');
const alarm = (refused: string, contradiction: Alarm['contradiction'] = 'split-view'): Alarm => ({ contradiction, proven: true, origin: 'log.example', cosigned: 'kept', refused });
const open = (told: string[] = []) =>
  openAlarms(
    path,
    () => AT,
    (text) => told.push(text),
  );
const lines = async () =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Alarm & { time: string });

describe('H12: alarms of a witness', () => {
  test('each is a line of its own in the file and to the operator, once, a restart in between', async () => {
    const told: string[] = [];
    const first = await open(told);
    await first.raise(alarm('one\ntwo'));
    await first.raise(alarm('one\ntwo'));
    await first.raise(alarm('one\ntwo', 'rollback'));
    await (await open(told)).raise(alarm('one\ntwo'));
    await (await open(told)).raise(alarm('three'));
    expect(await lines()).toEqual([
      { time: AT.toISOString(), ...alarm('one\ntwo') },
      { time: AT.toISOString(), ...alarm('one\ntwo', 'rollback') },
      { time: AT.toISOString(), ...alarm('three') },
    ]);
    expect(told).toHaveLength(3);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('a line that was cut off spoils no other', async () => {
    await (await open()).raise(alarm('one'));
    await appendFile(path, '{"contradiction":"split-view","refu');
    await (await open()).raise(alarm('two'));
    const [first, torn, second, end] = (await readFile(path, 'utf8')).split('\n');
    expect([JSON.parse(first ?? ''), torn, JSON.parse(second ?? ''), end]).toMatchObject([{ refused: 'one' }, '{"contradiction":"split-view","refu', { refused: 'two' }, '']);
  });

  test('a flood of what proves nothing does not silence what is proven', async () => {
    const old = (number: number): Alarm => ({ ...alarm(`old ${number}`, 'rollback'), proven: false });
    await writeFile(path, Array.from({ length: 10_000 }, (_, number) => `${JSON.stringify(old(number))}\n`).join(''));
    const alarms = await open();
    await alarms.raise(old(10_000));
    expect(await lines()).toHaveLength(10_000);
    await alarms.raise(alarm('two histories'));
    expect((await lines()).at(-1)).toMatchObject({ proven: true, refused: 'two histories' });
  });

  test('many at once are as many lines', async () => {
    const alarms = await open();
    await Promise.all(Array.from({ length: 50 }, (_, number) => alarms.raise(alarm(`note ${number}`))));
    expect(new Set((await lines()).map(({ refused }) => refused)).size).toBe(50);
  });
});
