import type { RequestContext } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { Plugin } from 'graphql-yoga';
import type { RequestReads } from '../../audit/personal-reads.ts';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { HeaderReader } from '../exchange.ts';
import type { PreparedOperation } from './documents.ts';

/** What is found out about one `POST /graphql` on its way. Each member has one plugin that writes it. */
export interface GraphQLExchange {
  readonly headers: HeaderReader;
  readonly facts: RequestFacts;
  /** By use-viewer; null for a stranger, and until then. */
  viewer: Viewer | null;
  /** By use-prepared-documents. The text is known before it is judged. */
  text: string;
  prepared: PreparedOperation | null;
  /** By use-request-context. */
  context: ExecutionContext | null;
  /** By use-compiled-execution: from here on a resolver may have run, and a failure is no refusal of the request. */
  begun: boolean;
}

/** What Yoga carries through its hooks for us. */
export interface ServerContext {
  readonly exchange: GraphQLExchange;
}

/** What every request's context has in common. */
export type SharedContext = Pick<RequestContext, 'environment' | 'policyVersion' | 'db' | 'cursorKey' | 'door' | 'logStanding' | 'logSurroundings'>;

/** What resolvers get: none of Yoga's own, so neither the request nor its headers. */
export type ExecutionContext = RequestContext & { readonly reads: RequestReads };

export type GatewayPlugin = Plugin<ServerContext, ServerContext>;
