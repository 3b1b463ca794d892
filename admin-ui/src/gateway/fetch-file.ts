import { GatewayFailure, unreachable, type GatewayErrorEntry } from './gateway-failure.ts';
import { sessionGate } from './gates.ts';
import { newCorrelationId, type RequestOptions } from './send-request.ts';

/**
 * Asks for what the gateway answers as a file, below `/log/`: the body is the caller's to read, as it comes. When the session is over
 * it waits until the person has signed in again, and asks once more.
 * @throws {GatewayFailure}
 */
export async function fetchFile(path: string, accept: string, options: Pick<RequestOptions, 'correlationId' | 'stepUpProof' | 'signal'> = {}): Promise<Response> {
  const correlationId = options.correlationId ?? newCorrelationId();
  const headers: Record<string, string> = { accept, 'x-correlation-id': correlationId, 'x-request-surface': 'console' };
  if (options.stepUpProof) headers['step-up-proof'] = options.stepUpProof;
  for (;;) {
    const since = Date.now();
    const response = await fetch(path, {
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      ...(options.signal ? { signal: options.signal } : {}),
    }).catch((error: unknown) => {
      throw error instanceof DOMException && error.name === 'AbortError' ? error : unreachable(correlationId, false);
    });
    if (response.ok) return response;
    const entry = await firstError(response);
    if (entry.extensions?.code !== 'UNAUTHENTICATED') throw new GatewayFailure(entry, response.headers.get('x-correlation-id') ?? correlationId);
    await sessionGate.ask({ since });
  }
}

async function firstError(response: Response): Promise<GatewayErrorEntry> {
  try {
    const { errors } = (await response.json()) as { readonly errors?: readonly GatewayErrorEntry[] };
    if (errors?.[0]) return errors[0];
  } catch {
    // Not in the gateway's form: a proxy's answer, say.
  }
  return { message: 'Unexpected answer.', extensions: { code: response.status === 401 ? 'UNAUTHENTICATED' : 'INTERNAL' } };
}
