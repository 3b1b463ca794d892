import type { DemoPerson } from '@sallyport/server/auth/seed-demo-staff.ts';
import { codeAt, STEP_SECONDS } from '@sallyport/server/auth/totp.ts';
import type pg from 'pg';

export interface WireAnswer {
  readonly status: number;
  readonly code: string | null;
  readonly body: WireBody;
}

interface WireBody {
  readonly data?: Readonly<Record<string, WireAction | null>> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly challenge?: string; readonly retryAfterSeconds?: number } }[];
  readonly proof?: string;
  readonly next?: string;
}

/** What the harness reads of a mutation's payload. */
interface WireAction {
  readonly status?: string;
  readonly auditEventId?: string;
  readonly approvalRequest?: { readonly id: string; readonly shownDigest: string } | null;
}

/** One person at one browser, over the network. */
export interface WireClient {
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<WireAnswer>;
  mutate(document: string, input: Readonly<Record<string, unknown>>, headers?: Readonly<Record<string, string>>): Promise<WireAnswer>;
  /** Password and second factor. */
  signIn(): Promise<void>;
  /** Exchanges a challenge for a proof. */
  stepUp(challenge: string): Promise<string>;
  /** A code that was not used yet. */
  freshCode(): Promise<string>;
  /** The gateway was started anew elsewhere, or there is a second one. */
  at(url: string): void;
  /** The same session, for use at another gateway. */
  copy(url: string): WireClient;
}

/** By address, what was begun last with one of the person's codes. */
const lastUses = new WeakMap<pg.Pool, Map<string, Promise<unknown>>>();

/** One use of a person's codes after the other: of two that are given one code at once, the second is refused (THREATS B03). */
function inTurn<T>(superuser: pg.Pool, email: string, use: () => Promise<T>): Promise<T> {
  const uses = lastUses.get(superuser) ?? new Map<string, Promise<unknown>>();
  lastUses.set(superuser, uses);
  const own = (uses.get(email) ?? Promise.resolve()).then(use, use);
  uses.set(email, own);
  return own;
}

/**
 * Talks HTTP to a real process. `superuser` is asked for nothing but forgetting used codes: where a person waits for
 * the next one, a test does not.
 */
export function createWireClient(url: string, person: DemoPerson, superuser: pg.Pool, cookies = new Map<string, string>()): WireClient {
  let base = url;
  const freshCode = async (): Promise<string> => {
    const { rows } = await superuser.query<{ now: number }>(
      'update gateway.staff set totp_last_step = null where email = $1 returning extract(epoch from clock_timestamp())::float8 as now',
      [person.email],
    );
    const step = Math.floor((rows[0]?.now ?? 0) / STEP_SECONDS);
    return codeAt(person.totpSecret, step * STEP_SECONDS);
  };
  const post: WireClient['post'] = async (path, body, headers = {}) => {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: {
        origin: base,
        'content-type': 'application/json',
        'x-request-surface': 'console',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const answered = (await response.json()) as WireBody;
    return { status: response.status, code: answered.errors?.[0]?.extensions.code ?? null, body: answered };
  };
  const must = async (answer: Promise<WireAnswer>): Promise<WireAnswer> => {
    const { code } = await answer;
    if (code !== null) throw new Error(`refused: ${code}`);
    return answer;
  };
  return {
    post,
    mutate: (document, input, headers) => post('/graphql', { query: document, variables: { input } }, headers),
    async signIn() {
      await must(post('/auth/sign-in', { email: person.email, password: person.password }));
      await inTurn(superuser, person.email, async () => must(post('/auth/totp', { code: await freshCode() })));
    },
    async stepUp(challenge) {
      const { body } = await inTurn(superuser, person.email, async () => must(post('/auth/step-up', { challenge, code: await freshCode() })));
      return body.proof ?? '';
    },
    freshCode,
    at(other) {
      base = other;
    },
    copy: (other) => createWireClient(other, person, superuser, new Map(cookies)),
  };
}
