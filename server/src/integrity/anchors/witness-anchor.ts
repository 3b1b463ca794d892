import { parseWitnessedSize, printAddCheckpoint, SIZE_TYPE } from '../../transparency/add-checkpoint.ts';
import { parseCheckpoint } from '../../transparency/checkpoint.ts';
import { LogFault } from '../../transparency/log-fault.ts';
import { openNote, parseNote, printNote } from '../../transparency/note.ts';
import type { VerifierKey } from '../../transparency/note-key.ts';
import type { SeenCheckpoint } from '../judge-standing.ts';
import { type Anchor, type Anchored, AnchorFault, type AnchorProblem, type ProveConsistency, type SignedHead } from './anchor.ts';
import { ANSWER_MS, askOverHttp, type HttpAnswer } from './ask-over-http.ts';

export interface WitnessAddress {
  /** Submission and monitoring prefix (C2SP tlog-witness). Read for each request: a witness of our own comes back at another address. */
  readonly url: URL;
  /** Pinned: nothing that this key has not signed is believed. */
  readonly key: VerifierKey;
  /** Of a witness that this process runs itself: how often in a row it has ended. */
  readonly failures?: () => number;
  /** Of such a witness: names the log's present origin and keys to it. Elsewhere that is for a person to do. */
  readonly introduce?: () => Promise<void>;
}

/** The largest size of a log of this name that we know this key to have cosigned; null where we know of none. */
export type CosignedSize = (origin: string, key: VerifierKey) => Promise<number | null>;

/** Another process of ours may be faster than our proof. */
const TRIES = 3;

const PROBLEMS: Readonly<Record<number, AnchorProblem>> = { 403: 'unknown-key', 404: 'unknown-log', 422: 'fork' };
const STRANGER: ReadonlySet<AnchorProblem> = new Set(['unknown-key', 'unknown-log']);

/**
 * Asks a witness to cosign each checkpoint. Who asks learns the size that the witness knows from its answer 409, so nothing of the
 * witness is kept here; an unsigned answer can hold us up, and makes us believe nothing.
 */
export function createWitnessAnchor(witness: WitnessAddress, waitMs = ANSWER_MS, cosignedSize: CosignedSize = async () => null): Anchor {
  const { key } = witness;
  const addressOf = (path: string): URL => new URL(path, witness.url.href.endsWith('/') ? witness.url : `${witness.url.href}/`);
  let known = 0;

  /** After two people have acknowledged a gap, or a key was added, the log is known under neither. */
  async function anchor(head: SignedHead, prove: ProveConsistency): Promise<Anchored> {
    try {
      return await offer(head, prove);
    } catch (error) {
      if (!witness.introduce || !(error instanceof AnchorFault) || !STRANGER.has(error.problem)) throw error;
      await witness.introduce();
      return offer(head, prove);
    }
  }

  async function offer(head: SignedHead, prove: ProveConsistency): Promise<Anchored> {
    for (let tries = 0; tries < TRIES; tries++) {
      // Of another origin, or put back: the witness tells where it stands.
      if (known > head.size) known = 0;
      const answer = await submit(head, prove);
      if (answer.status === 200) {
        const anchored = addCosignature(head.note, answer.body, key);
        known = head.size;
        return anchored;
      }
      const size = answer.status === 409 && answer.type.startsWith(SIZE_TYPE) ? parseWitnessedSize(answer.body) : null;
      if (size === null) throw new AnchorFault(PROBLEMS[answer.status] ?? 'refused');
      if (size > head.size) throw new AnchorFault('ahead');
      known = size;
    }
    throw new AnchorFault('refused');
  }

  async function submit(head: SignedHead, prove: ProveConsistency): Promise<HttpAnswer> {
    const proof = known === 0 || known === head.size ? [] : await proveOrFail(prove, known, head.size);
    const body = printAddCheckpoint({ oldSize: known, proof: proof.map((hash) => Buffer.from(hash)), note: head.note });
    return askOverHttp(addressOf('add-checkpoint'), { method: 'POST', body }, waitMs);
  }

  const seen = async (origins: readonly string[]): Promise<readonly SeenCheckpoint[]> => (await Promise.all(origins.map(seenOf))).flat();

  async function seenOf(origin: string): Promise<readonly SeenCheckpoint[]> {
    // It has not seen less since: who answers less, which 404 needs no signature for, is not it, or has lost its memory.
    const least = await cosignedSize(origin, key);
    const address = addressOf('checkpoint');
    address.searchParams.set('origin', origin);
    const { status, body } = await askOverHttp(address, { method: 'GET' }, waitMs);
    if (status === 404 && least === null) return [];
    if (status !== 200) throw new AnchorFault('refused');
    const found = readSeen(body, origin, key);
    if (least !== null && found.size < least) throw new AnchorFault('refused');
    return [found];
  }

  return { kind: 'witness', anchor, seen };
}

async function proveOrFail(prove: ProveConsistency, from: number, to: number): Promise<readonly Uint8Array[]> {
  try {
    return await prove(from, to);
  } catch (cause) {
    throw new AnchorFault('unproven', { cause });
  }
}

/** Reads signature lines the way C2SP tlog-witness says: behind the checkpoint they have to make a note. */
function addCosignature(note: string, lines: string, key: VerifierKey): Anchored {
  try {
    const opened = openNote(`${note}${lines}`, [key]);
    const [line] = opened.verified;
    if (line === undefined) throw new AnchorFault('not-cosigned');
    const { text, signatures } = parseNote(note);
    const cosigned = printNote({ text, signatures: [...signatures.filter(({ name, keyId }) => name !== line.name || keyId !== line.keyId), line] });
    return { note: cosigned, cosignature: { witness: line.name, line: cosigned.split('\n').at(-2) ?? '' } };
  } catch (cause) {
    if (cause instanceof LogFault) throw new AnchorFault('not-cosigned', { cause });
    throw cause;
  }
}

function readSeen(note: string, origin: string, key: VerifierKey): SeenCheckpoint {
  try {
    const { text } = openNote(note, [key]);
    const checkpoint = parseCheckpoint(text);
    if (checkpoint.origin !== origin) throw new AnchorFault('not-cosigned');
    return { place: key.name, origin, size: checkpoint.size, root: checkpoint.root, note };
  } catch (cause) {
    if (cause instanceof LogFault) throw new AnchorFault('not-cosigned', { cause });
    throw cause;
  }
}
