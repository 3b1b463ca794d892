import { AnchorFault } from './anchor.ts';

/** Milliseconds in which an answer has to be there, its last byte included. */
export const ANSWER_MS = 5_000;
const MOST_BYTES = 64 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * One request with a deadline and an answer of bounded length. Redirections are not followed: the address was given by the operator.
 * @throws {AnchorFault} `timeout`, `unreachable`, or `refused` for an answer that is too long
 */
export async function askOverHttp(url: URL, request: { readonly method: 'GET' } | { readonly method: 'POST'; readonly body: string }, waitMs = ANSWER_MS): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(waitMs);
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal, headers: request.method === 'POST' ? { 'content-type': 'text/plain; charset=utf-8' } : {} });
    return { status: response.status, type: response.headers.get('content-type') ?? '', body: await readBounded(response) };
  } catch (cause) {
    if (cause instanceof AnchorFault) throw cause;
    throw new AnchorFault(signal.aborted ? 'timeout' : 'unreachable', { cause });
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new AnchorFault('refused');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
