import { GatewayError } from '@sallyport/schema/errors.ts';
import type { RequestReads } from '../../audit/personal-reads.ts';
import type { HeaderReader } from '../exchange.ts';
import type { GatewayPlugin, SharedContext } from './exchange.ts';

/** Visible ASCII: what a key or a proof of ours consists of. A key is as long as `gateway.idempotency` holds. */
const HEADER_VALUES = { 'idempotency-key': /^[\x21-\x7e]{1,200}$/, 'step-up-proof': /^[\x21-\x7e]{1,512}$/ } as const;

/**
 * Resolvers decide by what stands in their context, so nothing in it may come from the caller unchecked: who asks
 * comes from the session, everything else from the gateway, and of the headers only a key and a proof of
 * our own form get in (THREATS I10).
 */
export function useRequestContext(shared: SharedContext, createReads: () => RequestReads): GatewayPlugin {
  return {
    onContextBuilding({ context: { exchange } }) {
      const { facts, headers, viewer } = exchange;
      exchange.context = {
        ...shared,
        viewer,
        correlationId: facts.correlationId,
        surface: facts.surface,
        ip: facts.ip,
        userAgent: facts.userAgent,
        idempotencyKey: readKey(headers, 'idempotency-key'),
        stepUpProof: readKey(headers, 'step-up-proof'),
        memory: new Map(),
        reads: createReads(),
      };
    },
  };
}

function readKey(headers: HeaderReader, name: keyof typeof HEADER_VALUES): string | null {
  const value = headers.get(name);
  if (value === null) return null;
  if (!HEADER_VALUES[name].test(value)) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: name, message: 'Visible ASCII, at most 200 characters for a key.' }] });
  return value;
}
