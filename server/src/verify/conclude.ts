import type { TreeHead } from '../transparency/consistency-proof.ts';
import type { EntriesFault, EntriesReport } from '../transparency/verify-stream.ts';
import { rangeText, type VerifyFault } from './verify-report.ts';
import type { WatchedHeads } from './watched-heads.ts';

const MESSAGES: Readonly<Record<EntriesFault, string>> = {
  altered: 'was changed, moved, inserted or dropped',
  missing: 'is missing, though a signed checkpoint covers it',
  surplus: 'is covered by no checkpoint',
  unreadable: 'cannot be read',
};

/** What the naming pass found, in words. */
export function faultOf(report: EntriesReport): VerifyFault | undefined {
  if (report.intact) return undefined;
  const { fault, firstBad } = report;
  const isOne = firstBad.end - firstBad.begin <= 1;
  const what = isOne ? `${rangeText(firstBad)} ${MESSAGES[fault]}` : `the first bad entry, which ${MESSAGES[fault]}, is one of ${rangeText(firstBad)}`;
  return { fault, firstBad, message: `${what[0]?.toUpperCase()}${what.slice(1)}.` };
}

/**
 * The entries lead to the last head, but not to these earlier ones: whoever keeps the log has signed two histories.
 * The range ends where the earlier checkpoint does, since that one is the older promise.
 */
export function rewrittenFaults(heads: WatchedHeads): readonly VerifyFault[] {
  return heads.denied.map((head): VerifyFault => {
    const begin = largestBelow(heads.agreed, head.size);
    const firstBad = { begin, end: head.size };
    return {
      fault: 'rewritten',
      firstBad,
      message: `The log was rewritten: its entries lead to the newest checkpoint, but not to the one of ${head.size} entries. The first rewritten entry is one of ${rangeText(firstBad)}.`,
    };
  });
}

const largestBelow = (heads: readonly TreeHead[], size: number): number => Math.max(0, ...heads.filter((head) => head.size < size).map((head) => head.size));
