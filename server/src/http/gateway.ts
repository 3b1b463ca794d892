import type { RequestContext } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { GraphQLSchema } from 'graphql';
import type { RequestReads } from '../audit/personal-reads.ts';
import type { Log } from '../kernel/log.ts';
import type { AuditLog, Authentication, RequestFacts, TokenIssuing } from '../kernel/seams.ts';
import { createCatalogueFile } from './catalogue-file.ts';
import { createClientAddress } from './client-address.ts';
import { createConsoleFiles } from './console-files.ts';
import type { Answer, Incoming } from './exchange.ts';
import { createDocuments, type PreparedOperation } from './graphql/documents.ts';
import { createExecute } from './graphql/execute.ts';
import type { SharedContext } from './graphql/exchange.ts';
import { createGraphQLHandler } from './graphql/handle-graphql.ts';
import { createIdentify } from './identify.ts';
import { fromFetch } from './incoming.ts';
import { type Listening, listen } from './listen.ts';
import type { LiveStreams } from './live/live-streams.ts';
import type { ShownLogFigures } from './log-metrics.ts';
import { createMetrics, type MetricRegistry, type PoolFigures, type StreamFigures } from './metrics.ts';
import { createRateLimit, type RateLimitOptions } from './rate-limit.ts';
import { createRefusalLog } from './refusal-log.ts';
import { createRouter } from './router.ts';
import { createSameOriginCheck, type OwnOrigins } from './same-origin.ts';
import { securityHeaders } from './security-headers.ts';

/** Ceilings that an installation may move. */
export interface RequestLimits {
  /** Of one address, for strangers and unproven sessions. */
  readonly address: RateLimitOptions;
  /** Of one session. */
  readonly session: RateLimitOptions;
  /** Refusals of one address recorded one by one each minute; beyond, they are counted. */
  readonly refusalsPerMinute: number;
}

export const REQUEST_LIMITS: RequestLimits = {
  address: { burst: 300, perSecond: 30 },
  session: { burst: 3000, perSecond: 1000 },
  refusalsPerMinute: 300,
};

export interface HttpGatewayOptions {
  readonly schema: GraphQLSchema;
  /** The same without scope wrappers; null where there is none. */
  readonly fastSchema: GraphQLSchema | null;
  readonly mayRunFast: (operation: PreparedOperation, viewer: Viewer) => boolean;
  readonly authentication: Authentication;
  /** Path → method of what `authentication.handle` answers. */
  readonly authenticationRoutes: ReadonlyMap<string, string>;
  readonly audit: AuditLog;
  readonly createReads: () => RequestReads;
  readonly shared: Pick<RequestContext, keyof SharedContext>;
  readonly handleAuditExport: (request: Request, facts: RequestFacts, viewer: Viewer) => Promise<Response>;
  /** Answers what stands below `/log/`; absent where the log has no tree. */
  readonly handleLogFiles?: (request: Request, facts: RequestFacts, viewer: Viewer) => Promise<Response>;
  /** `catalogue.json` as text. */
  readonly catalogue: string;
  /** Streams of what changed; absent where there are none. */
  readonly live?: LiveStreams;
  /** Signed tokens for other services; absent where none are issued. */
  readonly tokenIssuing?: TokenIssuing;
  readonly isReady: () => Promise<boolean>;
  readonly pool: PoolFigures | null;
  /** How the streams of the log fare, for /metrics; absent where there are none. */
  readonly streams?: () => Promise<readonly StreamFigures[]>;
  /** How the log itself fares, for /metrics; absent where there is none. */
  readonly logFigures?: () => Promise<ShownLogFigures>;
  /** Adds further figures to /metrics; absent where there are none. */
  readonly registerFigures?: (registry: MetricRegistry) => void;
  readonly log: Log;
  /** Build of the console; null where there is none. */
  readonly staticDirectory: string | null;
  readonly origins: OwnOrigins;
  readonly trustedProxies: readonly string[];
  readonly metricsReaders: readonly string[];
  /** Introspection on, console files read anew. */
  readonly development: boolean;
  readonly limits?: RequestLimits;
}

export interface HttpGateway {
  /** Answers one request within the process; the same way as over the wire. */
  fetch(request: Request, peer: { readonly ip: string }): Promise<Response>;
  listen(host: string, port: number): Promise<{ readonly url: string }>;
  /** Lets requests in flight finish for at most `graceMs`, then writes the counts of refusals that wait. */
  close(graceMs: number): Promise<void>;
}

/** Puts the HTTP side together. Everything behind it comes in by its interface. */
export function createHttpGateway(options: HttpGatewayOptions): HttpGateway {
  const { schema, fastSchema, audit, log } = options;
  const limits = options.limits ?? REQUEST_LIMITS;
  const metrics = createMetrics(options.pool, options.streams ?? null, options.logFigures ?? null, options.registerFigures ?? null);
  const refusals = createRefusalLog({ audit, log, perMinute: limits.refusalsPerMinute });
  const identify = createIdentify(options.authentication, { address: createRateLimit(limits.address), session: createRateLimit(limits.session) });
  const headers = securityHeaders(options.origins.publicOrigin?.startsWith('https:') ?? false);
  const handleGraphQL = createGraphQLHandler({
    schema,
    documents: createDocuments(schema, { introspection: options.development }),
    execute: createExecute({ schema, fastSchema, mayRunFast: options.mayRunFast }),
    shared: options.shared,
    audit,
    createReads: options.createReads,
    log,
    metrics,
    identify,
    refused: (error, facts, viewer, isIdle) => {
      metrics.countRefusal(error.code);
      return refusals.record({ code: error.code, facts, viewer, route: '/graphql', isIdle });
    },
  });
  const answer = createRouter({
    ...options,
    identify,
    handleGraphQL,
    answerCatalogue: createCatalogueFile(options.catalogue),
    consoleFiles: createConsoleFiles(options.staticDirectory, options.development),
    requireSameOrigin: createSameOriginCheck(options.origins),
    refusals,
    metrics,
    securityHeaders: headers,
  });
  let listening: Listening | null = null;

  return {
    fetch: async (request, { ip }) => toResponse(await answer(fromFetch(request, ip)), request.method),
    async listen(host, port) {
      listening = await listen({
        host,
        port,
        clientAddress: createClientAddress(options.trustedProxies),
        answer: (incoming: Incoming) => answer(incoming),
        securityHeaders: headers,
        log,
      });
      return { url: listening.url };
    },
    async close(graceMs) {
      // A stream would last as long as its reader: it is ended, not waited for.
      options.live?.close();
      await listening?.close(graceMs);
      await refusals.close();
      metrics.close();
    },
  };
}

/** Statuses with which the fetch API takes no body. */
const EMPTY = new Set([204, 304]);

function toResponse({ status, headers, body }: Answer, method: string): Response {
  const copied = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') copied.set(name, value);
    else for (const each of value) copied.append(name, each);
  }
  const payload = method === 'HEAD' || EMPTY.has(status) ? null : body instanceof Uint8Array ? new Uint8Array(body) : body;
  return new Response(payload, { status, headers: copied });
}
