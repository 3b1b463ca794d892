import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import type { Answer, HeaderReader } from './exchange.ts';

const compress = promisify(brotliCompress);

/**
 * Serves `catalogue.json` to people who are signed in. It is the same for all of them and holds no secret, so it may
 * be compressed and asked for by ETag; it is kept by the browser alone and asked about each time.
 */
export function createCatalogueFile(text: string): (headers: HeaderReader) => Promise<Answer> {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 24)}"`;
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private, no-cache', vary: 'accept-encoding, cookie', etag };
  let compressed: Promise<Buffer> | null = null;
  return async (asked) => {
    if (asked.get('if-none-match') === etag) return { status: 304, headers, body: null };
    if (!/\bbr\b/.test(asked.get('accept-encoding') ?? '')) return { status: 200, headers, body: text };
    compressed ??= compress(text);
    return { status: 200, headers: { ...headers, 'content-encoding': 'br' }, body: await compressed };
  };
}
