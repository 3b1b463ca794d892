import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStubGateway } from '../http/stub-gateway.ts';

const gateway = createStubGateway();
let port = 0;
let url = '';
beforeAll(async () => {
  ({ url } = await gateway.listen('127.0.0.1', 0));
  port = Number(new URL(url).port);
});
afterAll(() => gateway.close(0));

/** Sends bytes as they are and answers everything that comes back until the server closes or `untilMs`. */
function raw(parts: readonly (string | Buffer)[], untilMs = 3000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const end = () => {
      socket.destroy();
      resolve(received);
    };
    const timer = setTimeout(end, untilMs);
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
    socket.on('error', () => undefined);
    for (const part of parts) socket.write(part);
  });
}
const head = (extra = '', path = '/graphql') => `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nCookie: sallyport_session=ana\r\n${extra}`;
const post = (body: string) => fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', cookie: 'sallyport_session=ana' }, body });
const codeOf = async (response: Response) => ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

describe('oversized, deep and broken requests (I08)', () => {
  it('answers over the wire as within the process', async () => {
    const response = await post(JSON.stringify({ query: '{ tenant(id: "1") { id } }' }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { tenant: { id: '1' } } });
  });

  it('refuses a body above 256 KiB with 413, by its stated length and by its counted length', async () => {
    const stated = await raw([head(`Content-Length: ${2 ** 30}\r\n\r\n`), '{"query":"']);
    expect(stated).toMatch(/^HTTP\/1\.1 413 /);
    expect(stated).toContain('nosniff');
    const chunk = 'a'.repeat(65_536);
    const counted = await raw([head('Transfer-Encoding: chunked\r\n\r\n'), ...Array.from({ length: 8 }, () => `10000\r\n${chunk}\r\n`)]);
    expect(counted).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('refuses deep JSON before parsing it, and takes deep-looking text for text', async () => {
    const deep = await post(`{"query":"{ __typename }","variables":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`);
    expect({ status: deep.status, code: await codeOf(deep) }).toEqual({ status: 400, code: 'BAD_INPUT' });
    const arrays = await post(`{"query":"{ __typename }","variables":{"a":${'['.repeat(60)}${']'.repeat(60)}}}`);
    expect(arrays.status).toBe(400);
    const text = await post(JSON.stringify({ query: 'query ($id: ID!) { tenant(id: $id) { id } }', variables: { id: '[{"\\'.repeat(200) } }));
    expect(text.status).toBe(200);
  });

  it('survives a number of 200,000 digits, 30,000 variables and 100,000 headers', async () => {
    const number = await post(`{"query":"query ($first: Int) { tenants(first: $first) { totalCount } }","variables":{"first":${'9'.repeat(200_000)}}}`);
    expect(number.status).toBe(400);
    const variables = await post(JSON.stringify({ query: '{ __typename }', variables: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`v${index}`, 1])) }));
    expect(await codeOf(variables)).toBe('QUERY_REJECTED');
    const headers = await raw([head(Array.from({ length: 100_000 }, (_, index) => `X-${index}: 1\r\n`).join(''))]);
    expect(headers).toMatch(/^HTTP\/1\.1 431 /);
    expect(headers).toContain('content-security-policy');
    expect((await post(JSON.stringify({ query: '{ __typename }' }))).status).toBe(200);
  });

  it('refuses a compressed body, whatever it would unpack to', async () => {
    expect(await raw([head('Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n'), Buffer.from([0x1f, 0x8b, 8, 0])])).toMatch(/^HTTP\/1\.1 415 /);
  });

  it('refuses a body that is not UTF-8 instead of guessing', async () => {
    const body = Buffer.concat([Buffer.from('{"query":"{ tenant(id: \\"'), Buffer.from([0xc3, 0x28]), Buffer.from('\\") { id } }"}')]);
    expect(await raw([head(`Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`), body])).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('refuses two content types, two hosts and a broken request line', async () => {
    expect(await raw([head('Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}')])).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await raw([head('Host: evil.example\r\nContent-Length: 2\r\n\r\n{}')])).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await raw(['NONSENSE\r\n\r\n'])).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('forgets keys named __proto__, constructor and prototype: BAD_INPUT, nothing polluted (I09)', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__', 'con\\u0073tructor']) {
      const response = await post(`{"query":"query ($f: TenantFilter) { tenants(filter: $f) { totalCount } }","variables":{"f":{"${key}":{"polluted":true}}}}`);
      expect({ status: response.status, code: await codeOf(response) }).toEqual({ status: 400, code: 'BAD_INPUT' });
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    // As a value it is a word like any other.
    expect((await post(JSON.stringify({ query: '{ tenant(id: "constructor") { id } }' }))).status).toBe(200);
  });

  it('gives a body ten seconds and then lets go: 408', { timeout: 15_000 }, async () => {
    const answer = await raw([head('Content-Length: 100\r\n\r\n'), '{"query":'], 14_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});
