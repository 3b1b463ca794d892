const ADDRESS = /https?:\/\/[^\s<>"]+/g;

export type MailPart = { readonly text: string } | { readonly path: string; readonly address: string };

/** A mail's text in pieces: addresses of this very console become ways within it, all others stay plain text. */
export function partsOf(body: string, origin: string): readonly MailPart[] {
  const parts: MailPart[] = [];
  let at = 0;
  for (const match of body.matchAll(ADDRESS)) {
    const [address] = match;
    const url = URL.canParse(address) ? new URL(address) : null;
    // `//host` would be another one's address to a router.
    if (url?.origin !== origin || url.pathname.startsWith('//')) continue;
    if (match.index > at) parts.push({ text: body.slice(at, match.index) });
    parts.push({ path: `${url.pathname}${url.search}${url.hash}`, address });
    at = match.index + address.length;
  }
  if (at < body.length) parts.push({ text: body.slice(at) });
  return parts;
}
