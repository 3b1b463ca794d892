import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { HttpRefusal } from './http-refusal.ts';
import type { HeaderReader, Incoming } from './exchange.ts';

/** Largest request body in bytes. */
export const MAX_BODY = 256 * 1024;
/** Time from the headers to the last byte of the body, in milliseconds. */
export const BODY_DEADLINE_MS = 10_000;

const tooLarge = () => new HttpRefusal(413, 'BAD_INPUT', `A request body holds at most ${MAX_BODY / 1024} KiB.`, { connection: 'close' });

const notUtf8 = () => new HttpRefusal(400, 'BAD_INPUT', 'The body is not UTF-8.');

/**
 * A request of node:http. The body is read when it is asked for, never beyond its limit and deadline.
 * @param ip the client as `createClientAddress` names it.
 */
export function fromNode(message: IncomingMessage, ip: string, origin: string): Incoming {
  const url = message.url ?? '/';
  const cut = url.indexOf('?');
  const path = cut < 0 ? url : url.slice(0, cut);
  const headers: HeaderReader = {
    get(name) {
      const value = message.headers[name];
      return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
    },
  };
  return {
    method: message.method ?? '',
    path,
    search: cut < 0 ? '' : url.slice(cut + 1),
    headers,
    ip,
    readBody: () => readBody(message),
    toRequest(body) {
      const copied = new Headers();
      for (const [name, value] of Object.entries(message.headers)) {
        if (value !== undefined && !name.startsWith(':')) copied.set(name, Array.isArray(value) ? value.join(', ') : value);
      }
      return new Request(new URL(url.startsWith('/') ? url : '/', origin), { method: message.method ?? 'GET', headers: copied, ...(body === null ? {} : { body }) });
    },
  };
}

function readBody(message: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Number(message.headers['content-length'] ?? 0) > MAX_BODY) return reject(tooLarge());
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      message.off('data', onData).off('end', onEnd).off('error', onError).off('close', onError);
      act();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > MAX_BODY) finish(() => reject(tooLarge()));
      else chunks.push(chunk);
    };
    const onEnd = (): void =>
      finish(() => {
        const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
        if (isUtf8(body)) resolve(body.toString('utf8'));
        else reject(notUtf8());
      });
    const onError = (): void => finish(() => reject(new HttpRefusal(400, 'BAD_INPUT', 'The request broke off.', { connection: 'close' })));
    const timer = setTimeout(() => finish(() => reject(new HttpRefusal(408, 'BAD_INPUT', 'The body took too long.', { connection: 'close' }))), BODY_DEADLINE_MS);
    message.on('data', onData).on('end', onEnd).on('error', onError).on('close', onError);
  });
}

/** A request of the fetch API, for callers within the process. */
export function fromFetch(request: Request, ip: string): Incoming {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    search: url.search.slice(1),
    headers: { get: (name) => request.headers.get(name) ?? (name === 'host' ? url.host : null) },
    ip,
    async readBody() {
      const bytes = await request.arrayBuffer();
      if (bytes.byteLength > MAX_BODY) throw tooLarge();
      const body = Buffer.from(bytes);
      if (!isUtf8(body)) throw notUtf8();
      return body.toString('utf8');
    },
    toRequest: (body) => new Request(url, { method: request.method, headers: request.headers, ...(body === null ? {} : { body }) }),
  };
}
