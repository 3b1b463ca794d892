import { fetchFile } from '../gateway/fetch-file.ts';
import { isFailure, unreachable } from '../gateway/gateway-failure.ts';
import { stepUpGate } from '../gateway/gates.ts';
import type { Act } from '../gateway/pass-step-up.ts';
import { newCorrelationId } from '../gateway/send-request.ts';

export interface PackProgress {
  /** Bytes that have arrived. */
  readonly bytes: number;
  /** About how many it will be. */
  readonly expected: number | null;
  readonly events: number | null;
}

export interface Pack extends PackProgress {
  readonly name: string;
  readonly file: Blob;
  readonly correlationId: string;
}

/** Bytes that are gathered before the browser takes them over: it may put what it holds on the disk, a page can't. */
const GATHERED = 8_000_000;
/** Milliseconds between two words of progress: pieces come by the hundred a second, and each word draws the page anew. */
const TELL_EVERY_MS = 100;

const numberOf = (text: string | null): number | null => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null);

/** Asks for the pack; where the gateway wants a fresh code, asks the person and sends the same request again with the proof. */
async function open(path: string, what: Act, correlationId: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetchFile(path, 'application/zip', { correlationId, signal });
  } catch (error) {
    const challenge = isFailure(error) && error.code === 'STEP_UP_REQUIRED' ? error.entry.extensions?.challenge : undefined;
    if (!isFailure(error) || !challenge) throw error;
    const stepUpProof = await stepUpGate.ask({ challenge, maxAgeSeconds: error.entry.extensions?.maxAgeSeconds ?? 300, correlationId, ...what });
    return fetchFile(path, 'application/zip', { correlationId, stepUpProof, signal });
  }
}

/**
 * Fetches an evidence pack piece by piece.
 * @throws {GatewayFailure} also where it broke off: half a pack is none. {Dismissed} when the person gave no code, AbortError when they cancelled.
 */
export async function downloadPack(path: string, what: Act, onProgress: (progress: PackProgress) => void, signal: AbortSignal): Promise<Pack> {
  const correlationId = newCorrelationId();
  const response = await open(path, what, correlationId, signal);
  const expected = numberOf(response.headers.get('x-estimated-bytes'));
  const events = numberOf(response.headers.get('x-total-events'));
  const name = /filename="([\w.-]{1,120})"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? `evidence-${correlationId}.zip`;
  const kept: Blob[] = [];
  let gathered: Uint8Array<ArrayBuffer>[] = [];
  let [bytes, loose, told] = [0, 0, 0];
  onProgress({ bytes, expected, events });
  try {
    const reader = response.body?.getReader();
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) break;
      gathered.push(piece.value);
      bytes += piece.value.length;
      loose += piece.value.length;
      if (loose >= GATHERED) {
        kept.push(new Blob(gathered));
        [gathered, loose] = [[], 0];
      }
      if (performance.now() - told < TELL_EVERY_MS) continue;
      told = performance.now();
      onProgress({ bytes, expected, events });
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable(correlationId, false);
  }
  return { name, file: new Blob([...kept, ...gathered], { type: 'application/zip' }), bytes, expected, events, correlationId };
}
