import { type AddCheckpoint, parseAddCheckpoint, SIZE_TYPE } from '../transparency/add-checkpoint.ts';
import { type Checkpoint, parseCheckpoint } from '../transparency/checkpoint.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { parseNote, printNote, signNote, type VerifiedSignature } from '../transparency/note.ts';
import { printVerifierKey, type SignerKey, type VerifierKey } from '../transparency/note-key.ts';
import { openCheckpoint } from '../transparency/open-checkpoint.ts';
import type { Alarms } from './alarms.ts';
import type { Cosigned, CosignedCheckpoints } from './cosigned-checkpoints.ts';
import { judgeCheckpoint, type Judgement } from './judge-checkpoint.ts';
import type { KnownLogsSource } from './known-logs.ts';

/** An answer of the witness, before it is HTTP. */
export interface Answer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly body: string;
  readonly type: string;
}

export interface WitnessParts {
  readonly key: SignerKey;
  readonly logs: KnownLogsSource;
  readonly cosigned: CosignedCheckpoints;
  readonly alarms: Alarms;
  /** The witness's own clock, in milliseconds since the Unix epoch: a cosignature states it and nothing depends on it. */
  readonly clock: () => number;
}

export interface Witness {
  /** `POST /add-checkpoint` of C2SP tlog-witness. */
  addCheckpoint(body: string): Promise<Answer>;
  /** The note that was cosigned last for a log; null for none. */
  latestNote(origin: string): Promise<string | null>;
  /** Whom to pin. */
  readonly verifier: string;
}

const PLAIN = 'text/plain; charset=utf-8';
const say = (status: Answer['status'], body: string, type = PLAIN): Answer => ({ status, body: `${body}\n`, type });

interface Offered {
  readonly request: AddCheckpoint;
  readonly text: string;
  readonly checkpoint: Checkpoint;
  readonly signatures: readonly VerifiedSignature[];
}

/**
 * Remembers the last checkpoint of each log and cosigns the next one only after a proof that it continues the last. Requests for one
 * log wait for each other; a cosignature leaves when what it commits us to is durable.
 */
export function createWitness({ key, logs, cosigned, alarms, clock }: WitnessParts): Witness {
  const queues = new Map<string, Promise<unknown>>();

  function inTurn<T>(origin: string, work: () => Promise<T>): Promise<T> {
    const turn = (queues.get(origin) ?? Promise.resolve()).then(work, work);
    queues.set(origin, turn);
    const forget = (): void => void (queues.get(origin) === turn && queues.delete(origin));
    turn.then(forget, forget);
    return turn;
  }

  async function addCheckpoint(body: string): Promise<Answer> {
    const offered = await readOffered(body, logs);
    return 'status' in offered ? offered : inTurn(offered.checkpoint.origin, () => decide(offered));
  }

  async function decide(offered: Offered): Promise<Answer> {
    const { origin } = offered.checkpoint;
    const latest = await cosigned.latest(origin);
    const judgement = judgeCheckpoint(latest?.checkpoint ?? null, offered.checkpoint, offered.request);
    if (!judgement.cosign) return refuse(judgement, offered, latest);
    // Two statements of ours never disagree on what was largest when, even where the clock goes back.
    const time = Math.max(Math.floor(clock() / 1000), latest?.time ?? 1);
    const note = signNote({ text: offered.text, signatures: offered.signatures }, [key], time);
    if (!(await cosigned.replace(origin, latest, note))) return conflict(await cosigned.latest(origin));
    // From here on a crash loses the answer and nothing else: the log asks again and gets a cosignature of the same tree.
    return { status: 200, body: note.slice(note.lastIndexOf('\n', note.length - 2) + 1), type: PLAIN };
  }

  async function refuse({ status, contradiction }: Extract<Judgement, { cosign: false }>, { text, checkpoint, signatures }: Offered, latest: Cosigned | null): Promise<Answer> {
    // Without what anybody may write below it: one note is one alarm.
    const refused = printNote({ text, signatures });
    if (contradiction !== null) await alarms.raise({ contradiction, proven: contradiction === 'split-view', origin: checkpoint.origin, cosigned: latest?.note ?? null, refused });
    if (status === 409) return conflict(latest);
    return say(status, status === 400 ? 'The old size is beyond the size of the checkpoint' : 'The checkpoint is not shown to continue the one that was cosigned last');
  }

  return {
    addCheckpoint,
    latestNote: async (origin) => (await cosigned.latestDurable(origin))?.note ?? null,
    verifier: printVerifierKey(key.verifier),
  };
}

const conflict = (latest: Cosigned | null): Answer => say(409, `${latest?.checkpoint.size ?? 0}`, SIZE_TYPE);

/** Reads a request and believes the log's signature, or answers why not. */
async function readOffered(body: string, logs: KnownLogsSource): Promise<Offered | Answer> {
  let request: AddCheckpoint;
  let origin: string;
  try {
    request = parseAddCheckpoint(body);
    ({ origin } = parseCheckpoint(parseNote(request.note).text));
  } catch (error) {
    if (error instanceof LogFault) return say(400, 'This is no request to cosign a checkpoint');
    throw error;
  }
  const keys = await logs.keysOf(origin);
  return keys === null ? say(404, 'This witness does not know the log') : openOffered(request, origin, keys);
}

function openOffered(request: AddCheckpoint, origin: string, keys: readonly VerifierKey[]): Offered | Answer {
  try {
    const opened = openCheckpoint(request.note, { origin, logKeys: keys.map((key) => ({ key })), witnesses: [], leastCosignatures: 0 });
    return { request, text: opened.text, checkpoint: opened.checkpoint, signatures: opened.logSignatures };
  } catch (error) {
    if (error instanceof LogFault) return say(403, 'No known key of the log has signed the checkpoint, or one has signed it badly');
    throw error;
  }
}
