import serialize from 'canonicalize';

// The package exports the function itself (CommonJS) while its types describe an ES default export.
const toCanonical = serialize as unknown as (value: unknown) => string | undefined;

/**
 * RFC 8785 JSON: members sorted by UTF-16 code units, shortest numbers, no white space.
 * @throws {TypeError} when the value is none that JSON knows.
 */
export function canonicalJson(value: unknown): string {
  const text = toCanonical(value);
  if (text === undefined) throw new TypeError('Not a JSON value');
  return text;
}
