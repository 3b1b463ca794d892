import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createStubGateway } from '../http/stub-gateway.ts';

const plenty = { burst: 1e6, perSecond: 1e6 };
const gateway = createStubGateway({ limits: { address: plenty, session: plenty, refusalsPerMinute: 100 } });
afterAll(() => gateway.close(0));
const SECRET = '492817-secret';

describe('error texts', () => {
  it.each([
    ['throw', 'INTERNAL'],
    ['rejected', 'INTERNAL'],
    ['database', 'INTERNAL'],
    ['timeout', 'UNAVAILABLE'],
    ['connection', 'UNAVAILABLE'],
    ['gateway', 'FORBIDDEN'],
  ])('masks a resolver that fails by %s as %s with the correlation ID: no value, no stack, no SQL, in answer or log (I10, X9)', async (how, code) => {
    for (let turn = 0; turn < 2; turn += 1) {
      const { errors, text } = await gateway.query('query ($how: String!) { failing(how: $how) }', { how }, { 'x-correlation-id': '22222222-2222-4222-8222-222222222222' });
      expect(errors).toMatchObject([{ path: ['failing'], extensions: { code, correlationId: '22222222-2222-4222-8222-222222222222' } }]);
      expect(text).not.toMatch(/secret|uuid|invalid input|ECONN|canceling|not a function|at .*\.ts|stack/i);
    }
    expect(gateway.logged.join('\n')).not.toContain(SECRET);
    if (code === 'INTERNAL') expect(gateway.logged.at(-1)).toContain('22222222-2222-4222-8222-222222222222');
  });

  it('answers the status of the only reason when nothing was given', async () => {
    expect((await gateway.query('{ failingWhole(how: "timeout") }')).status).toBe(503);
    expect((await gateway.query('{ failingWhole(how: "throw") }')).status).toBe(500);
    expect((await gateway.query('{ failingWhole(how: "gateway") }')).status).toBe(200);
    expect((await gateway.query('{ failing(how: "timeout") tenant(id: "1") { id } }')).status).toBe(200);
  });

  it('names the place of an unfit variable and never its value (X10, I10)', async () => {
    const refund = 'mutation ($input: TouchTenantInput!) { touchTenant(input: $input) }';
    const cases: [unknown, string[]][] = [
      [{ id: '1', code: SECRET, justification: { reason: 'r' } }, ['input.code']],
      [{ id: '1', code: [SECRET], justification: { reason: 'r' } }, ['input.code']],
      [{ id: '1', justification: {} }, ['input.justification.reason']],
      [{ id: { nested: SECRET }, justification: { reason: 'r' } }, ['input.id']],
      [SECRET, ['input']],
      [{ id: '1', justification: { reason: 'r', [SECRET]: 1 } }, ['input.justification']],
      [undefined, ['input']],
      [null, ['input']],
    ];
    for (const [input, paths] of cases) {
      for (let turn = 0; turn < 2; turn += 1) {
        const { status, errors, text } = await gateway.query(refund, { input });
        expect(status).toBe(400);
        expect(errors?.[0]?.extensions.code).toBe('BAD_INPUT');
        expect(errors?.[0]?.extensions.issues?.map((issue) => issue.path)).toEqual(paths);
        expect(text).not.toContain(SECRET);
      }
    }
    const compiled = await Promise.all([1, 2, 3].map(() => gateway.query('query ($f: TenantFilter) { tenants(filter: $f) { totalCount } }', { f: { codes: ['x', SECRET] } })));
    for (const { errors, text } of compiled) {
      expect(errors?.[0]?.extensions.issues?.map((issue) => issue.path)).toEqual(['f.codes.0', 'f.codes.1']);
      expect(text).not.toContain(SECRET);
    }
    expect(gateway.effects).toEqual([]);
    expect(JSON.stringify(gateway.events)).not.toContain(SECRET);
  });

  it('names the place of a literal or of a syntax error and never the text (I10, X10)', async () => {
    for (const [document, code] of [
      [`{ tenants(filter: { codes: ["${SECRET}"] }) { totalCount } }`, 'BAD_INPUT'],
      [`{ tenants(first: "${SECRET}") { totalCount } }`, 'BAD_INPUT'],
      [`{ tenant(id: "${SECRET}"`, 'BAD_INPUT'],
      [`{ "${SECRET}" }`, 'BAD_INPUT'],
      [`{ tenant(id: "1", x${SECRET.replace('-', '_')}: 1) { id } }`, 'QUERY_REJECTED'],
    ] as const) {
      const { errors, text, status } = await gateway.query(document);
      expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 400, code });
      expect(errors?.[0]?.message).toMatch(/line \d+, column \d+/);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain('492817');
    }
  });

  it('answers guesses of field names with no name that the caller did not send (I11)', async () => {
    // Words of the trade, near misses of every name of the schema, and an English word list where there is one.
    const names = [...readFileSync(new URL('../http/stub-gateway.ts', import.meta.url), 'utf8').matchAll(/\w{3,}/g)].map(([word]) => word);
    const guesses = new Set([...names, ...names.map((name) => `${name}s`), ...names.map((name) => name.slice(0, -1)), ...names.map((name) => `${name.slice(1)}x`)]);
    const own = [
      'tenants',
      'secretiveName',
      'totalCount',
      'nodes',
      'parent',
      'failingWhole',
      'TenantConnection',
      'TouchTenantInput',
      'people',
      'closeTenant',
      'resetPerson',
      'touchTenant',
    ];
    for (const guess of guesses) {
      if (!/^[a-z_]\w*$/i.test(guess)) continue;
      for (const document of [
        `{ ${guess} }`,
        `{ tenant(id: "1") { ${guess} } }`,
        `{ tenant(${guess}: 1) { id } }`,
        `mutation { ${guess} }`,
        `{ tenant(id: "1") { ...on ${guess} { id } } }`,
      ]) {
        const { text } = await gateway.query(document);
        const told = own.filter((name) => text.includes(name) && !document.includes(name));
        expect(told, document).toEqual([]);
        expect(text).not.toMatch(/Did you mean|Cannot query/);
      }
    }
  }, 60_000);

  it('answers a body that is no GraphQL request with BAD_INPUT', async () => {
    for (const body of [
      '',
      'x',
      '[]',
      '"text"',
      'null',
      '{}',
      '{"query":1}',
      '{"query":"{ __typename }","variables":[]}',
      '{"query":"{ __typename }","operationName":1}',
      '{"query":"{ __typename }","extensions":"x"}',
      '{"query":"query A { __typename } query B { __typename }"}',
      '{"query":"query A { __typename }","operationName":"C"}',
      '{"query":"fragment A on Query { __typename }"}',
    ]) {
      const response = await gateway.post(body, { cookie: 'sallyport_session=ana' });
      expect(response.status, body).toBe(400);
      expect(['BAD_INPUT', 'QUERY_REJECTED']).toContain(((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code);
    }
  });

  it('refuses keys and proofs that are no header value of ours', async () => {
    for (const name of ['idempotency-key', 'step-up-proof']) {
      expect((await gateway.query('{ __typename }', {}, { [name]: 'x'.repeat(600) })).errors?.[0]?.extensions.code).toBe('BAD_INPUT');
      expect((await gateway.query('{ __typename }', {}, { [name]: 'a b' })).errors?.[0]?.extensions.code).toBe('BAD_INPUT');
    }
  });
});
