import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { verifyCommand } from '@sallyport/server/cli/commands/verify.ts';
import { runCommandLine } from '@sallyport/server/cli/sallyport.ts';
import { writePack } from '@sallyport/server/evidence/pack/write-pack.ts';
import { makeConsistencyProof } from '@sallyport/server/transparency/consistency-proof.ts';
import { generateSignerKey, printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesOf, type MadeLog, madeLog, ORIGIN, packContents, signWith, writeTiles } from '../../helpers/made-log.ts';

const SIZE = 600;
let folder: string;
let log: MadeLog;
let key: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-command-'));
  log = madeLog(SIZE);
  key = printVerifierKey(log.key.verifier);
  await writeTiles(at('tiles'), log, SIZE);
  await writeFile(at('lines'), linesOf(log.entries));
  await writeFile(at('bad'), linesOf(log.entries.toSpliced(123, 1)));
  for (const size of [200, SIZE]) await writeFile(at(`c${size}`), log.checkpoint(size, { cosigned: true }));
  await pipeline(writePack(await packContents(log, { size: SIZE, begin: 0, end: 10, indexes: [1, 2, 7] }), signWith(log.key)), createWriteStream(at('pack.zip')));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function command(...words: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const said: string[] = [];
  return { code: await verifyCommand.run(words, (line) => said.push(line)), said: said.join('\n') };
}
const trusted = (): string[] => ['--origin', ORIGIN, '--key', key];

describe('C1: sallyport verify', () => {
  test('says in plain words what is intact, and answers 0', async () => {
    const pack = await command(at('pack.zip'), ...trusted());
    expect(pack).toMatchObject({ code: 0 });
    expect(pack.said).toMatch(/^INTACT\n/);
    expect(pack.said).toContain('selected from entries 0 to 9: 3 disclosed, 7 not disclosed');
    expect(pack.said).toContain('not disclosed: entries 3 to 6');
    expect(await command(at('tiles'), ...trusted(), '--checkpoint', at('c200'))).toMatchObject({
      code: 0,
      said: expect.stringContaining('your checkpoint of 200 entries') as unknown,
    });
    const witnessed = await command(
      at('lines'),
      ...trusted(),
      '--checkpoint',
      at('c600'),
      '--witness',
      printVerifierKey(log.witness.verifier),
      '--least-cosignatures',
      '1',
      '--threads',
      '1',
    );
    expect(witnessed).toMatchObject({ code: 0, said: expect.stringContaining('seen by the witness witness.example at 2026-11-21T09:00:00Z') as unknown });
  });

  test('names what is not, and answers 1', async () => {
    const range = await command(at('bad'), ...trusted(), '--checkpoint', at('c600'), '--checkpoint', at('c200'));
    expect(range).toMatchObject({ code: 1, said: expect.stringContaining('is one of entries 0 to 199') as unknown });
    const named = await command(at('bad'), ...trusted(), '--checkpoint', at('c600'), '--tiles', at('tiles'), '--json');
    expect(named.code).toBe(1);
    expect(JSON.parse(named.said)).toMatchObject({ intact: false, kind: 'entries', faults: [{ fault: 'altered', firstBad: { begin: 123, end: 124 } }] });
    const stranger = await command(at('pack.zip'), '--origin', ORIGIN, '--key', printVerifierKey(generateSignerKey(ORIGIN).verifier));
    expect(stranger).toMatchObject({ code: 1, said: expect.stringMatching(/^NOT INTACT/) as unknown });
    const undecided = await command(at('pack.zip'), ...trusted(), '--checkpoint', at('c200'));
    expect(undecided).toMatchObject({ code: 1, said: expect.stringMatching(/^NOT SHOWN/) as unknown });
    await writeFile(at('consistency'), (await makeConsistencyProof(log.reader, 200, SIZE)).map((hash) => `${hash.toString('base64')}\n`).join(''));
    expect(await command(at('pack.zip'), ...trusted(), '--checkpoint', at('c200'), '--consistency', at('consistency'))).toMatchObject({ code: 0 });
    expect(await command(at('lines'), '--origin', ORIGIN, '--key', `${key}@599`, '--checkpoint', at('c600'))).toMatchObject({ code: 1 });
    expect(await command(at('lines'), '--origin', ORIGIN, '--key', `${key}@600`, '--checkpoint', at('c600'))).toMatchObject({ code: 0 });
  });

  test.each<[string, (good: readonly string[]) => readonly string[]]>([
    ['nothing', () => []],
    ['no key', () => ['lines', '--origin', ORIGIN]],
    ['no origin', (good) => ['lines', ...good.slice(2)]],
    ['two files', (good) => ['lines', 'lines', ...good]],
    ['an unknown option', (good) => ['lines', ...good, '--trust-me']],
    ['a key that is none', () => ['lines', '--origin', ORIGIN, '--key', 'x+1+y']],
    ['a witness’s key for the log', () => ['lines', '--origin', ORIGIN, '--key', printVerifierKey(log.witness.verifier)]],
    ['more cosignatures than witnesses', (good) => ['lines', ...good, '--least-cosignatures', '1']],
    ['half a thread', (good) => ['lines', ...good, '--threads', '0.5']],
    ['no thread', (good) => ['lines', ...good, '--threads', '0']],
    ['an unknown format', (good) => ['lines', ...good, '--format', 'xml']],
    ['entries without a checkpoint', (good) => [at('lines'), ...good]],
    ['a checkpoint that is not there', (good) => [at('lines'), ...good, '--checkpoint', at('nowhere')]],
    ['a proof that is none', (good) => [at('pack.zip'), ...good, '--checkpoint', at('c200'), '--consistency', at('lines')]],
    ['a file that is not there', (good) => [at('nowhere'), ...good]],
    ['a folder without a log', (good) => [folder, ...good]],
  ])('does not understand %s, and answers 2', async (_what, words) => {
    expect(await command(...words(trusted()))).toMatchObject({ code: 2 });
  });

  test('is a command of the command line, and runs where there is no database, no configuration and no home', async () => {
    const said: string[] = [];
    expect(await runCommandLine(['verify', at('pack.zip'), ...trusted()], (line) => said.push(line))).toBe(0);
    const program = fileURLToPath(new URL('../../../server/src/cli/sallyport.ts', import.meta.url));
    // Settings that the gateway would refuse to start with.
    const child = spawn(process.execPath, [program, 'verify', at('lines'), ...trusted(), '--checkpoint', at('c600')], {
      cwd: '/',
      env: { DATABASE_URL: 'nonsense', KEY_FILE: '/nowhere/keys', PORT: '-1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const closed = new Promise((settle) => child.once('close', settle));
    const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect({ code: await closed, errors }).toEqual({ code: 0, errors: '' });
    expect(out).toMatch(/^INTACT\n/);
  });
});
