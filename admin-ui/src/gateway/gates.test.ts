import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGate, Dismissed, sessionGate, stepUpGate } from './gates.ts';
import { sendWithStepUp } from './pass-step-up.ts';
import { sendDocument } from './send-request.ts';

interface Sent {
  readonly headers: Record<string, string>;
  readonly body: string;
}

function answerWith(...answers: readonly { readonly status?: number; readonly body: unknown }[]): Sent[] {
  const sent: Sent[] = [];
  const queue = [...answers];
  vi.stubGlobal('fetch', (_path: string, init: { headers: Record<string, string>; body: string }) => {
    sent.push({ headers: init.headers, body: init.body });
    const next = queue.shift();
    return next ? Promise.resolve(new Response(JSON.stringify(next.body), { status: next.status ?? 200 })) : Promise.reject(new TypeError('network'));
  });
  return sent;
}

const refusal = (code: string, extra: object = {}) => ({ data: { outcome: null }, errors: [{ message: code, path: ['outcome'], extensions: { code, ...extra } }] });

afterEach(() => vi.unstubAllGlobals());

describe('moments in which a request waits for the person', () => {
  it('requests that arrive while the session is renewed wait for the same answer', async () => {
    const gate = createGate<string, number>(true);
    const both = Promise.all([gate.ask('one'), gate.ask('two')]);
    expect(gate.current()).toBe('one');
    gate.answer(7);
    await expect(both).resolves.toEqual([7, 7]);
  });

  it('questions of their own are asked one after the other', async () => {
    const gate = createGate<string, number>(false);
    const first = gate.ask('one');
    const second = gate.ask('two');
    gate.dismiss(new Dismissed());
    await expect(first).rejects.toBeInstanceOf(Dismissed);
    await vi.waitFor(() => expect(gate.current()).toBe('two'));
    gate.answer(2);
    await expect(second).resolves.toBe(2);
  });

  it('a step-up repeats the very same request with the proof, under one correlation ID and one key (J12)', async () => {
    const sent = answerWith({ status: 401, body: refusal('STEP_UP_REQUIRED', { challenge: 'c', maxAgeSeconds: 300 }) }, { body: { data: { outcome: { status: 'EXECUTED' } } } });
    const done = sendWithStepUp('mutation M { outcome: m }', { input: { id: '1' } }, { act: 'Act', object: 'One' }, { idempotencyKey: 'key-1' });
    await vi.waitFor(() => expect(stepUpGate.current()?.challenge).toBe('c'));
    stepUpGate.answer('proof-1');
    await done;
    expect(sent).toHaveLength(2);
    expect(sent[1]?.body).toBe(sent[0]?.body);
    expect(sent[1]?.headers['step-up-proof']).toBe('proof-1');
    for (const name of ['x-correlation-id', 'idempotency-key', 'x-request-surface']) expect(sent[1]?.headers[name]).toBe(sent[0]?.headers[name]);
  });

  it('an ended session waits, then sends the same request again', async () => {
    const sent = answerWith({ status: 401, body: { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] } }, { body: { data: { list: 1 } } });
    const done = sendDocument<{ list: number }>('query Q { list }', {});
    await vi.waitFor(() => expect(sessionGate.current()).not.toBeNull());
    sessionGate.answer();
    expect((await done).data.list).toBe(1);
    expect(sent[1]?.body).toBe(sent[0]?.body);
  });

  it('a lost answer to an act is told as unknown, to a reading as unavailable', async () => {
    answerWith();
    await expect(sendDocument('mutation', {}, { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await expect(sendDocument('query', {})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('refused fields beside data are returned, not thrown', async () => {
    answerWith({
      body: { data: { record: { id: '1', email: null } }, errors: [{ message: 'no', path: ['record', 'email'], extensions: { code: 'FORBIDDEN', permission: 'p' } }] },
    });
    const answer = await sendDocument<{ record: { id: string } }>('query', {});
    expect([answer.data.record.id, answer.refused.map((entry) => entry.path?.at(-1))]).toEqual(['1', ['email']]);
  });
});
