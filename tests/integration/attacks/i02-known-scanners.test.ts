import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { isInputObjectType, isObjectType } from 'graphql';
import { connect } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createStubGateway } from '../http/stub-gateway.ts';

const gateway = createStubGateway();
afterAll(() => gateway.close(0));
const many = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, index) => make(index)).join(' ');
const ask = (path: string, init: RequestInit = {}) => gateway.fetch(new Request(`http://127.0.0.1:4000${path}`, init), { ip: '127.0.0.1' });
const form = { 'content-type': 'application/x-www-form-urlencoded' };

// The thirteen checks of graphql-cop, each as a request and what a finding would look like.
describe.each([
  ['a stranger', {}],
  ['somebody signed in', { cookie: 'sallyport_session=ana' }],
])('what scanners look for, as %s (I02)', (_who, headers: Record<string, string>) => {
  const post = async (body: unknown) => gateway.post(body, headers);
  const isRefused = async (response: Response): Promise<void> => {
    expect(response.status).toBeGreaterThanOrEqual(400);
    const text = await response.text();
    expect(text).toContain('"errors"');
    expect(text).not.toContain('"data"');
  };

  it.each([
    ['alias overloading', () => post({ query: `{ ${many(101, (index) => `alias${index}: __typename`)} }` })],
    ['field duplication', () => post({ query: `query cop { ${'__typename '.repeat(500)} }` })],
    ['directive overloading', () => post({ query: `query cop { __typename ${'@aa'.repeat(10)} }` })],
    ['array-based query batching', () => post(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' })))],
    ['introspection', () => post({ query: 'query cop { __schema { types { name fields { name } } } }' })],
    [
      'introspection-based circular query',
      () => post({ query: `query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }` }),
    ],
    ['mutation by GET', () => ask('/graphql?query=mutation%20cop%20%7B__typename%7D', { headers })],
    ['query by GET', () => ask('/graphql?query=query%20cop%20%7B__typename%7D', { headers })],
    ['url-encoded POST', () => ask('/graphql', { method: 'POST', headers: { ...form, ...headers }, body: 'query=query%20cop%20%7B__typename%7D' })],
    ['unhandled error', () => post({ query: 'qwerty cop { abc }' })],
  ])('refuses %s', async (_name, attempt) => isRefused(await attempt()));

  it('serves no GraphiQL, no playground, no suggestions, no traces', async () => {
    for (const path of ['/graphql', '/graphiql', '/playground', '/console', '/altair', '/graphql/console']) {
      const response = await ask(path, { headers: { accept: 'text/html', ...headers } });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await response.text()).not.toMatch(/graphiql|playground/i);
    }
    expect(await (await post({ query: 'query cop { __typenam }' })).text()).not.toMatch(/Did you mean|__typename/);
    expect(await (await post({ query: 'query cop { __typename }', extensions: { tracing: true } })).json()).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('what is not offered at all', () => {
  it('has no subscriptions, no event streams and no WebSocket (I14, I15, I16)', async () => {
    expect(gateway.schema.getSubscriptionType()).toBeUndefined();
    expect((await gateway.post({ query: 'subscription { x }' }, { cookie: 'sallyport_session=ana' })).status).toBe(400);
    expect((await gateway.post({ query: '{ __typename }' }, { accept: 'text/event-stream' })).status).toBe(406);
    const { url } = await gateway.listen('127.0.0.1', 0);
    const port = Number(new URL(url).port);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', (chunk) => {
        socket.destroy();
        resolve(chunk.toString());
      });
      socket.write(
        `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: https://evil.example\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
    });
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
  });

  it('offers no regular expressions in any filter (I21), and no mutation but those that lead to the door', () => {
    const { schema } = buildGatewaySchema(modules);
    const names = Object.values(schema.getTypeMap())
      .filter(isInputObjectType)
      .flatMap((type) => Object.keys(type.getFields()));
    expect(names.filter((name) => /regex|match|like|similar/i.test(name))).toEqual([]);
    const mutation = schema.getMutationType();
    expect(mutation && isObjectType(mutation)).toBe(true);
    for (const field of Object.values(mutation?.getFields() ?? {})) expect(field.extensions['sallyport'], field.name).toMatchObject({ kind: 'action' });
  });
});
