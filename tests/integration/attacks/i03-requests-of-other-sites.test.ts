import { afterAll, describe, expect, it } from 'vitest';
import { createStubGateway } from '../http/stub-gateway.ts';

const gateway = createStubGateway();
afterAll(() => gateway.close(0));
const IP = { ip: '127.0.0.1' };
const COOKIE = { cookie: 'sallyport_session=ana' };
const MUTATION = 'mutation { touchTenant(input: { id: "1", justification: { reason: "r" } }) }';
const send = (method: string, headers: Record<string, string>, body?: string, path = '/graphql') =>
  gateway.fetch(new Request(`http://127.0.0.1:4000${path}`, { method, headers: { ...COOKIE, ...headers }, ...(body === undefined ? {} : { body }) }), IP);
const codeOf = async (response: Response) => ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

describe('requests that another site can cause', () => {
  it('refuses mutations by every method and content type but POST application/json, before execution (I03, X8)', async () => {
    const form = `query=${encodeURIComponent(MUTATION)}`;
    const json = JSON.stringify({ query: MUTATION });
    const multipart = '--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n' + json + '\r\n--b--';
    const attempts: [string, Record<string, string>, string | undefined, string?][] = [
      ['GET', {}, undefined, `/graphql?${form}`],
      ['HEAD', {}, undefined, `/graphql?${form}`],
      ['PUT', { 'content-type': 'application/json' }, json],
      ['POST', { 'content-type': 'application/x-www-form-urlencoded' }, form],
      ['POST', { 'content-type': 'multipart/form-data; boundary=b' }, multipart],
      ['POST', { 'content-type': 'application/graphql' }, MUTATION],
      ['POST', { 'content-type': 'text/plain' }, json],
      ['POST', { 'content-type': 'text/plain; application/json' }, json],
      ['POST', { 'content-type': 'application/json, text/plain' }, json],
      ['POST', { 'content-type': 'application/json; charset=utf-16' }, json],
      ['POST', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, json],
      ['POST', { 'content-type': 'application/json' }, `[${json}]`],
    ];
    for (const [method, headers, body, path] of attempts) {
      const response = await send(method, headers, body, path);
      expect([400, 405, 415], `${method} ${headers['content-type'] ?? ''}`).toContain(response.status);
    }
    expect(gateway.effects).toEqual([]);
    // A media type has no case; what it is decides, not how it is written.
    expect((await send('POST', { 'content-type': 'Application/JSON; charset="UTF-8"' }, json)).status).toBe(200);
    expect(gateway.effects).toEqual(['touchTenant']);
    gateway.effects.length = 0;
  });

  it('refuses foreign origins with CSRF_REJECTED and an event, and never sends CORS headers (I04, J05)', async () => {
    const foreign = [
      'https://evil.example',
      'null',
      'http://admin.127.0.0.1:4000',
      'http://127.0.0.1:4000.evil.example',
      'https://127.0.0.1:4000',
      'http://127.0.0.1:4001',
      'http://127.0.0.1',
      'http://localhost:4000',
      'HTTP://127.0.0.1:4000',
      'http://127.0.0.1:4000/',
    ];
    for (const origin of foreign) {
      for (const path of ['/graphql', '/auth/sign-out']) {
        const response = await send('POST', { 'content-type': 'application/json', origin }, JSON.stringify({ query: MUTATION }), path);
        expect(response.status, origin).toBe(403);
        expect(await codeOf(response)).toBe('CSRF_REJECTED');
      }
      const preflight = await send('OPTIONS', { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' });
      expect(preflight.status).toBe(405);
      expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(gateway.effects).toEqual([]);
    expect(gateway.events.filter((event) => event.kind === 'gateway.request.refused' && event.reasonCode === 'CSRF_REJECTED').length).toBe(foreign.length * 2);
  });

  it('refuses what a browser says is cross-site, same-site or unsolicited, even without Origin (J05)', async () => {
    for (const site of ['cross-site', 'same-site', 'none', 'anything']) {
      const response = await send('POST', { 'content-type': 'application/json', 'sec-fetch-site': site }, JSON.stringify({ query: MUTATION }));
      expect(await codeOf(response)).toBe('CSRF_REJECTED');
    }
    for (const path of ['/audit/export', '/catalogue.json', '/auth/sessions']) expect((await send('GET', { 'sec-fetch-site': 'cross-site' }, undefined, path)).status).toBe(403);
    expect(gateway.effects).toEqual([]);
  });

  it('refuses a host name that is not ours, so that a rebound name is no own origin', async () => {
    for (const host of ['evil.example:4000', 'localhost.evil.example', '127.0.0.1.nip.io:4000']) {
      const response = await send('POST', { 'content-type': 'application/json', host, origin: `http://${host}` }, JSON.stringify({ query: MUTATION }));
      expect(response.status).toBe(421);
    }
    expect(gateway.effects).toEqual([]);
  });

  it('serves the console’s own requests and programs that send a cookie with JSON', async () => {
    const json = JSON.stringify({ query: '{ tenant(id: "1") { id } }' });
    expect((await send('POST', { 'content-type': 'application/json', origin: 'http://127.0.0.1:4000', 'sec-fetch-site': 'same-origin' }, json)).status).toBe(200);
    expect((await send('POST', { 'content-type': 'application/json' }, json)).status).toBe(200);
    expect((await send('POST', {}, undefined, '/auth/sign-out')).status).toBe(200);
  });

  it('knows only its public origin where one is configured', async () => {
    const own = createStubGateway({ origins: { publicOrigin: 'https://admin.example.com', additionalOrigins: [], hostNames: [] } });
    const ask = (host: string, origin: string) =>
      own.fetch(
        new Request('http://127.0.0.1/graphql', {
          method: 'POST',
          headers: { ...COOKIE, host, origin, 'content-type': 'application/json' },
          body: JSON.stringify({ query: '{ __typename }' }),
        }),
        IP,
      );
    const good = await ask('admin.example.com', 'https://admin.example.com');
    expect(good.status).toBe(200);
    expect(good.headers.get('strict-transport-security')).toContain('max-age=');
    for (const origin of ['http://admin.example.com', 'https://admin.example.com.evil', 'https://x.admin.example.com', 'https://example.com'])
      expect((await ask('admin.example.com', origin)).status).toBe(403);
    await own.close(0);
  });
});
