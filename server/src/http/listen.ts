import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { describeError, type Log } from '../kernel/log.ts';
import type { Answer, Incoming } from './exchange.ts';
import { fromNode } from './incoming.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly clientAddress: (peer: string | undefined, forwardedFor: string | null) => string;
  readonly answer: (incoming: Incoming) => Promise<Answer>;
  /** For answers that are given before a request could be read. */
  readonly securityHeaders: Readonly<Record<string, string>>;
  readonly log: Log;
}

export interface Listening {
  readonly url: string;
  /** Stops accepting, lets what is in flight finish for at most `graceMs`, then cuts the rest off. */
  close(graceMs: number): Promise<void>;
}

/** Limits of the listener itself, against slow and oversized requests (THREATS I08). Times in milliseconds. */
const LIMITS = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 10_000, connectionsCheckingInterval: 2_000 };
const MAX_CONNECTIONS = 2_000;

/** @throws {Error} of node:net (EADDRINUSE, EACCES) when it can't listen. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { host, port, log } = options;
  let closing = false;
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const forwardedFor = message.headers['x-forwarded-for'];
    const ip = options.clientAddress(message.socket.remoteAddress, typeof forwardedFor === 'string' ? forwardedFor : null);
    const answer = await options.answer(fromNode(message, ip, `http://${host.includes(':') ? `[${host}]` : host}`));
    if (response.destroyed) return;
    // A body that nobody read would be taken for the next request; closing is cheaper than reading it.
    if (!message.complete || closing) response.setHeader('connection', 'close');
    const { body } = answer;
    if (body === null || message.method === 'HEAD') {
      response.writeHead(answer.status, answer.headers).end();
    } else if (typeof body === 'string' || body instanceof Uint8Array) {
      response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(body) }).end(body);
    } else {
      response.writeHead(answer.status, answer.headers);
      // Of a reader that leaves, the source hears at once: `from` would wait for the next chunk.
      await pipeline(Readable.fromWeb(body as WebStream<Uint8Array>), response);
    }
  };

  const server: Server = createServer({ ...LIMITS, joinDuplicateHeaders: true, requireHostHeader: true }, (message, response) => {
    serve(message, response).catch((error: unknown) => {
      // Only a broken connection or a broken stream gets here; the answer has begun, so it can only be cut off.
      const failure = describeError(error);
      log[failure['code'] === 'ERR_STREAM_PREMATURE_CLOSE' ? 'debug' : 'warn']({ failure }, 'answer could not be sent');
      response.destroy();
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  const bare = Object.entries(options.securityHeaders)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const status =
      error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\n${bare}content-length: 0\r\nconnection: close\r\n\r\n`);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        closing = true;
        // A connection whose answer is sent a moment from now becomes idle only then.
        const sweep = setInterval(() => server.closeIdleConnections(), 50);
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          clearInterval(sweep);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
