import { GatewayError } from '@sallyport/schema/errors.ts';
import { classifyFailure } from '@sallyport/server/kernel/classify-failure.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { administer } from '../../helpers/database.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { createStubGateway } from './stub-gateway.ts';

let test: TestGateway;
let rina: TestClient;
beforeAll(async () => {
  test = await startTestGateway();
  rina = await test.asRole('support-viewer');
});
afterAll(() => test.close());
const TENANTS = '{ tenants(first: 5) { nodes { id name } totalCount } }';

describe('faults of the database', () => {
  it('answers UNAVAILABLE quickly while the pool is exhausted, then serves again with no connection lost (K06)', async () => {
    const { appPool } = test.database;
    const held = await Promise.all(Array.from({ length: appPool.options.max ?? 10 }, () => appPool.connect()));
    const startedAt = performance.now();
    const answers = await Promise.all([rina.query(TENANTS), rina.query(TENANTS)]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    for (const { status, codes } of answers) expect({ status, codes }).toEqual({ status: 503, codes: ['UNAVAILABLE'] });
    for (const client of held) client.release();
    expect((await rina.query(TENANTS)).status).toBe(200);
    expect(appPool.waitingCount).toBe(0);
    await vi.waitFor(() => expect(appPool.idleCount).toBe(appPool.totalCount));
  }, 60_000);

  it('serves again by itself after the server has cut every connection (K06)', async () => {
    await administer(test.database.url, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'test-app'");
    const statuses: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) statuses.push((await rina.query(TENANTS)).status);
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    expect(statuses.slice(-5)).toEqual([200, 200, 200, 200, 200]);
  });

  it('leaves no connection behind after 300 refused and served requests (K06)', async () => {
    for (let round = 0; round < 30; round += 1) {
      await Promise.all([
        ...Array.from({ length: 4 }, () => rina.query(TENANTS)),
        ...Array.from({ length: 3 }, () => rina.query('{ tenant(id: "nonsense") { id } }')),
        ...Array.from({ length: 3 }, () => rina.query('{ invoices(first: 1e9) { totalCount } }')),
      ]);
    }
    const { appPool } = test.database;
    await vi.waitFor(() => expect(appPool.idleCount).toBe(appPool.totalCount));
    const { rows } = await sql<{
      open: number;
    }>`select count(*)::int as open from pg_stat_activity where datname = current_database() and application_name = 'test-app' and state like 'idle in transaction%'`.execute(
      test.database.owner,
    );
    expect(rows[0]?.open).toBe(0);
  }, 60_000);

  it('tells lost connections and timeouts from faults of our own (K06, I10)', () => {
    const coded = (code: string, extra: object = {}) => Object.assign(new Error('text'), { code, ...extra });
    for (const code of ['57014', '08006', '53300', '57P01', 'ECONNREFUSED', 'ECONNRESET', '40001']) expect(classifyFailure(coded(code)).code).toBe('UNAVAILABLE');
    expect(classifyFailure(new Error('Connection terminated unexpectedly')).code).toBe('UNAVAILABLE');
    for (const error of [coded('23505'), coded('ENOENT'), new TypeError('x'), 'text', null]) expect(classifyFailure(error).code).toBe('INTERNAL');
    const wrapped = new Error('outer', { cause: Object.assign(new Error('inner'), { originalError: new GatewayError('CONFLICT') }) });
    expect(classifyFailure(wrapped).code).toBe('CONFLICT');
  });
});

describe('the same text by different people', () => {
  it('is judged for each by their own rights, in both orders (I07, X7)', async () => {
    const dewi = await test.asRole('billing-operator');
    const document = 'query Same { invoices(first: 2) { nodes { id billingContactName } } viewer { email } }';
    for (const order of [
      [rina, dewi],
      [dewi, rina],
      [rina, dewi],
    ]) {
      for (const client of order) {
        const { codes, data } = await client.query(document);
        expect(data?.['viewer'].email).toBe(client.person.email);
        const mayRead = (await client.query('{ viewer { permissions { name } } }')).data?.['viewer'].permissions.some(
          ({ name }: { name: string }) => name === 'billing.invoice.read-contact',
        );
        expect(codes.includes('FORBIDDEN')).toBe(!mayRead);
      }
    }
  });
});

describe('the process', () => {
  it('finishes what is in flight when it is told to stop, refuses new connections, and has its end on the log (K13)', async () => {
    let release = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const gateway = createStubGateway();
    const field = gateway.schema.getQueryType()?.getFields()['failing'];
    if (field) field.resolve = () => waiting.then(() => 'finished');
    const { url } = await gateway.listen('127.0.0.1', 0);
    const ask = () =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: 'sallyport_session=ana' },
        body: JSON.stringify({ query: '{ failing(how: "slow") }' }),
      });
    const inFlight = ask();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const startedAt = performance.now();
    const closed = gateway.close(5000);
    await expect(ask()).rejects.toThrow();
    release();
    const answer = await inFlight;
    expect(await answer.json()).toEqual({ data: { failing: 'finished' } });
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(2000);

    const own = await startTestGateway();
    await own.gateway.listen();
    await own.gateway.close();
    expect((await own.events()).map((event) => event['kind']).slice(-2)).toEqual(['gateway.process.started', 'gateway.process.stopped']);
    await own.database.drop();
  });

  it('survives a resolver that forgets a promise which then fails, and answers the next request (K14)', async () => {
    const gateway = createStubGateway();
    const field = gateway.schema.getQueryType()?.getFields()['failing'];
    const unhandled: unknown[] = [];
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.once('unhandledRejection', (reason) => unhandled.push(reason));
    if (field) {
      field.resolve = () => {
        void Promise.reject(new Error('forgotten'));
        return 'answered';
      };
    }
    expect((await gateway.query('{ failing(how: "x") }')).data).toEqual({ failing: 'answered' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled.length).toBe(1);
    expect((await gateway.query('{ tenant(id: "1") { id } }')).status).toBe(200);
    for (const listener of listeners) process.on('unhandledRejection', listener);
    await gateway.close(0);
  });
});
