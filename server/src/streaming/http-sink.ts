import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DeliveryFailure, type LogBatch, type LogSink, type StreamFormat, systemCodeOf } from './log-sink.ts';
import { readRetryAfter } from './retry-after.ts';
import { streamName } from './stream-name.ts';

export interface HttpSinkOptions {
  /** https, or http to this machine, as `readConfig` has checked it. */
  readonly url: URL;
  /** For `Authorization`: with a scheme of its own (`Splunk …`), else as a bearer token (RFC 6750). Null where the address is enough. */
  readonly token: string | null;
  readonly format: StreamFormat;
  /** For one batch, from connecting to the end of the answer. Default 30 s. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
/** Of an answer, no more is read. */
const LONGEST_ANSWER = 64 * 1024;
/** What says that everything was taken. 207 (some of it) and 203, 205, 206 do not. */
const TAKEN = new Set([200, 201, 202, 204]);
/** What passes by itself. */
const PASSING = new Set([408, 425, 429]);
const TOO_LARGE = 413;

const compress = promisify(gzip);

/**
 * Posts batches to an HTTP endpoint: gzipped JSON Lines, one batch after the other, each with the log's name and the first and last
 * index in its headers, so that the receiver knows what it has seen before. The answer has to come whole: one that breaks off
 * may mean anything, and the batch is sent again. Redirects are refusals: the entries go where the operator said, or nowhere.
 *
 * On one connection indexes never go back: what is sent again, for whatever reason, comes by a new connection.
 */
export function createHttpSink({ url, token, format, timeoutMs = TIMEOUT_MS }: HttpSinkOptions): LogSink {
  const authorization = token === null ? {} : { authorization: token.includes(' ') ? token : `Bearer ${token}` };
  const isSecure = url.protocol === 'https:';
  let agent: HttpAgent | HttpsAgent | null = null;
  const disconnect = (): void => {
    agent?.destroy();
    agent = null;
  };
  const connection = (): HttpAgent | HttpsAgent => {
    agent ??= new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
    return agent;
  };

  const send = async ({ origin, first, last }: LogBatch, body: Buffer, signal: AbortSignal): Promise<IncomingMessage> => {
    const headers = {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'content-length': body.length,
      'user-agent': 'sallyport',
      'x-log-origin': encodeURI(origin),
      'x-log-first-index': first,
      'x-log-last-index': last,
      'idempotency-key': `${encodeURI(origin)}/${first}-${last}`,
      ...authorization,
    };
    const answered = (isRepeat: boolean): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const request = (isSecure ? requestHttps : requestHttp)(url, { method: 'POST', agent: connection(), signal, headers }, resolve);
        request.on('error', (fault: NodeJS.ErrnoException) => {
          disconnect();
          // A connection that the receiver had closed for want of use says nothing about the receiver.
          if (request.reusedSocket && !isRepeat && (fault.code === 'ECONNRESET' || fault.code === 'EPIPE')) resolve(answered(true));
          else reject(fault);
        });
        request.end(body);
      });
    const answer = await answered(false);
    await readToEnd(answer);
    return answer;
  };

  return {
    name: streamName('http', `${url.href} ${format}`),
    kind: 'http',
    destination: url.host,
    format,
    open: async () => disconnect(),
    async deliver(batch, stopped) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const answer = await send(batch, await compress(batch.lines), AbortSignal.any([stopped, deadline])).catch((fault: unknown) => {
        throw new DeliveryFailure(deadline.aborted ? 'TIMED_OUT' : systemCodeOf(fault), 'soon', null, fault);
      });
      const status = answer.statusCode ?? 0;
      if (TAKEN.has(status)) return;
      const reason = status >= 300 && status < 400 ? `REDIRECTED_${status}` : `HTTP_${status}`;
      if (status === TOO_LARGE && batch.last > batch.first) throw new DeliveryFailure(reason, 'smaller');
      throw new DeliveryFailure(reason, status >= 500 || PASSING.has(status) ? 'soon' : 'slowly', readRetryAfter(answer.headers));
    },
    close: async () => disconnect(),
  };
}

/** Reads an answer to its end, or to the most that we read of one; what would follow is cut off with its connection. */
async function readToEnd(answer: IncomingMessage): Promise<void> {
  let read = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    read += chunk.byteLength;
    if (read > LONGEST_ANSWER) return;
  }
}
