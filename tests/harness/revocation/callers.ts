import { setTimeout as wait } from 'node:timers/promises';
import type { Victim } from './victims.ts';

/** One call that was let in or not. Times in milliseconds of this process's monotonic clock. */
export interface Call {
  readonly begunAt: number;
  readonly answeredAt: number;
  readonly success: boolean;
  readonly code: string | null;
  readonly write: boolean;
}

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

const READ = { query: '{ tenants(first: 1) { nodes { id } } }' };
const write = (invoiceId: string) => ({ query: 'mutation Act($input: ResendInvoiceInput!) { resendInvoice(input: $input) { status } }', variables: { input: { id: invoiceId } } });

export async function post(url: string, path: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<Answer & { readonly status: number }> {
  const response = await fetch(`${url}${path}`, { method: 'POST', headers: { origin: url, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  return { status: response.status, ...((await response.json()) as Answer) };
}

/** An idle connection that the gateway closed as it was used again: there is no answer, and nothing was let in as far as anybody knows. */
export const CONNECTION_LOST = 'the connection was lost';

/** Null for a connection that was lost. @throws {unknown} everything else. */
export function lostConnection(error: unknown): null {
  const code = error instanceof TypeError && error.cause instanceof Error && 'code' in error.cause ? error.cause.code : null;
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return null;
  throw error;
}

async function call(url: string, { callerHeaders }: Victim, invoiceId: string | null): Promise<Call> {
  const begunAt = performance.now();
  const answer = await post(url, '/graphql', callerHeaders(url), invoiceId === null ? READ : write(invoiceId)).catch(lostConnection);
  if (answer === null) return { begunAt, answeredAt: performance.now(), success: false, code: CONNECTION_LOST, write: invoiceId !== null };
  const { data, errors } = answer;
  const success = Boolean(data?.[invoiceId === null ? 'tenants' : 'resendInvoice']);
  return { begunAt, answeredAt: performance.now(), success, code: errors?.[0]?.extensions.code ?? null, write: invoiceId !== null };
}

export interface Hammering {
  readonly calls: readonly Call[];
  /** Resolves when every caller has been let in at least so often. */
  untilLetIn(times: number): Promise<void>;
  /** Lets every caller begin so many more calls, then ends them. */
  finish(times: number): Promise<void>;
}

/** Callers that ask at once and again, reading and writing in turn, each at its own gateway. */
export function hammer(urls: readonly string[], victim: Victim, invoices: readonly string[]): Hammering {
  const calls: Call[] = [];
  const letIn = urls.map(() => 0);
  let left: number[] | null = null;
  let failure: unknown;
  const callers = urls.map(async (url, at) => {
    for (let turn = at; left === null || (left[at] ?? 0) > 0; turn += 1) {
      if (left) left[at] = (left[at] ?? 0) - 1;
      const done = await call(url, victim, turn % 2 === 0 ? null : (invoices[turn % invoices.length] ?? null));
      calls.push(done);
      if (done.success) letIn[at] = (letIn[at] ?? 0) + 1;
    }
  });
  const all = Promise.all(callers).catch((error: unknown) => {
    failure = error;
  });
  return {
    calls,
    async untilLetIn(times) {
      const until = performance.now() + 20_000;
      while (letIn.some((count) => count < times)) {
        if (failure !== undefined || performance.now() > until)
          throw new Error(`the victim was not let in: ${[...new Set(calls.map(({ code }) => code))].join(', ')}`, { cause: failure });
        await wait(2);
      }
    },
    async finish(times) {
      left = urls.map(() => times);
      await all;
      if (failure !== undefined) throw failure;
    },
  };
}

/** What an open stream was told, and when. */
export interface Listening {
  /** When it was told that the viewer's rights changed, or ended; null until then. */
  toldAt(): number | null;
  endedAt(): number | null;
  leave(): void;
}

export async function listen(url: string, { headers }: Victim): Promise<Listening> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/live`, { headers: { ...headers, 'sec-fetch-site': 'same-origin' }, signal: leaving.signal });
  if (response.status !== 200 || !response.body) throw new Error(`the stream was refused: ${response.status}`);
  let toldAt: number | null = null;
  let endedAt: number | null = null;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  void (async () => {
    let text = '';
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += part.value;
        if (toldAt === null && /"topic":"(?:viewer|everything)"|event: ended/.test(text)) toldAt = performance.now();
      }
    } catch {
      // Cut off: over as well.
    }
    if (leaving.signal.aborted) return;
    endedAt = performance.now();
    toldAt ??= endedAt;
  })();
  return { toldAt: () => toldAt, endedAt: () => endedAt, leave: () => leaving.abort() };
}
