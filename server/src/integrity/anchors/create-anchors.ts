import type { Log } from '../../kernel/log.ts';
import type { SeenCheckpoint } from '../judge-standing.ts';
import { type Anchor, AnchorFault, type AnchorKind, type AnchorProblem, type AnchorResult, type AnchorState, type ProveConsistency, type SignedHead } from './anchor.ts';
import { createFileAnchor } from './file-anchor.ts';
import { createWebhookAnchor } from './webhook-anchor.ts';
import { type CosignedSize, createWitnessAnchor, type WitnessAddress } from './witness-anchor.ts';

export interface AnchorOptions {
  /** Append-only file; null for none. */
  readonly file: string | null;
  readonly webhookUrl: URL | null;
  readonly witness: WitnessAddress | null;
  readonly log: Log;
  /** What is known of the witness's cosignatures; nothing unless said. */
  readonly cosignedSize?: CosignedSize;
  /** Milliseconds for each answer over the network. Default 5 s. */
  readonly waitMs?: number;
}

/** What was seen outside. Of an anchor that can't be asked now, what it answered last stands: it has not seen less since. */
export interface SeenThere {
  readonly seen: readonly SeenCheckpoint[];
  /** Those that have not answered once since this process began. */
  readonly unanswered: readonly AnchorKind[];
  /** Which ones can't be asked now, and why. */
  readonly problems: readonly { readonly kind: AnchorKind; readonly problem: AnchorProblem }[];
}

/** The places outside the database that checkpoints are brought to. */
export interface Anchors {
  /** Brings a checkpoint to all of them, the witness first, so that the others get its cosignature too. Never throws. */
  anchor(head: SignedHead, prove: ProveConsistency): Promise<readonly AnchorResult[]>;
  /** What they have seen of a log under these names: its own, and the one that it would bear after another gap. Never throws. */
  lastSeen(origins: readonly string[]): Promise<SeenThere>;
  /** For the integrity panel. */
  states(): readonly AnchorState[];
}

export function createAnchors({ file, webhookUrl, witness, log, cosignedSize, waitMs }: AnchorOptions): Anchors {
  const witnesses = witness === null ? [] : [createWitnessAnchor(witness, waitMs, cosignedSize)];
  const receivers = [...(file === null ? [] : [createFileAnchor(file)]), ...(webhookUrl === null ? [] : [createWebhookAnchor(webhookUrl, waitMs)])];
  const anchors = [...witnesses, ...receivers];
  const answers = new Map<Anchor, readonly SeenCheckpoint[]>();
  const states = new Map(anchors.map((anchor) => [anchor, { kind: anchor.kind, lastSize: null, lastAt: null, failingSince: null, problem: null } as AnchorState]));

  async function attempt(anchor: Anchor, head: SignedHead, prove: ProveConsistency): Promise<AnchorResult & { readonly note: string }> {
    const before = states.get(anchor);
    try {
      const { note, cosignature } = await anchor.anchor(head, prove);
      if (before?.problem) log.info({ anchor: anchor.kind, size: head.size }, 'Checkpoints reach the anchor again.');
      states.set(anchor, { kind: anchor.kind, lastSize: head.size, lastAt: new Date(), failingSince: null, problem: null });
      return { kind: anchor.kind, size: head.size, problem: null, cosignature, note };
    } catch (error) {
      const problem = problemOf(error);
      if (before?.problem !== problem) log.warn({ anchor: anchor.kind, size: head.size, problem }, 'A checkpoint did not reach the anchor.');
      states.set(anchor, { kind: anchor.kind, lastSize: before?.lastSize ?? null, lastAt: before?.lastAt ?? null, failingSince: before?.failingSince ?? new Date(), problem });
      return { kind: anchor.kind, size: head.size, problem, cosignature: null, note: head.note };
    }
  }

  return {
    async anchor(head, prove) {
      const cosigned = await Promise.all(witnesses.map((anchor) => attempt(anchor, head, prove)));
      const note = cosigned.find(({ problem }) => problem === null)?.note ?? head.note;
      const received = await Promise.all(receivers.map((anchor) => attempt(anchor, { ...head, note }, prove)));
      return [...cosigned, ...received].map(({ kind, size, problem, cosignature }) => ({ kind, size, problem, cosignature }));
    },
    async lastSeen(origins) {
      const problems = await Promise.all(
        anchors.map(async (anchor) => {
          try {
            answers.set(anchor, await anchor.seen(origins));
            return [];
          } catch (error) {
            return [{ kind: anchor.kind, problem: problemOf(error) }];
          }
        }),
      );
      const unanswered = anchors.filter((anchor) => !answers.has(anchor)).map(({ kind }) => kind);
      return { seen: [...answers.values()].flat(), unanswered, problems: problems.flat() };
    },
    states: () => [...states.values()],
  };
}

/** Whatever else went wrong is no reason to stop sealing. */
const problemOf = (error: unknown): AnchorProblem => (error instanceof AnchorFault ? error.problem : 'refused');
