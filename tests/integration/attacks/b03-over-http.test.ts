import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answered, startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let house: TestGateway;
beforeAll(async () => {
  house = await startTestGateway();
});
afterAll(() => house.close());

const REFUND = 'mutation ($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status correlationId } }';
const codeOf = async (response: Response): Promise<string | null> =>
  ((await response.json()) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code ?? null;
const forgetAttempts = () => sql`delete from gateway.attempt_budget`.execute(house.database.owner);
const refunds = async () => (await house.events({ kind: 'billing.invoice.refunded' })).filter(({ outcome }) => outcome === 'ok').length;

test('B03 50 parallel uses of one TOTP code over HTTP, from 50 half-sessions: one session', async () => {
  const person = house.personWith('support-operator');
  const clients = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const stranger = house.stranger();
      await stranger.post('/auth/sign-in', { email: person.email, password: person.password });
      return stranger;
    }),
  );
  await forgetAttempts();
  const { nextCode } = await house.as(person);
  await sql`update gateway.staff set totp_last_step = null where email = ${person.email}`.execute(house.database.owner);
  await forgetAttempts();
  const code = await nextCode();
  const statuses = await Promise.all(clients.map(async (client) => (await client.post('/auth/totp', { code })).status));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status !== 200 && status !== 401 && status !== 429)).toEqual([]);
  await forgetAttempts();
});

test('B12 B13 B14 Inv6 over HTTP: a proof for another target, other arguments, another session or another person refunds nothing; its own act runs once', async () => {
  const dewi = await house.asRole('billing-operator');
  const list = await dewi.query('{ invoices(first: 100, filter: { status: { eq: PAID } }) { nodes { id amountPaid } } }');
  const [first, second] = ((list.data?.['invoices']?.nodes ?? []) as { id: string; amountPaid: string }[]).filter(({ amountPaid }) => Number(amountPaid) > 3_000_000);
  if (!first || !second) throw new Error('no two invoices to refund');
  const inputFor = (id: string, amount = '1500000.00') => ({ input: { id, amount, justification: { reason: 'Charged twice', ticket: 'SUP-1' } } });
  const send = (client: TestClient, variables: Readonly<Record<string, unknown>>, proof: string): Promise<Answered> => client.query(REFUND, variables, { proof });
  const challenge = (await dewi.query(REFUND, inputFor(first.id))).errors[0]?.extensions.challenge ?? '';
  const other = await house.as(dewi.person);
  const bayu = await house.asRole('billing-operator', 'tenant');
  const proof = await dewi.stepUp(challenge);
  const misuses = [
    await send(dewi, inputFor(second.id), proof),
    await send(dewi, inputFor(first.id, '1500000.01'), proof),
    await send(other, inputFor(first.id), proof),
    await send(bayu, inputFor(first.id), proof),
  ];
  for (const { codes } of misuses) expect(['STEP_UP_REQUIRED', 'NOT_FOUND']).toContain(codes[0]);
  expect(await refunds()).toBe(0);
  const uses = await Promise.all(Array.from({ length: 10 }, () => send(dewi, inputFor(first.id), proof)));
  expect(uses.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  expect(await refunds()).toBe(1);
});

test('Inv2 over HTTP every refusal of sign-in has exactly one event with its code, whoever noticed it', async () => {
  const person = house.personWith('customer-success');
  const stranger = house.stranger();
  const half = house.stranger();
  await half.post('/auth/sign-in', { email: person.email, password: person.password });
  const full = await house.as(person);
  const tries: readonly (readonly [string, (headers: Record<string, string>) => Promise<Response>])[] = [
    ['UNAUTHENTICATED', (headers) => stranger.post('/auth/sign-in', { email: person.email, password: 'wrong password' }, headers)],
    ['UNAUTHENTICATED', (headers) => stranger.post('/auth/sign-in', { email: 'nobody@sallyport.example', password: 'wrong password' }, headers)],
    ['BAD_INPUT', (headers) => stranger.post('/auth/sign-in', { email: person.email, password: 7 }, headers)],
    ['UNAUTHENTICATED', (headers) => stranger.post('/auth/totp', { code: '123456' }, headers)],
    ['STEP_UP_FAILED', (headers) => half.post('/auth/totp', { code: '000000' }, headers)],
    ['BAD_INPUT', (headers) => half.post('/auth/totp', { code: 123456 }, headers)],
    ['UNAUTHENTICATED', (headers) => half.get('/auth/profile', headers)],
    ['STEP_UP_FAILED', (headers) => full.post('/auth/step-up', { challenge: 'imagined', code: '000000' }, headers)],
    ['NOT_FOUND', (headers) => full.post('/auth/sessions/end', { id: randomUUID() }, headers)],
    ['UNAUTHENTICATED', (headers) => stranger.post('/auth/enrol', { token: 'A'.repeat(43) }, headers)],
  ];
  for (const [code, attempt] of tries) {
    const correlationId = randomUUID();
    expect(await codeOf(await attempt({ 'x-correlation-id': correlationId }))).toBe(code);
    const events = await house.events({ correlationId });
    expect(events.map((event) => [event['outcome'], event['reason_code']])).toEqual([['denied', code]]);
  }
  await sql`update gateway.attempt_budget set short_used = 10 where scope = 'second-factor'`.execute(house.database.owner);
  const correlationId = randomUUID();
  expect(await codeOf(await half.post('/auth/totp', { code: await full.nextCode() }, { 'x-correlation-id': correlationId }))).toBe('RATE_LIMITED');
  expect(await house.events({ correlationId })).toHaveLength(1);
});
