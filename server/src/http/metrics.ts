import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type ShownLogFigures, watchLog } from './log-metrics.ts';

export type { Registry as MetricRegistry } from 'prom-client';

/** What a metrics reader may know of the connection pool. */
export interface PoolFigures {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** What a metrics reader may know of a stream of the log. */
export interface StreamFigures {
  readonly name: string;
  readonly kind: string;
  readonly behindEvents: number;
  readonly behindSeconds: number;
  /** Null while its receiver takes what is sent. */
  readonly failingSince: string | null;
  /** Whether a gateway works on it. */
  readonly served: boolean;
}

/** Figures in Prometheus' text format; labels are from closed sets, so that no caller can add series. */
export interface Metrics {
  countRequest(route: string, method: string, status: number): void;
  /** @param seconds from the first byte of the document to the answer. */
  observeOperation(type: string, outcome: string, seconds: number): void;
  countRefusal(code: string): void;
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
  close(): void;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/**
 * @param pool absent where there is none to watch.
 * @param streams reads how the streams of the log fare; absent where there are none.
 * @param logFigures reads how the log itself fares; absent where there is none.
 * @param register adds further figures; absent where there are none.
 */
export function createMetrics(
  pool: PoolFigures | null,
  streams: (() => Promise<readonly StreamFigures[]>) | null = null,
  logFigures: (() => Promise<ShownLogFigures>) | null = null,
  register: ((registry: Registry) => void) | null = null,
): Metrics {
  const registry = new Registry();
  // Includes event loop lag, heap and garbage collection.
  collectDefaultMetrics({ register: registry, prefix: 'sallyport_' });
  const requests = new Counter({
    name: 'sallyport_http_requests_total',
    help: 'Answered HTTP requests',
    labelNames: ['route', 'method', 'status'] as const,
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'sallyport_refused_requests_total',
    help: 'Requests refused before a resolver ran, by code',
    labelNames: ['code'] as const,
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'sallyport_graphql_seconds',
    help: 'Duration of GraphQL operations',
    labelNames: ['operation', 'outcome'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  if (pool) {
    new Gauge({
      name: 'sallyport_pool_connections',
      help: 'Database connections by state, and requests waiting for one',
      labelNames: ['state'] as const,
      registers: [registry],
      collect() {
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }
  if (streams) watchStreams(registry, streams);
  if (logFigures) watchLog(registry, logFigures);
  register?.(registry);
  return {
    countRequest: (route, method, status) => requests.inc({ route, method: METHODS.has(method) ? method : 'other', status: String(status) }),
    observeOperation: (operation, outcome, seconds) => durations.observe({ operation, outcome }, seconds),
    countRefusal: (code) => refusals.inc({ code }),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    close: () => registry.clear(),
  };
}

/** A gauge a figure, all of one scrape from one reading. Where it fails there is no figure, rather than an old one. */
function watchStreams(registry: Registry, streams: () => Promise<readonly StreamFigures[]>): void {
  const gauges: Readonly<Record<string, readonly [help: string, figure: (stream: StreamFigures) => number]>> = {
    sallyport_log_stream_lag_events: ['Entries of the log that a receiver has not said to have', ({ behindEvents }) => behindEvents],
    sallyport_log_stream_lag_seconds: ['Age of the oldest of them', ({ behindSeconds }) => behindSeconds],
    sallyport_log_stream_failing: ['Whether the last try failed', ({ failingSince }) => (failingSince === null ? 0 : 1)],
    sallyport_log_stream_served: ['Whether a gateway works on the stream', ({ served }) => (served ? 1 : 0)],
  };
  let reading: Promise<readonly StreamFigures[]> | null = null;
  const read = (): Promise<readonly StreamFigures[]> => {
    reading ??= streams()
      .catch(() => [])
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  for (const [name, [help, figure]] of Object.entries(gauges))
    new Gauge({
      name,
      help,
      labelNames: ['stream', 'kind'] as const,
      registers: [registry],
      async collect() {
        const states = await read();
        this.reset();
        for (const state of states) this.set({ stream: state.name, kind: state.kind }, figure(state));
      },
    });
}
