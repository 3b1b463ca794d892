import { GatewayError } from '@sallyport/schema/errors.ts';

export type RequestBody = Readonly<Record<string, unknown>>;

/**
 * The JSON object of a request, with no other keys than the given ones.
 * @throws {GatewayError} BAD_INPUT otherwise. Neither names nor values of what was sent are repeated.
 */
export async function readBody(request: Request, keys: readonly string[]): Promise<RequestBody> {
  let body: unknown;
  try {
    body = await request.json();
  } catch {
    throw badBody('A JSON object is expected.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badBody('A JSON object is expected.');
  if (Object.keys(body).some((key) => !keys.includes(key))) throw badBody(`Only these fields are known here: ${keys.join(', ') || 'none'}.`);
  return body as RequestBody;
}

/** @throws {GatewayError} BAD_INPUT when the field is no text of at most `maxLength` characters. */
export function readText(body: RequestBody, key: string, maxLength: number): string {
  const value = body[key];
  if (typeof value !== 'string' || value === '' || value.length > maxLength) {
    throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: key, message: `Text of 1 to ${maxLength} characters.` }] });
  }
  return value;
}

const badBody = (message: string): GatewayError => new GatewayError('BAD_INPUT', undefined, { issues: [{ path: '', message }] });

/** An answer that no cache keeps. */
export function answer(body: unknown, cookies: readonly string[] = []): Response {
  const headers = new Headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(JSON.stringify(body), { status: 200, headers });
}
