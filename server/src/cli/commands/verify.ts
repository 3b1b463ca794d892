import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';

const HELP = [
  'npm run --silent -- sallyport verify <evidence pack | folder of tiles | file of entries> --origin NAME --key KEY',
  '',
  'Checks offline that what the log handed out is what it signed. Needs no database, no network and no secret. Origin and keys are',
  'yours: get them by another way than the file that you check.',
  '',
  '  --origin NAME            name of the log, the first line of its checkpoints',
  '  --key KEY                verifier key of the log; again for each further one. KEY@SIZE: retired, good up to that many entries',
  '  --witness KEY            verifier key of a witness; again for each further one',
  '  --least-cosignatures N   how many of these witnesses have to have seen the newest checkpoint (0)',
  '  --checkpoint FILE        a checkpoint that you kept or that a witness has; again for each further one. A rewritten tail and a',
  '                           restored backup show only against one from outside',
  "  --consistency FILE       for a pack: the log's consistency proof between its checkpoint and yours, a hash in base64 on each line",
  '  --retention FILE         for entries: the signed statement of which may be absent',
  "  --tiles FOLDER           for a file of entries: the log's tiles, with which the first bad entry is named exactly",
  '  --format lines|bundles   of a file of entries, when it cannot be told from the file',
  '  --threads N              threads that hash (2)',
  '  --json                   the report as JSON',
  '',
  'Exit code: 0 intact, 1 not intact or not shown to be, 2 not understood.',
].join('\n');

const MOST_CHECKPOINT_BYTES = 4_000_000;

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'Checks an evidence pack, tiles or entries of the log offline.',
  help: HELP,
  async run(words, write) {
    const options = readWords(words);
    if (options === null) {
      write(HELP);
      return 2;
    }
    // Read only when asked for: the command line starts without them.
    const [{ verify, VerifyTargetFault }, { reportText }, { readTrust }] = await Promise.all([
      import('../../verify/verify.ts'),
      import('../../verify/report-text.ts'),
      import('../../verify/read-trust.ts'),
    ]);
    const trust = readTrust(options);
    if (typeof trust === 'string') {
      write(trust);
      return 2;
    }
    try {
      const [checkpoints, retention, consistency] = await Promise.all([
        Promise.all(options.checkpoint.map(async (file) => ({ file, note: await readGiven(file) }))),
        options.retention === undefined ? undefined : readGiven(options.retention),
        options.consistency === undefined ? undefined : readGiven(options.consistency).then(readHashes),
      ]);
      const report = await verify({
        path: options.path,
        policy: trust,
        checkpoints,
        threads: options.threads,
        ...(options.format !== undefined && { framing: options.format }),
        ...(options.tiles !== undefined && { tiles: options.tiles }),
        ...(retention && { retention }),
        ...(consistency && { consistency }),
      });
      write(options.json ? JSON.stringify(report, null, 2) : reportText(report));
      return report.intact ? 0 : 1;
    } catch (error) {
      if (!(error instanceof VerifyTargetFault) && !(error instanceof GivenFileFault)) throw error;
      write(error.message);
      return 2;
    }
  },
};

class GivenFileFault extends Error {}

async function readGiven(file: string): Promise<Buffer> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) throw new GivenFileFault(`${file} cannot be read.`);
  if (bytes.length > MOST_CHECKPOINT_BYTES) throw new GivenFileFault(`${file} is too large for what it is given as.`);
  return bytes;
}

function readHashes(bytes: Buffer): readonly Buffer[] {
  const lines = bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  const hashes = lines.map((line) => Buffer.from(line, 'base64'));
  if (hashes.some((hash, place) => hash.length !== 32 || hash.toString('base64') !== lines[place]))
    throw new GivenFileFault('A consistency proof is a hash in base64 on each line.');
  return hashes;
}

interface Options {
  readonly path: string;
  readonly origin: string;
  readonly key: readonly string[];
  readonly witness: readonly string[];
  readonly leastCosignatures: number;
  readonly checkpoint: readonly string[];
  readonly consistency?: string | undefined;
  readonly retention?: string | undefined;
  readonly tiles?: string | undefined;
  readonly format?: 'lines' | 'bundles' | undefined;
  readonly threads: number;
  readonly json: boolean;
}

const wholeNumber = (text: string): number => (/^\d{1,6}$/.test(text) ? Number(text) : Number.NaN);

function readWords(words: readonly string[]): Options | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        origin: { type: 'string' },
        key: { type: 'string', multiple: true, default: [] },
        witness: { type: 'string', multiple: true, default: [] },
        'least-cosignatures': { type: 'string', default: '0' },
        checkpoint: { type: 'string', multiple: true, default: [] },
        consistency: { type: 'string' },
        retention: { type: 'string' },
        tiles: { type: 'string' },
        format: { type: 'string' },
        threads: { type: 'string', default: '2' },
        json: { type: 'boolean', default: false },
      },
    });
    const { origin, format, 'least-cosignatures': least, threads, consistency, retention, tiles, ...rest } = values;
    const [path, ...more] = positionals;
    const leastCosignatures = wholeNumber(least);
    const count = wholeNumber(threads);
    if (path === undefined || more.length > 0 || origin === undefined || rest.key.length === 0 || !(leastCosignatures >= 0) || !(count >= 1)) return null;
    if (format !== undefined && format !== 'lines' && format !== 'bundles') return null;
    const { key, witness, checkpoint, json } = rest;
    return { path, origin, key, witness, leastCosignatures, checkpoint, threads: count, json, consistency, retention, tiles, format };
  } catch {
    return null;
  }
}
