import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { HeaderReader } from '../exchange.ts';
import type { GatewayPlugin } from './exchange.ts';

/** The person behind the request, or null. @throws {GatewayError} UNAUTHENTICATED, RATE_LIMITED. */
export type IdentifyCaller = (headers: HeaderReader, facts: RequestFacts) => Promise<Viewer | null>;

/**
 * Whoever is not who they say, or asks too often, must not make the gateway parse anything, and a session that
 * ended must not be good for one more answer (THREATS A03, A18, I12). So rights are read for every request, after the
 * last byte of its body and before the first of its text is looked at.
 */
export function useViewer(identify: IdentifyCaller): GatewayPlugin {
  return {
    async onRequestParse({ serverContext: { exchange } }) {
      exchange.viewer = await identify(exchange.headers, exchange.facts);
    },
  };
}
