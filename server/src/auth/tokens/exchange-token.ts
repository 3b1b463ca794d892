import { tokenExchanged, tokenExchangeRefused } from '@sallyport/schema/modules/tokens/token.event.ts';
import type { TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import type { AuditLog, ExchangeAnswer, RequestFacts } from '../../kernel/seams.ts';
import { describeAccessEvent } from '../access-event.ts';
import type { TokenLoader } from '../viewer/load-token.ts';
import type { SignedTokens } from './signed-tokens.ts';

export interface TokenExchange {
  readonly audit: AuditLog;
  readonly loadOpaque: TokenLoader['loadOpaque'];
  readonly signed: SignedTokens;
  /** Services for which tokens may be signed; the gateway itself is always one. */
  readonly audiences: readonly string[];
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const SIGNED_TOKEN = 'urn:ietf:params:oauth:token-type:jwt';
/** RFC 8693 section 2.1; `actor_token` and `resource` are not offered, and refused rather than overlooked. */
const PARAMETERS: ReadonlySet<string> = new Set(['grant_type', 'subject_token', 'subject_token_type', 'requested_token_type', 'audience', 'scope']);

type OAuthError = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope' | 'invalid_target';

/** A refusal in the words of RFC 6749 section 5.2 and RFC 8693 section 2.2.2. Its description never repeats what was sent. */
class ExchangeRefusal extends Error {
  readonly error: OAuthError;
  constructor(error: OAuthError, description: string) {
    super(description);
    this.error = error;
  }
}

/**
 * Token exchange (RFC 8693): a token as it was made, for a signed one with as much or less, for one service, for 15 minutes at most.
 * Every token issued is an event before it is answered, and so is every refusal; those of strangers are the caller's to record, who counts floods. The answer is never kept by a cache.
 */
export async function exchangeToken(exchange: TokenExchange, form: URLSearchParams, authorization: string | null, facts: RequestFacts): Promise<ExchangeAnswer> {
  let viewer: Viewer | null = null;
  try {
    // No client has a secret here: what one claims to prove in this header is not understood.
    if (authorization !== null) throw new ExchangeRefusal('invalid_client', 'Send the token as subject_token, without an Authorization header.');
    const asked = readForm(form);
    const presented = await exchange.loadOpaque(asked.subjectToken);
    if (!presented) throw new ExchangeRefusal('invalid_request', 'The subject_token is not a live token.');
    viewer = presented.viewer;
    const audience = asked.audience ?? exchange.signed.issuer;
    if (audience !== exchange.signed.issuer && !exchange.audiences.includes(audience)) throw new ExchangeRefusal('invalid_target', 'No tokens are signed for this audience.');
    const rights = narrowed(viewer.rights, asked.scope);
    const issued = await exchange.signed.issue({ ...presented, rights, audience });
    if (!issued) throw new ExchangeRefusal('invalid_scope', 'That is too much for one signed token. Ask for fewer permissions in scope.');
    if (issued.expiresIn < 1) throw new ExchangeRefusal('invalid_request', 'The subject_token is not a live token.');
    const target = { type: 'accessToken', id: presented.token.id };
    const detail = { signedTokenId: issued.id, audience, permissions: rights.size, expiresIn: issued.expiresIn };
    await exchange.audit.record(describeAccessEvent(tokenExchanged, facts, { viewer, target, detail }));
    const granted = { access_token: issued.text, issued_token_type: ACCESS_TOKEN, token_type: 'Bearer', expires_in: issued.expiresIn, scope: [...rights.keys()].sort().join(' ') };
    return { response: answer(200, granted), unrecorded: null };
  } catch (error) {
    if (!(error instanceof ExchangeRefusal)) throw error;
    if (viewer) await exchange.audit.record(describeAccessEvent(tokenExchangeRefused, facts, { viewer, refusedWith: 'FORBIDDEN', detail: { error: error.error } }));
    const isClient = error.error === 'invalid_client';
    const refusal = { error: error.error, error_description: error.message };
    return {
      response: answer(isClient ? 401 : 400, refusal, isClient ? { 'www-authenticate': 'Bearer realm="sallyport"' } : {}),
      unrecorded: viewer ? null : 'UNAUTHENTICATED',
    };
  }
}

interface AskedExchange {
  readonly subjectToken: string;
  readonly audience: string | null;
  readonly scope: readonly string[] | null;
}

function readForm(form: URLSearchParams): AskedExchange {
  const invalid = (description: string): never => {
    throw new ExchangeRefusal('invalid_request', description);
  };
  const names = [...form.keys()];
  if (new Set(names).size !== names.length) invalid('A parameter is given twice.');
  if (names.some((name) => !PARAMETERS.has(name))) invalid(`Only these parameters are known here: ${[...PARAMETERS].join(', ')}.`);
  // Without a value is as if it were left out (RFC 6749 section 3.2).
  const read = (name: string): string | null => form.get(name) || null;
  const grantType = read('grant_type') ?? invalid('grant_type is missing.');
  if (grantType !== GRANT_TYPE) throw new ExchangeRefusal('unsupported_grant_type', `Only ${GRANT_TYPE} is offered.`);
  const subjectToken = read('subject_token') ?? invalid('subject_token is missing.');
  if (read('subject_token_type') !== ACCESS_TOKEN) invalid(`subject_token_type has to be ${ACCESS_TOKEN}.`);
  const wanted = read('requested_token_type');
  if (wanted !== null && wanted !== ACCESS_TOKEN && wanted !== SIGNED_TOKEN) invalid('Only an access token is issued.');
  return { subjectToken, audience: read('audience'), scope: read('scope')?.split(' ') ?? null };
}

/** The rights that are asked for, by their exact names; all of the token's where none are. */
function narrowed(rights: ReadonlyMap<string, TenantReach>, scope: readonly string[] | null): ReadonlyMap<string, TenantReach> {
  const names = scope ?? [...rights.keys()];
  if (new Set(names).size !== names.length || names.some((name) => !rights.has(name)))
    throw new ExchangeRefusal('invalid_scope', 'The scope names something that the token does not hold now, or the same twice.');
  if (names.length === 0) throw new ExchangeRefusal('invalid_scope', 'The token holds nothing now.');
  return new Map([...rights].filter(([name]) => names.includes(name)));
}

const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store', pragma: 'no-cache', ...headers } });
