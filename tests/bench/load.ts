import autocannon from 'autocannon';

/** One measurement: every connection sends its own requests in turn, again and again, each when the one before is answered. */
export interface LoadTask {
  readonly url: string;
  readonly seconds: number;
  /** By connection. */
  readonly connections: readonly { readonly headers: Readonly<Record<string, string>>; readonly bodies: readonly string[] }[];
  /** Whether each request carries an idempotency key of its own. */
  readonly keyed: boolean;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly requests: number;
  /** Anything that was not a full answer. */
  readonly failures: number;
}

// A process of its own: what sends the load must not share a thread with what answers it.
process.on('message', (task: LoadTask) => void measure(task).then((result) => process.send?.(result)));

async function measure(task: LoadTask): Promise<LoadResult> {
  let next = 0;
  const latencies: number[] = [];
  const options: autocannon.Options = {
    url: `${task.url}/graphql`,
    connections: task.connections.length,
    duration: task.seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // A whole answer begins with its data; a refusal or a partial one does not.
    verifyBody: (body) => String(body).startsWith('{"data":{'),
    setupClient: (client) => {
      const mine = task.connections[next];
      next += 1;
      if (!mine) return;
      client.setRequests(
        mine.bodies.map((body) => ({
          method: 'POST',
          path: '/graphql',
          headers: { 'content-type': 'application/json', ...mine.headers },
          body,
          ...(task.keyed ? { setupRequest: withKey } : {}),
        })),
      );
    },
  };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    // Its own histogram counts whole milliseconds; these are exact.
    autocannon(options, (fault, finished) => (fault ? reject(fault) : resolve(finished))).on('response', (_client, _status, _bytes, time) => latencies.push(time));
  });
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    requestsPerSecond: latencies.length / result.duration,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    requests: latencies.length,
    failures: result.errors + result.non2xx + result.mismatches,
  };
}

const withKey = (request: autocannon.Request): autocannon.Request => ({ ...request, headers: { ...request.headers, 'idempotency-key': crypto.randomUUID() } });
