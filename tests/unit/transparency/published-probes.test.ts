import { access, glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkConsistency } from '@sallyport/server/transparency/consistency-proof.ts';
import { checkInclusion } from '@sallyport/server/transparency/inclusion-proof.ts';
import { describe, expect, test } from 'vitest';

/**
 * Where the probes of transparency-dev/merkle lie (its folder `testdata`, Apache 2.0): MERKLE_PROBES, or beside the
 * project. They are no part of the project. Without them the tests are skipped and say so; in CI they fail.
 */
const PROBES = process.env['MERKLE_PROBES'] ?? fileURLToPath(new URL('../../../../shared/data/merkle/testdata', import.meta.url));
const hasProbes = await access(PROBES).then(
  () => true,
  () => false,
);
if (!hasProbes) console.warn(`Skipped, for want of the published Merkle probes at ${PROBES} (set MERKLE_PROBES)`);

interface Probe {
  readonly proof: readonly string[] | null;
  readonly desc: string;
  readonly wantErr: boolean;
}
interface InclusionProbe extends Probe {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
}
interface ConsistencyProbe extends Probe {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
const proofOf = (probe: Probe): readonly Buffer[] => (probe.proof ?? []).map(bytes);

async function probesIn<Kind extends Probe>(folder: string): Promise<readonly (readonly [path: string, probe: Kind])[]> {
  const probes: (readonly [string, Kind])[] = [];
  for await (const path of glob('**/*.json', { cwd: join(PROBES, folder) })) probes.push([path, JSON.parse(await readFile(join(PROBES, folder, path), 'utf8')) as Kind]);
  return probes;
}

/** Paths where our verdict is not the published one. A refusal counts only as one of ours, not as a crash. */
function disagreements<Kind extends Probe>(probes: readonly (readonly [string, Kind])[], check: (probe: Kind) => void): readonly string[] {
  return probes
    .filter(([, probe]) => {
      try {
        check(probe);
        return probe.wantErr;
      } catch (error) {
        return !probe.wantErr || !(error instanceof Error) || error.name !== 'LogFault';
      }
    })
    .map(([path]) => path);
}

describe.skipIf(!hasProbes && process.env['CI'] !== 'true')('H11: the published probes', () => {
  test('98 verdicts on inclusion are the published ones', async () => {
    const probes = await probesIn<InclusionProbe>('inclusion');
    const wrong = disagreements(probes, (probe) =>
      checkInclusion({ index: probe.leafIdx, size: probe.treeSize, root: bytes(probe.root), leafHash: bytes(probe.leafHash) }, proofOf(probe)),
    );
    expect(wrong).toEqual([]);
    expect([probes.length, probes.filter(([, probe]) => !probe.wantErr).length]).toEqual([98, 6]);
  });

  test('98 verdicts on consistency are the published ones', async () => {
    const probes = await probesIn<ConsistencyProbe>('consistency');
    const wrong = disagreements(probes, (probe) =>
      checkConsistency({ size: probe.size1, root: bytes(probe.root1) }, { size: probe.size2, root: bytes(probe.root2) }, proofOf(probe)),
    );
    expect(wrong).toEqual([]);
    expect([probes.length, probes.filter(([, probe]) => !probe.wantErr).length]).toEqual([98, 6]);
  });
});
