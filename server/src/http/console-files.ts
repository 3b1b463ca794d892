import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Answer, Incoming } from './exchange.ts';
import { makeNonce, pagePolicy } from './security-headers.ts';

const compress = promisify(brotliCompress);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
const COMPRESSIBLE = new Set(['.js', '.css', '.json', '.map', '.svg', '.webmanifest', '.txt']);

/** Vite's names carry a hash of the content: `assets/index-B2xY9c_0.js`. */
const HASHED = /\/assets\/[^/]+-[\w-]{8,}\.\w+$/;
/** Stands in index.html wherever the page needs this answer's nonce. */
const NONCE_MARK = '__CSP_NONCE__';

interface StoredFile {
  readonly body: Buffer;
  readonly brotli: Buffer | null;
  readonly etag: string;
  readonly type: string;
}

export interface ConsoleFiles {
  /** The file, the page for one of the console's own addresses, or null. */
  answer(incoming: Incoming): Promise<Answer | null>;
}

/**
 * Serves the built console. Hashed files for ever, others by ETag; the page itself never from a cache,
 * because its nonce is for one answer. Files stay in memory, at most 64 MB of them.
 * @param directory of the build; null where there is no console.
 * @param fresh reads each file anew (while developing).
 */
export function createConsoleFiles(directory: string | null, fresh = false): ConsoleFiles {
  const root = directory === null ? null : resolve(directory);
  const files = new LRUCache<string, StoredFile>({ maxSize: 64 * 2 ** 20, sizeCalculation: (file) => file.body.length + (file.brotli?.length ?? 0) + 1 });

  const load = async (path: string): Promise<StoredFile | null> => {
    const known = fresh ? undefined : files.get(path);
    if (known) return known;
    if (root === null) return null;
    const place = join(root, path);
    if (!place.startsWith(root + sep)) return null;
    const extension = extname(place);
    const type = TYPES[extension];
    if (type === undefined) return null;
    let body: Buffer;
    try {
      body = await readFile(place);
    } catch {
      return null;
    }
    const brotli = COMPRESSIBLE.has(extension) && body.length > 1024 ? await compress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }) : null;
    const file = { body, brotli, type, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"` };
    files.set(path, file);
    return file;
  };

  const page = async (): Promise<Answer | null> => {
    const file = await load('/index.html');
    if (!file) return null;
    const nonce = makeNonce();
    return {
      status: 200,
      headers: { 'content-type': file.type, 'cache-control': 'no-store', 'content-security-policy': pagePolicy(nonce) },
      body: file.body.toString('utf8').replaceAll(NONCE_MARK, nonce),
    };
  };

  return {
    async answer(incoming) {
      let path: string;
      try {
        path = decodeURIComponent(incoming.path);
      } catch {
        return null;
      }
      if (path.includes('\0') || path.includes('\\')) return null;
      if (path === '/' || path === '/index.html') return page();
      if (extname(path) === '') {
        // An address of the console's own router: only a browser that wants a page gets it.
        return incoming.headers.get('accept')?.includes('text/html') ? page() : null;
      }
      const file = await load(path);
      if (!file) return null;
      const headers: Record<string, string> = {
        'content-type': file.type,
        etag: file.etag,
        'cache-control': HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        ...(file.brotli ? { vary: 'accept-encoding' } : {}),
      };
      if (incoming.headers.get('if-none-match') === file.etag) return { status: 304, headers, body: null };
      if (file.brotli && /\bbr\b/.test(incoming.headers.get('accept-encoding') ?? '')) return { status: 200, headers: { ...headers, 'content-encoding': 'br' }, body: file.brotli };
      return { status: 200, headers, body: file.body };
    },
  };
}
