import { GatewayFailure, unreachable, type GatewayErrorEntry } from './gateway-failure.ts';
import { sessionGate } from './gates.ts';

export interface GatewayAnswer<Data> {
  readonly data: Data;
  /** Refusals of single fields beside data that was given. */
  readonly refused: readonly GatewayErrorEntry[];
  readonly correlationId: string;
}

export interface RequestOptions {
  readonly correlationId?: string;
  readonly idempotencyKey?: string;
  readonly stepUpProof?: string;
  readonly signal?: AbortSignal | undefined;
  /** False: an ended session is thrown instead of waiting until the person has signed in again. */
  readonly waitForSignIn?: boolean;
}

/** Difference between the gateway's clock and this machine's, in milliseconds, from its last answer. */
let clockOffset = 0;
/** Now by the gateway's clock, as near as its answers tell (to the second). */
export const gatewayNow = (): number => Date.now() + clockOffset;

export const newCorrelationId = (): string => crypto.randomUUID();

const HEADERS = { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json', 'x-request-surface': 'console' };

async function post(path: string, body: unknown, options: RequestOptions, correlationId: string): Promise<{ response: Response; body: unknown }> {
  const headers: Record<string, string> = { ...HEADERS, 'x-correlation-id': correlationId };
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  if (options.stepUpProof) headers['step-up-proof'] = options.stepUpProof;
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isFinite(date) && Math.abs(date - Date.now()) > 2000) clockOffset = date - Date.now();
  const text = await response.text();
  return { response, body: text === '' ? {} : (JSON.parse(text) as unknown) };
}

interface Envelope {
  readonly data?: unknown;
  readonly errors?: readonly GatewayErrorEntry[];
}

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/**
 * Calls one of the gateway's plain HTTP paths (`/auth/…`, `/catalogue.json`); GET when `body` is undefined.
 * @throws {GatewayFailure}
 */
export async function callGateway<Data>(path: string, body?: unknown, options: RequestOptions = {}): Promise<Data> {
  const correlationId = options.correlationId ?? newCorrelationId();
  const answer = await post(path, body, options, correlationId).catch((error: unknown) => {
    throw isAbort(error) ? error : unreachable(correlationId, false);
  });
  const first = (answer.body as Envelope).errors?.[0];
  if (first) throw new GatewayFailure(first, answer.response.headers.get('x-correlation-id') ?? correlationId);
  if (!answer.response.ok)
    throw new GatewayFailure({ message: 'Unexpected answer.', extensions: { code: answer.response.status === 401 ? 'UNAUTHENTICATED' : 'INTERNAL' } }, correlationId);
  return answer.body as Data;
}

/**
 * Sends one GraphQL document. When the session is over it waits until the person has signed in again,
 * then repeats the very same request (same keys). Refused fields beside data are returned, not thrown.
 * @throws {GatewayFailure} when there is no data.
 */
export async function sendDocument<Data>(document: string, variables: Record<string, unknown>, options: RequestOptions = {}): Promise<GatewayAnswer<Data>> {
  const correlationId = options.correlationId ?? newCorrelationId();
  for (;;) {
    const since = Date.now();
    const { response, body } = await post('/graphql', { query: document, variables }, options, correlationId).catch((error: unknown) => {
      throw isAbort(error) ? error : unreachable(correlationId, options.idempotencyKey !== undefined);
    });
    const answered = response.headers.get('x-correlation-id') ?? correlationId;
    const { data, errors = [] } = body as Envelope;
    const ended = errors.find((entry) => entry.extensions?.code === 'UNAUTHENTICATED');
    if (ended && options.waitForSignIn !== false) {
      await sessionGate.ask({ since });
      continue;
    }
    // Nothing came back at all: the first refusal is the answer. Otherwise refused fields stand beside data.
    const empty = data === undefined || data === null || (errors.length > 0 && Object.values(data).every((value) => value === null));
    if (empty) throw new GatewayFailure(errors[0] ?? { message: 'Unexpected answer.' }, answered);
    return { data: data as Data, refused: errors, correlationId: answered };
  }
}
