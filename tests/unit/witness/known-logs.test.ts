import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSignerKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { openKnownLogs, parseLogOption, parseLogs } from '@sallyport/server/witness/known-logs.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const [one, two] = [generateSignerKey('log.example/one').verifier, generateSignerKey('log.example/two').verifier];
const [ONE, TWO] = [printVerifierKey(one), printVerifierKey(two)];
const refusal = (text: RegExp): unknown => expect.objectContaining({ name: 'WitnessRefusal', message: expect.stringMatching(text) as unknown });

describe('H10: the logs that a witness knows', () => {
  test('several keys of a log, an origin with spaces, comments and empty lines', () => {
    const logs = parseLogs(`# both keys\nlog.example ${ONE}\n\nlog.example ${TWO}\r\ngo.sum database tree ${ONE}\n`);
    expect([...logs].map(([origin, keys]) => [origin, keys.map(({ name }) => name)])).toEqual([
      ['log.example', ['log.example/one', 'log.example/two']],
      ['go.sum database tree', ['log.example/one']],
    ]);
  });

  test.each([
    ['a key without origin', ONE, /Line 1 .* no origin/],
    ['an origin without key', '\nlog.example', /Line 2/],
    ['a witness key', `log.example ${printVerifierKey(generateSignerKey('w', 'cosignature').verifier)}`, /Ed25519 verifier key of a log/],
    ['a key whose ID is not its own', `log.example ${ONE.replace(/\+[0-9a-f]{8}\+/, '+00000000+')}`, /Line 1/],
  ])('%s is refused by its line', (_what, text, message) => {
    expect(() => parseLogs(text)).toThrow(refusal(message));
  });

  test('the key on the command line may hold equals signs', () => {
    expect(parseLogOption(`log.example=${ONE}`).get('log.example')).toEqual([one]);
    expect(() => parseLogOption(ONE)).toThrow(refusal(/--log/));
    expect(() => parseLogOption(`=${ONE}`)).toThrow(refusal(/no origin/));
  });
});

describe('H10: the file of logs', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-known-logs-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('it is read again when it changes, a key that is gone counts no more, and an unfinished edit changes nothing', async () => {
    const file = join(folder, 'logs');
    const complaints: string[] = [];
    await writeFile(file, `log.example ${ONE}\n`);
    const logs = await openKnownLogs([parseLogOption(`other.example=${TWO}`)], file, (text) => complaints.push(text));
    expect(await logs.keysOf('log.example')).toEqual([one]);
    expect(await logs.keysOf('log.example/2')).toBeNull();
    await writeFile(file, `log.example ${TWO}\nlog.example/2 ${ONE}\n`);
    expect(await logs.keysOf('log.example')).toEqual([two]);
    expect(await logs.keysOf('log.example/2')).toEqual([one]);
    await writeFile(file, `log.example ${TWO.slice(0, -9)}\n`);
    expect(await logs.keysOf('log.example')).toEqual([two]);
    expect(await logs.keysOf('log.example')).toEqual([two]);
    expect(complaints).toEqual([expect.stringMatching(/^Line 1 .* stays in force\.$/)]);
    await rm(file);
    expect(await logs.keysOf('log.example')).toEqual([two]);
    await writeFile(file, '# none\n');
    expect(await logs.keysOf('log.example')).toBeNull();
    expect(await logs.origins()).toEqual(['other.example']);
  });

  test('a witness does not start without the file that it was given', async () => {
    await expect(openKnownLogs([], join(folder, 'none'), () => undefined)).rejects.toThrow(refusal(/ENOENT/));
  });
});
