import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClientAddress } from '@sallyport/server/http/client-address.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { createStubGateway } from '../http/stub-gateway.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-console-'));
mkdirSync(join(directory, 'console', 'assets'), { recursive: true });
writeFileSync(join(directory, 'secret.json'), '{"outside":true}');
writeFileSync(
  join(directory, 'console', 'index.html'),
  '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="/assets/index-B2xY9c_0.js"></script>',
);
writeFileSync(join(directory, 'console', 'assets', 'index-B2xY9c_0.js'), `export const text = '${'x'.repeat(4000)}';`);
writeFileSync(join(directory, 'console', 'logo.svg'), '<svg/>');
const gateway = createStubGateway({ staticDirectory: `${join(directory, 'console')}/` });
afterAll(async () => {
  await gateway.close(0);
  rmSync(directory, { recursive: true });
});
const ask = (path: string, init: RequestInit = {}) => gateway.fetch(new Request(`http://127.0.0.1:4000${path}`, init), { ip: '127.0.0.1' });
const PAGE = { headers: { accept: 'text/html,application/xhtml+xml' } };

const EXPECTED = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

describe('addresses, paths and headers', () => {
  it('believes X-Forwarded-For from named proxies only, and only its right-most stranger (I19)', () => {
    const plain = createClientAddress([]);
    expect(plain('203.0.113.9', '1.2.3.4')).toBe('203.0.113.9');
    const proxied = createClientAddress(['10.0.0.0/8', '::1']);
    expect(proxied('203.0.113.9', '1.2.3.4')).toBe('203.0.113.9');
    expect(proxied('10.0.0.1', '1.2.3.4')).toBe('1.2.3.4');
    expect(proxied('::ffff:10.0.0.1', '9.9.9.9, 1.2.3.4, 10.0.0.7')).toBe('1.2.3.4');
    expect(proxied('10.0.0.1', '<script>')).toBe('10.0.0.1');
    expect(proxied('10.0.0.1', null)).toBe('10.0.0.1');
    expect(() => createClientAddress(['everybody'])).toThrow(TypeError);
  });

  it('answers unknown paths and methods with 404 and 405, without detail, with every security header (I20)', async () => {
    const cases: [string, string, number][] = [
      ['GET', '/nothing', 404],
      ['POST', '/nothing', 404],
      ['DELETE', '/', 404],
      ['GET', '/auth/nothing', 404],
      ['GET', '/.env', 404],
      ['GET', '/audit/other', 404],
      ['GET', '/graphql/x', 404],
      ['GET', '/graphql', 405],
      ['PUT', '/graphql', 405],
      ['OPTIONS', '/graphql', 405],
      ['GET', '/auth/sign-in', 405],
      ['POST', '/auth/sessions', 405],
      ['OPTIONS', '/healthz', 405],
      ['PATCH', '/catalogue.json', 405],
      ['OPTIONS', '/', 404],
    ];
    for (const [method, path, status] of cases) {
      const response = await ask(path, { method });
      expect(response.status, `${method} ${path}`).toBe(status);
      expect(Object.fromEntries(response.headers)).toMatchObject(EXPECTED);
      expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      if (status === 405) expect(response.headers.get('allow')).toBeTruthy();
      expect(await response.text()).not.toMatch(/Error|at |node_modules/);
    }
    expect(gateway.effects).toEqual([]);
  });

  it('serves the console’s page with a nonce of its own each time and a policy without inline script (J03, J04)', async () => {
    const first = await ask('/');
    const second = await ask('/invoices/1/show', PAGE);
    for (const response of [first, second]) {
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({ ...EXPECTED, 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' });
      const policy = response.headers.get('content-security-policy') ?? '';
      for (const rule of ["default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) expect(policy).toContain(rule);
      expect(policy).not.toContain('unsafe');
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(await response.text()).toContain(`content="${nonce}"`);
    }
    expect(first.headers.get('content-security-policy')).not.toBe(second.headers.get('content-security-policy'));
    expect(first.headers.get('strict-transport-security')).toBeNull();
  });

  it('caches hashed files for ever and others by ETag, compresses, and leaves its folder by no path', async () => {
    const script = await ask('/assets/index-B2xY9c_0.js', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(Object.fromEntries(script.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      vary: 'accept-encoding',
      'content-type': 'text/javascript; charset=utf-8',
      ...EXPECTED,
    });
    const logo = await ask('/logo.svg');
    expect(logo.headers.get('cache-control')).toBe('no-cache');
    expect((await ask('/logo.svg', { headers: { 'if-none-match': logo.headers.get('etag') ?? '' } })).status).toBe(304);
    for (const path of [
      '/../secret.json',
      '/%2e%2e/secret.json',
      '/..%2fsecret.json',
      '/assets/..%2f..%2fsecret.json',
      '/..%5csecret.json',
      '/logo.svg%00.html',
      '/%ff',
      '//secret.json',
      '/assets/missing-12345678.js',
    ]) {
      const response = await ask(path, PAGE);
      expect(response.status, path).toBe(404);
    }
  });

  it('shows metrics to this machine only, without a name or value of anybody', async () => {
    await gateway.query('{ tenant(id: "1") { id } }');
    const own = await (await ask('/metrics')).text();
    expect(own).toMatch(/sallyport_graphql_seconds_count\{operation="query",outcome="200"\} \d/);
    expect(own).toContain('sallyport_nodejs_eventloop_lag_seconds');
    expect(own).not.toContain('ana');
    expect((await gateway.fetch(new Request('http://127.0.0.1:4000/metrics'), { ip: '203.0.113.9' })).status).toBe(404);
  });
});
