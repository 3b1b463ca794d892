import { GatewayError } from '@sallyport/schema/errors.ts';
import { HttpRefusal } from './http-refusal.ts';
import type { HeaderReader } from './exchange.ts';

/** Deepest nesting of a JSON body that is parsed at all. */
export const MAX_JSON_DEPTH = 50;

const FORM_TYPE = /^application\/x-www-form-urlencoded(?:\s*;\s*charset=(?:utf-8|"utf-8"))?$/i;
const JSON_TYPE = /^application\/json(?:\s*;\s*charset=(?:utf-8|"utf-8"))?$/i;

/**
 * Only `application/json` in UTF-8 and uncompressed: what no form and no cross-site request without
 * preflight can send, and nothing that unpacks to more than was counted.
 * @throws {HttpRefusal} 415.
 */
export function requireJson(headers: HeaderReader): void {
  if (!JSON_TYPE.test(headers.get('content-type')?.trim() ?? '')) {
    throw new HttpRefusal(415, 'BAD_INPUT', 'Send the body as application/json in UTF-8.', { 'accept-post': 'application/json' });
  }
  requireUncompressed(headers);
}

function requireUncompressed(headers: HeaderReader): void {
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') throw new HttpRefusal(415, 'BAD_INPUT', 'Compressed bodies are not accepted.', { 'accept-encoding': 'identity' });
}

/**
 * Only a form in UTF-8 and uncompressed, for the one door whose callers expect it (RFC 6749) and where no cookie counts.
 * @throws {HttpRefusal} 415.
 */
export function requireForm(headers: HeaderReader): void {
  if (!FORM_TYPE.test(headers.get('content-type')?.trim() ?? ''))
    throw new HttpRefusal(415, 'BAD_INPUT', 'Send the body as application/x-www-form-urlencoded in UTF-8.', { 'accept-post': 'application/x-www-form-urlencoded' });
  requireUncompressed(headers);
}

/** Nesting of arrays and objects, counted without parsing, so that a deep body costs one pass and no stack. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x7b || character === 0x5b) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return true;
    } else if (character === 0x7d || character === 0x5d) depth -= 1;
  }
  return false;
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
/** A key can also be spelled with escapes; then the parsed value is looked through. */
const SUSPICIOUS = /__proto__|constructor|prototype|\\u/;

function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  return Object.keys(value).some((key) => FORBIDDEN_KEYS.has(key) || hasForbiddenKey((value as Record<string, unknown>)[key]));
}

/**
 * A body as a JSON object.
 * @throws {GatewayError} BAD_INPUT when it is no JSON object, too deep, or names a prototype. The text is not repeated.
 */
export function parseJsonObject(text: string): Record<string, unknown> {
  if (isTooDeep(text)) throw new GatewayError('BAD_INPUT', `The body is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new GatewayError('BAD_INPUT', 'The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new GatewayError('BAD_INPUT', 'The body must be one JSON object.');
  if (SUSPICIOUS.test(text) && hasForbiddenKey(value)) throw new GatewayError('BAD_INPUT', 'The body holds a key that is not allowed.');
  return value as Record<string, unknown>;
}
