import { randomUUID } from 'node:crypto';
import { openPool } from '@sallyport/server/db/connect.ts';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { outcomes, paidInvoices, REFUND, refund, SENSITIVE_AMOUNT } from '../../harness/demo-acts.ts';
import { createWireClient, type WireClient } from '../../harness/wire-client.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

// HTTP only, over a listening socket; SQL counts afterwards.
/** Fifty passwords are a second on an idle machine. */
const PATIENCE_MS = 90_000;
let gateway: TestGateway;
let superuser: pg.Pool;
let url: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  superuser = openPool({ connectionString: gateway.database.url, max: 2, applicationName: 'harness' });
  ({ url } = await gateway.gateway.listen());
});
beforeEach(() => superuser.query('delete from gateway.attempt_budget'));
afterAll(async () => {
  await superuser.end();
  await gateway.close();
});

const dewi = () => gateway.personWith('billing-operator');
const client = (): WireClient => createWireClient(url, dewi(), superuser);
const staffRow = async () => (await superuser.query<{ totp_last_step: number | null }>('select totp_last_step from gateway.staff where email = $1', [dewi().email])).rows[0];
const fullSessions = async () =>
  (
    await superuser.query<{ count: number }>(
      `select count(*)::int as count from gateway.session join gateway.staff on staff.id = staff_id where email = $1 and stage = 'full' and ended_at is null`,
      [dewi().email],
    )
  ).rows[0]?.count ?? 0;

test('B03 Inv6 50 parallel uses of one code at sign-in over HTTP: exactly one session', { timeout: PATIENCE_MS }, async () => {
  const clients = Array.from({ length: 50 }, client);
  for (const each of clients) expect((await each.post('/auth/sign-in', { email: dewi().email, password: dewi().password })).body.next).toBe('totp');
  const before = await fullSessions();
  const code = await clients[0]?.freshCode();
  const answers = await Promise.all(clients.map((each) => each.post('/auth/totp', { code })));
  expect(answers.filter((answer) => answer.code === null)).toHaveLength(1);
  expect(new Set(answers.flatMap((answer) => answer.code ?? []))).toEqual(new Set(['STEP_UP_FAILED', 'RATE_LIMITED']));
  expect((await fullSessions()) - before).toBe(1);
});

test('B03 Inv6 50 parallel uses of one code for 50 confirmations of five sessions: exactly one proof', { timeout: PATIENCE_MS }, async () => {
  const invoice = (await paidInvoices(gateway))[0] ?? '';
  const clients = Array.from({ length: 5 }, client);
  for (const each of clients) await each.signIn();
  const challenges: (readonly [WireClient, string])[] = [];
  for (let at = 0; at < 50; at += 1) {
    const each = clients[at % 5];
    const asked = await each?.mutate(REFUND, refund(invoice, `${1_000_001 + at}.00`));
    if (each) challenges.push([each, asked?.body.errors?.[0]?.extensions.challenge ?? '']);
  }
  expect(new Set(challenges.map(([, challenge]) => challenge)).size).toBe(50);
  const code = await clients[0]?.freshCode();
  const answers = await Promise.all(challenges.map(([each, challenge]) => each.post('/auth/step-up', { challenge, code })));
  expect(answers.filter(({ body }) => body.proof !== undefined)).toHaveLength(1);
  const { rows } = await superuser.query('select id from gateway.step_up where verified_at is not null');
  expect(rows).toHaveLength(1);
});

test('B05 B16 Inv7 1,000 guesses in one request, in any wrapping: not one is checked, although the right code is among them', { timeout: PATIENCE_MS }, async () => {
  const guesser = client();
  await guesser.post('/auth/sign-in', { email: dewi().email, password: dewi().password });
  const right = await guesser.freshCode();
  const sessions = await fullSessions();
  const codes = Array.from({ length: 999 }, (_, at) => String(at).padStart(6, '0'));
  codes.splice(500, 0, right);
  const wrappings: readonly unknown[] = [
    { code: codes },
    { code: Object.fromEntries(codes.map((code, at) => [at, code])) },
    Object.fromEntries(codes.map((code, at) => [`code${at}`, code])),
    { code: codes.join(' ') },
    codes.map((code) => ({ code })),
    `{${codes.map((code) => `"code":"${code}"`).join(',')},"other":1}`,
  ];
  for (const path of ['/auth/totp', '/auth/recovery-code']) {
    for (const wrapping of wrappings) expect(['BAD_INPUT', 'RATE_LIMITED']).toContain((await guesser.post(path, wrapping)).code);
  }
  expect(await staffRow()).toEqual({ totp_last_step: null });
  expect(await fullSessions()).toBe(sessions);
  // It would have opened the door, had any of them been looked at.
  await superuser.query('delete from gateway.attempt_budget');
  expect((await guesser.post('/auth/totp', { code: right })).code).toBeNull();
  expect(await fullSessions()).toBe(sessions + 1);
});

test('B05 I05 1,000 aliased mutations or batched documents: none runs, and none asks for a proof', { timeout: PATIENCE_MS }, async () => {
  const guesser = client();
  await guesser.signIn();
  const input = refund((await paidInvoices(gateway))[0] ?? '', SENSITIVE_AMOUNT);
  const count = async () => (await superuser.query<{ count: number }>('select count(*)::int as count from gateway.step_up')).rows[0]?.count;
  const before = await count();
  const call = 'refundInvoice(input: $input) { status }';
  for (const times of [2, 30, 1000]) {
    const aliased = `mutation Act($input: RefundInvoiceInput!) { ${Array.from({ length: times }, (_, at) => `a${at}: ${call}`).join(' ')} }`;
    const correlationId = randomUUID();
    expect((await guesser.mutate(aliased, input, { 'step-up-proof': 'A'.repeat(43), 'x-correlation-id': correlationId })).code).toBe('QUERY_REJECTED');
    expect(await outcomes(gateway, correlationId)).toEqual(['denied QUERY_REJECTED']);
  }
  const batch = Array.from({ length: 1000 }, () => ({ query: REFUND, variables: { input } }));
  expect((await guesser.post('/graphql', batch)).code).toBe('BAD_INPUT');
  expect(await count()).toBe(before);
});
