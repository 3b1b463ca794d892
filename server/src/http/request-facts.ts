import type { Surface } from '@sallyport/schema/ports.ts';
import { correlationIdOf } from '../kernel/correlation.ts';
import type { RequestFacts } from '../kernel/seams.ts';
import type { Incoming } from './exchange.ts';

const SURFACES: ReadonlySet<string> = new Set(['console', 'api', 'cli'] satisfies Surface[]);
const isSurface = (value: string | null): value is Surface => value !== null && SURFACES.has(value);

/** What is said of a request on the log. The surface is the caller's own word and decides nothing. */
export function factsOf({ headers, ip }: Incoming): RequestFacts {
  const surface = headers.get('x-request-surface');
  return {
    correlationId: correlationIdOf(headers.get('x-correlation-id'), headers.get('traceparent')),
    // A token is tooling, whatever it calls itself.
    surface: isSurface(surface) && !(surface === 'console' && headers.get('authorization') !== null) ? surface : 'api',
    ip,
    userAgent: (headers.get('user-agent') ?? '').slice(0, 300),
  };
}
