import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { originHash } from './cosigned-checkpoints.ts';
import type { Witness } from './witness.ts';
import { WitnessRefusal } from './witness-refusal.ts';

/** Bytes of a request: 63 hashes, a checkpoint, and room for the signatures of a log and its other witnesses. */
const MOST_BYTES = 128 * 1024;
const MOST_CONNECTIONS = 1_000;
const MOST_CHARACTERS_OF_URL = 2_000;
const PLAIN = 'text/plain; charset=utf-8';

export interface ListenAddress {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

export interface ServedWitness {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The witness over HTTP: `POST /add-checkpoint` and `GET /<origin hash>/checkpoint` of C2SP tlog-witness; besides, `GET /checkpoint?origin=…`,
 * `GET /key` and `GET /healthz`. Nothing here is secret, and nothing asks who calls: the signature on a checkpoint decides.
 * @param complain told of failures of this machine, without what was sent
 * @throws {WitnessRefusal} when the address can't be listened on
 */
export async function serveWitness(
  witness: Witness,
  { host, port }: ListenAddress,
  knownOrigins: () => Promise<readonly string[]>,
  complain: (text: string) => void,
): Promise<ServedWitness> {
  const server = createServer({ maxHeaderSize: 8 * 1024, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 15_000 }, (request, response) => {
    answer(witness, knownOrigins, request, response).catch((error: unknown) => {
      complain(`A request could not be answered: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
      if (response.headersSent) response.destroy();
      else send(response, 500, PLAIN, 'The witness could not do this\n');
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new WitnessRefusal(`--listen ${host}:${port} can't be listened on (${(cause as NodeJS.ErrnoException).code}).`, { cause });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A witness listens on a port');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      await closed;
    },
  };
}

async function answer(witness: Witness, knownOrigins: () => Promise<readonly string[]>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = (request.url ?? '').length <= MOST_CHARACTERS_OF_URL ? URL.parse(request.url ?? '', 'http://witness.invalid') : null;
  const path = url?.pathname ?? '';
  if (path === '/add-checkpoint') {
    if (request.method !== 'POST') return send(response, 405, PLAIN, 'POST a checkpoint\n', { allow: 'POST' });
    const body = await readBody(request);
    if (body === null) return send(response, 413, PLAIN, `A request has at most ${MOST_BYTES} bytes\n`, { connection: 'close' });
    const { status, type, body: text } = await witness.addCheckpoint(body);
    return send(response, status, type, text);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, PLAIN, 'GET only\n', { allow: 'GET, HEAD' });
  if (path === '/key') return send(response, 200, PLAIN, `${witness.verifier}\n`);
  if (path === '/healthz') return send(response, 200, PLAIN, 'ok\n');
  const origin = path === '/checkpoint' ? url?.searchParams.get('origin') : await originOf(path, knownOrigins);
  const note = origin ? await witness.latestNote(origin) : null;
  return note === null ? send(response, 404, PLAIN, 'Nothing was cosigned for this\n') : send(response, 200, PLAIN, note);
}

/** The known log that a monitor asks for by the hash of its origin. */
async function originOf(path: string, knownOrigins: () => Promise<readonly string[]>): Promise<string | undefined> {
  const name = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
  return name === undefined ? undefined : (await knownOrigins()).find((origin) => originHash(origin) === name);
}

/** @returns null for a body that is too large. Bytes that are no UTF-8 become characters that no checkpoint's signature covers. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers });
  response.end(body);
}
