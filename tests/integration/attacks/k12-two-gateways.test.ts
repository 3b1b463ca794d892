import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ADJUST, adjustment, REFUND, refund, SENSITIVE_AMOUNT } from '../../harness/demo-acts.ts';
import { personOf } from '../../harness/gateway-process.ts';
import { openBalance } from '../../harness/write-balance.ts';
import type { WireClient } from '../../harness/wire-client.ts';
import { openWireScene, type WireScene } from '../../harness/wire-scene.ts';

// Two real processes on one database, both on the same data directory's keys.
let scene: WireScene;
let left: WireClient;
let right: WireClient;
const idsOf = async (statement: string) => (await scene.superuser.query<{ id: string }>(statement)).rows.map(({ id }) => id);
beforeAll(async () => {
  scene = await openWireScene(inject('database'));
  const other = await scene.start();
  left = scene.client(personOf(scene.people, 'billing-operator'));
  await left.signIn();
  right = left.copy(other.url);
}, 60_000);
afterAll(() => scene?.close());

const both = <T>(times: number, send: (client: WireClient, at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, at) => send(at % 2 === 0 ? left : right, at)));
const entries = async (correlationId: string) => (await scene.superuser.query('select id from product.credit_entry where correlation_id = $1', [correlationId])).rowCount;

test('K12 K05 one idempotency key at both gateways at once: one effect, one answer', { timeout: 60_000 }, async () => {
  const [tenant = ''] = await idsOf(`select id from product.tenant where status = 'active' order by name`);
  for (let round = 0; round < 5; round += 1) {
    const [correlationId, key] = [randomUUID(), randomUUID()];
    const answers = await both(10, (client) => client.mutate(ADJUST, adjustment(tenant), { 'idempotency-key': key, 'x-correlation-id': correlationId }));
    expect(new Set(answers.map(({ body }) => body.data?.['adjustCredit']?.auditEventId)).size).toBe(1);
    expect(await entries(correlationId)).toBe(1);
  }
});

test('K12 B13 one proof at both gateways at once: one executes', { timeout: 60_000 }, async () => {
  const [invoice = ''] = await idsOf(`select id from product.invoice where status = 'paid' and amount_paid > 4000000 order by amount_paid desc`);
  const input = refund(invoice, SENSITIVE_AMOUNT);
  const challenge = (await left.mutate(REFUND, input)).body.errors?.[0]?.extensions.challenge ?? '';
  const proof = await left.stepUp(challenge);
  right = left.copy(scene.processes[1]?.url ?? '');
  const correlationId = randomUUID();
  const answers = await both(12, (client) => client.mutate(REFUND, input, { 'step-up-proof': proof, 'x-correlation-id': correlationId }));
  expect(answers.filter(({ code }) => code === null)).toHaveLength(1);
  expect(new Set(answers.flatMap(({ code }) => code ?? []))).toEqual(new Set(['STEP_UP_REQUIRED']));
  expect(await entries(correlationId)).toBe(1);
});

test('K12 writes through both: log, books and outbox agree, and no policy, sequence or session is of one process only', { timeout: 60_000 }, async () => {
  const balance = await openBalance(scene.superuser);
  const tenants = await idsOf(`select id from product.tenant where status = 'active' order by name limit 3`);
  const answers = await both(60, (client, at) => client.mutate(ADJUST, adjustment(tenants[at % 3] ?? ''), { 'idempotency-key': randomUUID() }));
  expect(answers.filter(({ code }) => code !== null)).toEqual([]);
  expect(await balance.look()).toEqual({ changesWithoutEvent: 0, eventsWithoutChange: 0, changesTwice: 0, messagesLostOrTwice: 0, balancesWrong: 0 });
  expect((await scene.superuser.query('select distinct policy_version from audit.event')).rowCount).toBe(1);
  await left.post('/auth/sign-out', {});
  expect((await right.mutate(ADJUST, adjustment(tenants[0] ?? ''))).code).toBe('UNAUTHENTICATED');
});

test('K12 B06 Inv7 guesses at both gateways at once draw on one budget: ten of forty are looked at', { timeout: 60_000 }, async () => {
  const person = personOf(scene.people, 'security-operator');
  const [here, there] = [scene.client(person), scene.client(person, scene.processes[1])];
  for (const client of [here, there]) await client.post('/auth/sign-in', { email: person.email, password: person.password });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? here : there).post('/auth/totp', { code: '000000' })));
  expect(answers.filter((answer) => answer.code === 'STEP_UP_FAILED')).toHaveLength(10);
  expect(answers.filter((answer) => answer.code === 'RATE_LIMITED')).toHaveLength(30);
});
