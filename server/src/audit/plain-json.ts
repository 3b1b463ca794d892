import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const DEEPEST = 16;

/** Cleans one string; the default keeps it as it is but for what PostgreSQL's jsonb can't hold. */
export type CleanString = (text: string) => string;
const storable: CleanString = (text) => text.toWellFormed().replaceAll('\u0000', '\u{fffd}');

/**
 * The JSON value that comes back unchanged from a jsonb column: times as ISO 8601, big integers and numbers
 * without JSON form as text, absent members left out, binary data named but not kept.
 */
export function plainJson(value: unknown, clean: CleanString = storable, depth = 0): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return { omitted: 'binary', bytes: value.byteLength };
  if (depth >= DEEPEST) return { omitted: 'depth' };
  if (Array.isArray(value)) return value.map((item: unknown) => plainJson(item, clean, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined && typeof member !== 'function' && typeof member !== 'symbol')
      .map(([name, member]) => [clean(name), plainJson(member, clean, depth + 1)]),
  );
}

/** Stands for a value too large to keep: its size and digest, by which the value can still be recognised. */
export function digestOf(value: Json): Json {
  const text = canonicalJson(value);
  return { omitted: 'size', bytes: Buffer.byteLength(text), sha256: hash('sha256', text) };
}
