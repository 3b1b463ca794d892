import { BlockList, isIP } from 'node:net';
import { type ErrorCode, GatewayError } from '@sallyport/schema/errors.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { classifyFailure, findGatewayError } from '../kernel/classify-failure.ts';
import { describeError, type Log } from '../kernel/log.ts';
import { isRecordedRefusal, markRecorded } from '../kernel/recorded-refusal.ts';
import type { Authentication, RequestFacts, TokenIssuing, ViewerReading } from '../kernel/seams.ts';
import type { ConsoleFiles } from './console-files.ts';
import { type Answer, answerError, answerJson, type HeaderReader, type Incoming } from './exchange.ts';
import { HttpRefusal } from './http-refusal.ts';
import { hasCredentials, type Identify } from './identify.ts';
import { parseJsonObject, requireForm, requireJson } from './json-body.ts';
import type { Metrics } from './metrics.ts';
import type { RefusalLog } from './refusal-log.ts';
import { EVENT_STREAM_HEADERS } from './live/event-stream.ts';
import type { LiveStreams } from './live/live-streams.ts';
import { factsOf } from './request-facts.ts';

export interface RouterOptions {
  readonly authentication: Authentication;
  /** Path → method of what `authentication.handle` answers. */
  readonly authenticationRoutes: ReadonlyMap<string, string>;
  readonly identify: Identify;
  readonly handleGraphQL: (incoming: Incoming, facts: RequestFacts) => Promise<Answer>;
  readonly handleAuditExport: (request: Request, facts: RequestFacts, viewer: Viewer) => Promise<Response>;
  /** Answers what stands below `/log/`; absent where the log has no tree. */
  readonly handleLogFiles?: (request: Request, facts: RequestFacts, viewer: Viewer) => Promise<Response>;
  readonly answerCatalogue: (headers: HeaderReader) => Promise<Answer>;
  readonly consoleFiles: ConsoleFiles;
  /** Streams of what changed, for consoles; absent where there are none. */
  readonly live?: LiveStreams;
  /** Signed tokens for other services; absent where none are issued. */
  readonly tokenIssuing?: TokenIssuing;
  readonly requireSameOrigin: (headers: HeaderReader, access: 'read' | 'write') => void;
  readonly refusals: RefusalLog;
  readonly metrics: Metrics;
  readonly metricsReaders: readonly string[];
  /** Whether the database answers. */
  readonly isReady: () => Promise<boolean>;
  readonly securityHeaders: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** HTTP's word for codes that GraphQL answers with 200. */
const REST_STATUS: Readonly<Partial<Record<ErrorCode, number>>> = { FORBIDDEN: 403, NOT_FOUND: 404, STEP_UP_FAILED: 401, CONFLICT: 409 };
/** Most requests under way at once; beyond, a quick refusal is better than a long queue (THREATS K06). */
const MAX_IN_FLIGHT = 400;

type Route = 'graphql' | 'auth' | 'token' | 'keys' | 'audit' | 'log' | 'catalogue' | 'live' | 'health' | 'metrics' | 'console';

/** Routes of which every refusal is an event; of the others, what an attacker alone would send. */
const RECORDED: ReadonlySet<Route> = new Set<Route>(['graphql', 'auth', 'token', 'audit', 'log', 'catalogue', 'live']);

/**
 * One way through for every request: facts, route, answer, security headers, correlation ID. Whatever goes
 * wrong leaves as an error of the closed set; refusals are on the log before the answer.
 */
export function createRouter(options: RouterOptions): (incoming: Incoming) => Promise<Answer> {
  const { log, metrics, requireSameOrigin, identify } = options;
  const mayReadMetrics = createReaderCheck(options.metricsReaders);
  let inFlight = 0;

  const routes: Record<Route, (incoming: Incoming, facts: RequestFacts) => Promise<Answer>> = {
    async graphql(incoming, facts) {
      allowMethods(incoming, 'POST');
      requireSameOrigin(incoming.headers, 'write');
      requireJson(incoming.headers);
      return options.handleGraphQL(incoming, facts);
    },

    async auth(incoming, facts) {
      const method = options.authenticationRoutes.get(incoming.path);
      if (method === undefined) throw notFound();
      allowMethods(incoming, method);
      const isWrite = incoming.method === 'POST';
      requireSameOrigin(incoming.headers, isWrite ? 'write' : 'read');
      let body: string | null = null;
      if (isWrite) {
        // Without a content type there is no body: a form always names one.
        const hasType = incoming.headers.get('content-type') !== null;
        if (hasType) requireJson(incoming.headers);
        body = await incoming.readBody();
        if (body === '') body = '{}';
        else if (!hasType) requireJson(incoming.headers);
        parseJsonObject(body);
      }
      identify.chargeStranger(facts.ip);
      const request = incoming.toRequest(body);
      if (body !== null) request.headers.set('content-type', 'application/json');
      return fromResponse(await options.authentication.handle(incoming.path, request, facts));
    },

    async token(incoming, facts) {
      if (!options.tokenIssuing) throw notFound();
      allowMethods(incoming, 'POST');
      requireSameOrigin(incoming.headers, 'write');
      requireForm(incoming.headers);
      identify.chargeStranger(facts.ip);
      const form = new URLSearchParams(await incoming.readBody());
      const { response, unrecorded } = await options.tokenIssuing.exchange(form, incoming.headers.get('authorization'), facts);
      if (unrecorded !== null) {
        metrics.countRefusal(unrecorded);
        await options.refusals.record({ code: unrecorded, facts, viewer: null, route: '/auth/token' });
      }
      return fromResponse(response);
    },

    async keys(incoming, facts) {
      if (!options.tokenIssuing) throw notFound();
      allowMethods(incoming, 'GET', 'HEAD');
      identify.chargeStranger(facts.ip);
      // Shorter than a key is published before it signs: whoever keeps the set knows each key in time.
      return answerJson(200, await options.tokenIssuing.publicKeys(), { 'cache-control': 'public, max-age=300' });
    },

    async audit(incoming, facts) {
      allowMethods(incoming, 'GET');
      return fromResponse(await options.handleAuditExport(incoming.toRequest(null), facts, await requireViewer(incoming, facts)));
    },

    async log(incoming, facts) {
      if (!options.handleLogFiles) throw notFound();
      allowMethods(incoming, 'GET');
      return fromResponse(await options.handleLogFiles(incoming.toRequest(null), facts, await requireViewer(incoming, facts)));
    },

    async catalogue(incoming, facts) {
      allowMethods(incoming, 'GET');
      await requireViewer(incoming, facts);
      return options.answerCatalogue(incoming.headers);
    },

    async live(incoming, facts) {
      allowMethods(incoming, 'GET');
      if (!options.live) throw notFound();
      // Opening is no use of the session either: a browser opens a stream again by itself, for as long as the page stands.
      const viewer = await requireViewer(incoming, facts, { touch: false });
      try {
        // Streams are the console's: what a token may hear ends with a request.
        if (viewer.token !== null) throw new GatewayError('FORBIDDEN');
        return { status: 200, headers: { ...EVENT_STREAM_HEADERS }, body: options.live.open(viewer) };
      } catch (error) {
        const refusal = findGatewayError(error);
        if (refusal === null || refusal.code === 'UNAVAILABLE') throw error;
        metrics.countRefusal(refusal.code);
        await options.refusals.record({ code: refusal.code, facts, viewer, route: '/live' });
        throw markRecorded(refusal);
      }
    },

    async health(incoming) {
      allowMethods(incoming, 'GET', 'HEAD');
      if (incoming.path === '/healthz') return answerJson(200, { status: 'alive' });
      const ready = await options.isReady();
      return answerJson(ready ? 200 : 503, { status: ready ? 'ready' : 'unavailable' });
    },

    async metrics(incoming) {
      allowMethods(incoming, 'GET');
      if (!mayReadMetrics(incoming.ip)) throw notFound();
      const { contentType, text } = await metrics.render();
      return { status: 200, headers: { 'content-type': contentType, 'cache-control': 'no-store' }, body: text };
    },

    async console(incoming) {
      if (incoming.method !== 'GET' && incoming.method !== 'HEAD') throw notFound();
      const answer = await options.consoleFiles.answer(incoming);
      if (!answer) throw notFound();
      return answer;
    },
  };

  const requireViewer = async (incoming: Incoming, facts: RequestFacts, reading?: ViewerReading): Promise<Viewer> => {
    requireSameOrigin(incoming.headers, 'read');
    const viewer = await identify(incoming.headers, facts, reading);
    if (!viewer) throw new GatewayError('UNAUTHENTICATED');
    return viewer;
  };

  const refuse = async (error: unknown, incoming: Incoming, facts: RequestFacts, route: Route): Promise<Answer> => {
    const failure = classifyFailure(error);
    const { correlationId } = facts;
    if (failure.code === 'INTERNAL' || failure.code === 'UNAVAILABLE') log.error({ correlationId, code: failure.code, route, failure: describeError(error) }, 'request failed');
    else if (!isRecordedRefusal(error) && (RECORDED.has(route) || failure.code === 'CSRF_REJECTED' || failure.code === 'RATE_LIMITED')) {
      // A code or password that `/auth` refused has its event, with the person it is about, from there.
      metrics.countRefusal(failure.code);
      await options.refusals.record({
        code: failure.code,
        facts,
        viewer: null,
        route: `/${route}`,
        isIdle: failure.code === 'UNAUTHENTICATED' && incoming.method === 'GET' && !hasCredentials(incoming.headers),
      });
    }
    const answer = answerError(failure, correlationId, failure instanceof HttpRefusal ? failure.status : REST_STATUS[failure.code]);
    return failure instanceof HttpRefusal ? { ...answer, headers: { ...answer.headers, ...failure.headers } } : answer;
  };

  return async (incoming) => {
    const facts = factsOf(incoming);
    const route = routeOf(incoming.path);
    inFlight += 1;
    let answer: Answer;
    try {
      if (inFlight > MAX_IN_FLIGHT) answer = answerError(new GatewayError('UNAVAILABLE'), facts.correlationId);
      else answer = await routes[route](incoming, facts);
    } catch (error) {
      answer = await refuse(error, incoming, facts, route);
    } finally {
      inFlight -= 1;
    }
    metrics.countRequest(route, incoming.method, answer.status);
    return { ...answer, headers: { ...options.securityHeaders, 'x-correlation-id': facts.correlationId, ...answer.headers } };
  };
}

function routeOf(path: string): Route {
  if (path === '/graphql') return 'graphql';
  if (path === '/auth/token') return 'token';
  if (path === '/.well-known/jwks.json') return 'keys';
  if (path.startsWith('/auth/')) return 'auth';
  if (path === '/audit/export') return 'audit';
  if (path.startsWith('/log/')) return 'log';
  if (path === '/catalogue.json') return 'catalogue';
  if (path === '/live') return 'live';
  if (path === '/healthz' || path === '/readyz') return 'health';
  if (path === '/metrics') return 'metrics';
  return 'console';
}

const notFound = (): HttpRefusal => new HttpRefusal(404, 'NOT_FOUND', 'Nothing is here.');

function allowMethods(incoming: Incoming, ...methods: readonly string[]): void {
  if (!methods.includes(incoming.method)) throw new HttpRefusal(405, 'BAD_INPUT', `Only ${methods.join(' and ')} here.`, { allow: methods.join(', ') });
}

function createReaderCheck(readers: readonly string[]): (ip: string) => boolean {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addAddress('::1', 'ipv6');
  for (const reader of readers) {
    const [address = '', bits] = reader.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (ip) => isIP(ip) !== 0 && list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}

function fromResponse(response: Response): Answer {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) if (name !== 'set-cookie') headers[name] = value;
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  headers['cache-control'] ??= 'no-store';
  return { status: response.status, headers, body: response.body };
}
