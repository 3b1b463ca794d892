import { afterAll, describe, expect, it } from 'vitest';
import { createStubGateway } from '../http/stub-gateway.ts';

const gateways: { close(graceMs: number): Promise<void> }[] = [];
const make = (...options: Parameters<typeof createStubGateway>) => {
  const gateway = createStubGateway(...options);
  gateways.push(gateway);
  return gateway;
};
afterAll(() => Promise.all(gateways.map((gateway) => gateway.close(0))));
const request = (headers: Record<string, string>, body: object = { query: '{ __typename }' }) =>
  new Request('http://127.0.0.1:4000/graphql', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
const limits = { address: { burst: 20, perSecond: 1 }, session: { burst: 30, perSecond: 1 }, refusalsPerMinute: 5 };

describe('floods', () => {
  it('limits strangers by address, tells when to come back, and leaves other addresses and signed-in people alone (I12)', async () => {
    const gateway = make({ limits });
    const known = await gateway.fetch(request({ cookie: 'sallyport_session=ana' }), { ip: '10.0.0.1' });
    expect(known.status).toBe(200);
    const statuses: number[] = [];
    for (let turn = 0; turn < 40; turn += 1) statuses.push((await gateway.fetch(request({}), { ip: '10.0.0.1' })).status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(20);
    const refused = await gateway.fetch(request({}), { ip: '10.0.0.1' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    expect((await gateway.fetch(request({}), { ip: '10.0.0.2' })).status).toBe(200);
    expect((await gateway.fetch(request({ cookie: 'sallyport_session=ana' }), { ip: '10.0.0.1' })).status).toBe(200);
    expect((await gateway.fetch(new Request('http://127.0.0.1:4000/healthz'), { ip: '10.0.0.1' })).status).toBe(200);
  });

  it('limits made-up sessions before the database is asked, and each session by itself (I12)', async () => {
    const gateway = make({ limits });
    const statuses: number[] = [];
    for (let turn = 0; turn < 40; turn += 1) statuses.push((await gateway.fetch(request({ cookie: `sallyport_session=bad; x=${turn}` }), { ip: '10.0.0.3' })).status);
    expect(new Set(statuses.slice(0, 20))).toEqual(new Set([401]));
    expect(new Set(statuses.slice(22))).toEqual(new Set([429]));
    const own: number[] = [];
    for (let turn = 0; turn < 40; turn += 1) own.push((await gateway.fetch(request({ cookie: 'sallyport_session=budi' }), { ip: '10.0.0.4' })).status);
    expect(own.filter((status) => status === 200).length).toBeLessThanOrEqual(32);
    expect(own.at(-1)).toBe(429);
  });

  it('records the first refusals of a minute one by one, counts the rest, and records the count (H03)', async () => {
    const gateway = make({ limits: { ...limits, address: { burst: 1000, perSecond: 1 } } });
    for (let turn = 0; turn < 12; turn += 1) await gateway.fetch(request({}, { query: 'mutation { touchTenant }' }), { ip: '10.0.0.5' });
    await gateway.fetch(request({}, { query: '{ tenants { totalCount } }' }), { ip: '10.0.0.7' });
    await gateway.fetch(request({ origin: 'https://evil.example' }), { ip: '10.0.0.5' });
    expect(gateway.events.map(({ kind, reasonCode, ip }) => ({ kind, reasonCode, ip }))).toEqual(
      Array.from({ length: 5 }, () => ({ kind: 'gateway.request.refused', reasonCode: 'UNAUTHENTICATED', ip: '10.0.0.5' })),
    );
    await gateway.close(0);
    expect(gateway.events.slice(5).filter(({ ip }) => ip !== '10.0.0.7')).toMatchObject([
      { kind: 'gateway.request.refused-often', outcome: 'denied', ip: '10.0.0.5', detail: { counts: { UNAUTHENTICATED: 7, CSRF_REJECTED: 1 } } },
    ]);
  });

  it('keeps visits of the sign-in page off the log but for their number (H03)', async () => {
    const gateway = make({ limits });
    await gateway.fetch(request({}, { query: '{ viewer { id } }' }), { ip: '10.0.0.8' });
    await gateway.fetch(new Request('http://127.0.0.1:4000/catalogue.json'), { ip: '10.0.0.8' });
    expect(gateway.events).toEqual([]);
    await gateway.fetch(request({ cookie: 'sallyport_session=bad' }), { ip: '10.0.0.8' });
    expect(gateway.events.map(({ reasonCode }) => reasonCode)).toEqual(['UNAUTHENTICATED']);
    await gateway.close(0);
    expect(gateway.events.slice(1)).toMatchObject([{ kind: 'gateway.request.refused-often', detail: { counts: { UNAUTHENTICATED: 2 } } }]);
  });

  it('refuses all the same when the refusal can’t be recorded, and says so in the process log', async () => {
    const gateway = make({ limits });
    gateway.auditDown = true;
    expect((await gateway.fetch(request({ origin: 'https://evil.example' }), { ip: '10.0.0.6' })).status).toBe(403);
    expect(gateway.logged.join()).toContain('refusal could not be recorded');
  });
});
