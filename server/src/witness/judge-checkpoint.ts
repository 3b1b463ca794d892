import type { AddCheckpoint } from '../transparency/add-checkpoint.ts';
import type { Checkpoint } from '../transparency/checkpoint.ts';
import { checkConsistency, type TreeHead } from '../transparency/consistency-proof.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { emptyRoot, sameHash } from '../transparency/merkle-hash.ts';

/**
 * What a checkpoint with the log's own signature says against the log.
 * - `split-view`: as many entries as in the one cosigned last, and another root. The two notes together are proof.
 * - `rollback`: fewer entries than were cosigned already. The log has gone back, or an old note was sent again.
 * - `unproven`: more entries, and no proof that they continue what was cosigned.
 */
export type Contradiction = 'split-view' | 'rollback' | 'unproven';

export type Judgement =
  | { readonly cosign: true }
  | {
      readonly cosign: false;
      /** Status of C2SP tlog-witness. */
      readonly status: 400 | 409 | 422;
      readonly contradiction: Contradiction | null;
    };

const refuse = (status: 400 | 409 | 422, contradiction: Contradiction | null): Judgement => ({ cosign: false, status, contradiction });

/**
 * Whether a witness cosigns what a log has signed, by the rules of C2SP tlog-witness and in their order.
 * @param latest what the witness cosigned last for this log; null for nothing
 */
export function judgeCheckpoint(latest: TreeHead | null, offered: Checkpoint, { oldSize, proof }: Pick<AddCheckpoint, 'oldSize' | 'proof'>): Judgement {
  const last = latest ?? { size: 0, root: emptyRoot() };
  const contradiction = contradictionOf(last, offered);
  if (oldSize > offered.size) return refuse(400, contradiction);
  if (oldSize !== last.size) return refuse(409, contradiction);
  if (contradiction !== null) return refuse(422, contradiction);
  // Every tree continues the empty one, and each continues itself: nothing is to be shown.
  if (oldSize === 0 || oldSize === offered.size) return proof.length === 0 ? { cosign: true } : refuse(422, null);
  try {
    checkConsistency(last, offered, proof);
  } catch (error) {
    if (error instanceof LogFault) return refuse(422, 'unproven');
    throw error;
  }
  return { cosign: true };
}

function contradictionOf(last: TreeHead, offered: TreeHead): Contradiction | null {
  if (offered.size < last.size) return 'rollback';
  return offered.size === last.size && !sameHash(offered.root, last.root) ? 'split-view' : null;
}
