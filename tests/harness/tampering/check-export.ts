import type { TrustPolicy } from '@sallyport/server/transparency/open-checkpoint.ts';
import type { LeafRange } from '@sallyport/server/transparency/tree-geometry.ts';
import { verify, VerifyTargetFault } from '@sallyport/server/verify/verify.ts';
import type { LogExport } from './export-log.ts';

export interface Verdict {
  /** What showed it; null where everything fits. */
  readonly found: string | null;
  /** The first bad entry is one of these, where that can be told. */
  readonly firstBad: LeafRange | null;
}

/**
 * Checks an export with the product's own verifier, offline: with nothing but what was fixed before (origin, keys) and the checkpoints that
 * somebody outside has kept; none of them is the check of somebody who has only the export. A head that the database states besides is to fit, too.
 */
export async function checkExport({ head, folder }: LogExport, trust: TrustPolicy, kept: readonly string[]): Promise<Verdict> {
  try {
    const checkpoints = kept.map((note, place) => ({ file: `kept-${place}`, note: Buffer.from(note) }));
    const { intact, faults, checkpoint } = await verify({ path: folder, policy: trust, checkpoints, threads: 1 });
    if (!intact) return { found: [...new Set(faults.map(({ fault }) => fault))].join(', '), firstBad: faults.find(({ firstBad }) => firstBad)?.firstBad ?? null };
    if (head === null || head.size < (checkpoint?.size ?? 0)) return { found: 'head behind its own checkpoint', firstBad: null };
    return { found: null, firstBad: null };
  } catch (error) {
    // Nothing to check is no log.
    if (error instanceof VerifyTargetFault) return { found: 'nothing to verify', firstBad: null };
    throw error;
  }
}
