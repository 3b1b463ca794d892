import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** A batch as a receiver got it. */
export interface ReceivedBatch {
  /** Number of the connection that it came by, from 1. */
  readonly connection: number;
  readonly headers: IncomingMessage['headers'];
  readonly method: string;
  readonly lines: readonly string[];
  readonly indexes: readonly number[];
}

/** An answer other than plainly taking the batch. The receiver keeps a batch only where it answers with 2xx. */
export type Answering = (batch: ReceivedBatch, response: ServerResponse, attempt: number) => Promise<void> | void;

export interface Receiver {
  readonly url: URL;
  /** What it has taken, in order. */
  readonly taken: readonly ReceivedBatch[];
  /** Everything that was sent to it, taken or not. */
  readonly sent: readonly ReceivedBatch[];
  /** How often each index was taken. */
  counts(): ReadonlyMap<number, number>;
  answering: Answering;
  close(): Promise<void>;
}

const take: Answering = (_batch, response) => void response.writeHead(200).end('{"text":"Success","code":0}');

/** Index of a line in either format. */
function indexOf(line: string): number {
  const read = JSON.parse(line) as { readonly index?: number; readonly metadata?: { readonly sequence: number } };
  return read.index ?? read.metadata?.sequence ?? Number.NaN;
}

/**
 * An HTTP receiver of a test's own, on loopback. It takes a batch at the end of its answer: where the sender is gone by then, it has
 * taken nothing.
 */
export async function openReceiver(): Promise<Receiver> {
  const taken: ReceivedBatch[] = [];
  const sent: ReceivedBatch[] = [];
  const connections = new WeakMap<Socket, number>();
  let connected = 0;
  const server = createServer((request, response) => {
    // A sender that hangs up is no fault of the test.
    response.on('error', () => undefined);
    void receive(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    connected += 1;
    connections.set(socket, connected);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const lines = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body).toString('utf8').split('\n').slice(0, -1) : [];
    const batch = { connection: connections.get(request.socket) ?? 0, headers: request.headers, method: request.method ?? '', lines, indexes: lines.map(indexOf) };
    sent.push(batch);
    await receiver.answering(batch, response, sent.length);
    if (response.writableEnded && !response.destroyed && response.statusCode >= 200 && response.statusCode < 300) taken.push(batch);
  }

  const receiver: Receiver = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/ingest`),
    taken,
    sent,
    counts() {
      const counts = new Map<number, number>();
      for (const index of taken.flatMap(({ indexes }) => indexes)) counts.set(index, (counts.get(index) ?? 0) + 1);
      return counts;
    },
    answering: take,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

/** What is wrong with what a receiver has taken of a log of so many entries: nothing, where it has every index and each connection saw them in order. */
export function faultsOf({ taken }: Pick<Receiver, 'taken'>, size: number): readonly string[] {
  const faults: string[] = [];
  const seen = new Set(taken.flatMap(({ indexes }) => indexes));
  for (let index = 0; index < size; index += 1) if (!seen.has(index)) faults.push(`${index} is missing`);
  const reached = new Map<number, number>();
  for (const { connection, indexes } of taken) {
    if (indexes.some((index, place) => index !== (indexes[0] ?? 0) + place)) faults.push(`a batch from ${indexes[0]} has a gap`);
    if ((indexes[0] ?? 0) < (reached.get(connection) ?? 0)) faults.push(`${indexes[0]} came after ${reached.get(connection)} on one connection`);
    reached.set(connection, indexes.at(-1) ?? 0);
  }
  return faults;
}
