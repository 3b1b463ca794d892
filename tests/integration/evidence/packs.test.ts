import { randomUUID } from 'node:crypto';
import { PACK_FILES } from '@sallyport/server/evidence/pack/pack-contents.ts';
import type { TrustPolicy } from '@sallyport/server/transparency/open-checkpoint.ts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestClient } from '../../helpers/gateway.ts';
import { makeToken, toolWith } from '../tokens/token-fixture.ts';
import { type EvidenceHouse, openEvidenceHouse } from './evidence-house.ts';
import { answered, askForPack, eventsOf, evidencePath, textOf, trustIn, unpack, verifyPack } from './evidence-packs.ts';

let house: EvidenceHouse;
let policy: TrustPolicy;
const shared = randomUUID();
const from = new Date().toISOString();

beforeAll(async () => {
  house = await openEvidenceHouse();
  policy = await trustIn(house.test);
  const [one = '', two = ''] = house.tenants;
  for (const tenantId of [one, two, null])
    await house.write({
      correlationId: shared,
      tenantId,
      reason: '<script>alert(1)</script> & "Charged twice"',
      before: { status: 'paid', email: 'a@b.example' },
      after: { status: 'refunded', email: 'c@d.example' },
      classes: { status: 'internal', email: 'personal' },
    });
  for (let index = 0; index < 60; index++) void house.write({ tenantId: house.tenants[index % 3] ?? null });
  await house.log.drain();
}, 60_000);
afterAll(() => house?.test.close());

/** Events about packs under a correlation ID. */
const noted = async (correlationId: string) => (await house.test.events({ correlationId })).map(({ kind, outcome, reason_code: code }) => [kind, outcome, code]);
const lastEnd = async () => (await house.test.events({ kind: 'audit.evidence.ended' })).at(-1);

describe('H18, no. 12: who gets a pack', () => {
  test('a person confirms it with a code; it is on the log before and after, with its counts', async () => {
    const correlationId = randomUUID();
    const path = evidencePath({ correlationId: shared });
    const first = await house.auditor.get(path, { 'x-correlation-id': correlationId });
    expect([first.status, first.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('insufficient_user_authentication')]);
    const { challenge } = ((await first.json()) as { errors: { extensions: { challenge: string } }[] }).errors[0]?.extensions ?? { challenge: '' };
    const proof = await house.auditor.stepUp(challenge, correlationId);
    const pack = await answered(await house.auditor.get(path, { 'x-correlation-id': correlationId, 'step-up-proof': proof }));
    expect([pack.status, pack.headers.get('content-type'), pack.headers.get('x-total-events')]).toEqual([200, 'application/zip', '3']);
    expect(Number(pack.headers.get('x-estimated-bytes'))).toBeGreaterThan(0);
    expect(await verifyPack(pack.bytes, policy)).toMatchObject({ intact: true, entries: 3 });
    await expect
      .poll(() => noted(correlationId))
      .toEqual([
        ['audit.evidence.begun', 'denied', 'STEP_UP_REQUIRED'],
        ['access.step-up.verified', 'ok', null],
        ['audit.evidence.begun', 'ok', null],
        ['audit.evidence.ended', 'ok', null],
      ]);
    const [, , begun, ended] = await house.test.events({ correlationId });
    expect(begun).toMatchObject({
      detail: { conditions: ['correlationId'], events: 3 },
      fields_read: ['auditEvent.ip', 'auditEvent.userAgent'],
      permission: 'audit.evidence.make',
      tier: 'privileged',
    });
    expect(begun?.['step_up_id']).toEqual(expect.any(String));
    expect(ended).toMatchObject({ detail: { events: 3, bytes: pack.bytes.length } });
  });

  test('B12: a proof is good once, for the selection that was confirmed', async () => {
    const challengeOf = async (selection: Readonly<Record<string, string>>): Promise<string> =>
      ((await (await house.auditor.get(evidencePath(selection))).json()) as { errors: { extensions: { challenge: string } }[] }).errors[0]?.extensions.challenge ?? '';
    const proof = await house.auditor.stepUp(await challengeOf({ correlationId: shared }));
    const codeWith = async (client: TestClient, selection: Readonly<Record<string, string>>) =>
      (await answered(await client.get(evidencePath(selection), { 'step-up-proof': proof }))).code;
    expect(await codeWith(house.auditor, { correlationId: shared, tenantId: house.tenants[0] ?? '' })).toBe('STEP_UP_REQUIRED');
    expect(await codeWith(house.ofOne, { correlationId: shared })).toBe('STEP_UP_REQUIRED');
    const both = await Promise.all([codeWith(house.auditor, { correlationId: shared }), codeWith(house.auditor, { correlationId: shared })]);
    expect(both.toSorted()).toEqual(['STEP_UP_REQUIRED', null].toSorted());
  });

  test('C5: whoever lacks any of the rights over the log is refused, and that is an event', async () => {
    for (const role of ['security-operator', 'platform-admin', 'support-viewer'] as const) {
      const correlationId = randomUUID();
      const answer = await answered(await (await house.test.asRole(role)).get(evidencePath({ correlationId: shared }), { 'x-correlation-id': correlationId }));
      expect([answer.status, answer.code]).toEqual([403, 'FORBIDDEN']);
      expect(await noted(correlationId)).toEqual([['audit.evidence.begun', 'denied', 'FORBIDDEN']]);
    }
    const stranger = await answered(await house.test.stranger().get(evidencePath({ correlationId: shared })));
    expect([stranger.status, stranger.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('G05 G10: a token that was made for it, with a code, packs within what it names; another is refused', async () => {
    const whole = ['audit.evidence.make', 'audit.event.read', 'audit.event.read-changes', 'audit.event.read-network', 'audit.event.export'];
    const [one = ''] = house.tenants;
    const { token } = await makeToken(house.auditor, { permissions: whole, tenants: [one] });
    const pack = await answered(await toolWith(house.test, token).send('GET', evidencePath({ correlationId: shared })));
    expect(pack.code).toBeNull();
    expect(eventsOf(await unpack(pack.bytes)).map(({ tenantId }) => tenantId)).toEqual([one]);
    for (const missing of whole) {
      const less = await makeToken(house.auditor, { permissions: whole.filter((permission) => permission !== missing), everywhere: true });
      expect((await answered(await toolWith(house.test, less.token).send('GET', evidencePath({ correlationId: shared })))).code).toBe('FORBIDDEN');
    }
  });

  test.each([
    ['', 'nothing'],
    ['correlationId=x', 'a correlation ID that is none'],
    ['tenantId=a&tenantId=b', 'a tenant twice'],
    ['secret=1&correlationId=0199c0de-0000-7000-8000-000000000001', 'an unknown parameter'],
    ['from=yesterday', 'no instant'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'a period backwards'],
    ['control=XX-9', 'an unknown control'],
  ])('%s is BAD_INPUT: %s', async (query) => {
    const correlationId = randomUUID();
    const answer = await answered(await house.auditor.get(`/log/evidence?${query}`, { 'x-correlation-id': correlationId }));
    expect([answer.status, answer.code]).toEqual([400, 'BAD_INPUT']);
    expect(answer.bytes.toString()).not.toMatch(/yesterday|XX-9|"secret"/);
    expect(await noted(correlationId)).toEqual([['audit.evidence.begun', 'denied', 'BAD_INPUT']]);
  });
});

describe('C03: what is in it', () => {
  test("a reader of one tenant gets that tenant's events; the others are proven to be there, and stay closed", async () => {
    const pack = await askForPack(house.ofOne, { correlationId: shared });
    const parts = await unpack(pack.bytes);
    expect(eventsOf(parts).map(({ tenantId }) => tenantId)).toEqual([house.tenants[0]]);
    const report = await verifyPack(pack.bytes, policy);
    expect(report).toMatchObject({ intact: true, entries: 1 });
    expect(report.selection?.withheld.length).toBeGreaterThan(0);
    // Nothing of the other tenants is anywhere in the file.
    for (const bytes of parts.values()) for (const other of house.tenants.slice(1)) expect(bytes.includes(other)).toBe(false);
  });

  test('another tenant, and what is not there, are the same NOT_FOUND', async () => {
    for (const selection of [{ tenantId: house.tenants[1] ?? '' }, { tenantId: randomUUID() }, { correlationId: randomUUID() }]) {
      const answer = await askForPack(house.ofOne, selection);
      expect([answer.status, answer.code]).toEqual([404, 'NOT_FOUND']);
    }
  });

  test('no. 12: a period that is disclosed whole leaves no gap, and one that is not says how many it leaves out', async () => {
    const to = new Date().toISOString();
    const inPeriod = await house.truth<{ id: string }>(`select id::text from audit.event where time >= '${from}' and time < '${to}'`);
    const pack = await askForPack(house.auditor, { from, to });
    const report = await verifyPack(pack.bytes, policy);
    expect(report).toMatchObject({ intact: true, entries: inPeriod.length, selection: { disclosed: inPeriod.length, withheld: [] } });
    const own = await verifyPack((await askForPack(house.auditor, { from, to, tenantId: house.tenants[0] ?? '' })).bytes, policy);
    const left = own.selection?.withheld.reduce((sum, { begin, end }) => sum + end - begin, 0) ?? 0;
    expect(own.intact).toBe(true);
    expect((own.selection?.disclosed ?? 0) + left).toBe(inPeriod.length);
  });

  test('H16 H14 C6: canonical bytes as they were hashed, no personal value, a summary without script that claims nothing', async () => {
    const pack = await askForPack(house.auditor, { correlationId: shared, language: 'id' });
    const parts = await unpack(pack.bytes);
    const stored = await house.truth<{ canonical: string }>(
      `select convert_from(event.canonical, 'UTF8') as canonical from audit.event event join audit.leaf leaf on leaf.event_id = event.id where correlation_id = '${shared}' order by log_index`,
    );
    expect(textOf(parts, PACK_FILES.events)).toBe(stored.map(({ canonical }) => `${canonical}\n`).join(''));
    for (const bytes of parts.values()) for (const value of ['a@b.example', 'c@d.example']) expect(bytes.includes(value)).toBe(false);
    const page = textOf(parts, PACK_FILES.summary);
    expect(page).toContain('<html lang="id">');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Charged twice&quot;');
    expect(page).not.toMatch(/<script|\son\w+=|javascript:|<(img|link|iframe|object|form)\b|https?:/i);
    expect(page).toContain('bukan sertifikasi');
    expect(JSON.parse(textOf(parts, PACK_FILES.manifest))).toMatchObject({
      selection: { correlationId: shared },
      madeBy: { name: house.auditor.person.displayName },
      disclosed: 3,
    });
    const [policyRow] = await house.truth<{ hash: string }>('select hash from gateway.policy_version');
    expect(parts.has(`policies/${policyRow?.hash}.json`)).toBe(true);
  });
});

test('K06 L04: packs that are made at once, while others write, are whole; beyond two of one person the next one waits', { timeout: 60_000 }, async () => {
  const whole = ['audit.evidence.make', 'audit.event.read', 'audit.event.read-changes', 'audit.event.read-network', 'audit.event.export'];
  const { token } = await makeToken(house.auditor, { permissions: whole, everywhere: true });
  let writing = true;
  const writer = (async () => {
    while (writing) await house.write({ tenantId: house.tenants[0] ?? null, correlationId: shared });
  })();
  const packs = await Promise.all(Array.from({ length: 8 }, async () => answered(await toolWith(house.test, token).send('GET', evidencePath({ correlationId: shared })))));
  writing = false;
  await writer;
  const made = packs.filter(({ code }) => code === null);
  expect(packs.filter(({ code }) => code !== null).every(({ code, status, headers }) => code === 'RATE_LIMITED' && status === 429 && headers.get('retry-after') !== null)).toBe(
    true,
  );
  expect(made.length).toBeGreaterThanOrEqual(2);
  for (const { bytes, headers } of made) expect(await verifyPack(bytes, policy)).toMatchObject({ intact: true, entries: Number(headers.get('x-total-events')) });
  expect((await answered(await toolWith(house.test, token).send('GET', evidencePath({ correlationId: shared })))).code).toBeNull();
});

describe('H09: what goes wrong on the way', () => {
  /** Does what only a superuser can who switches the fences off. */
  async function tamper(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: house.test.database.url });
    await client.connect();
    try {
      await client.query('alter table audit.event disable trigger all');
      await client.query(statement);
      await client.query('alter table audit.event enable always trigger event_rows_stay');
    } finally {
      await client.end();
    }
  }

  test('rows that were changed in the database make no pack: it breaks off unsigned, and the log says so', async () => {
    const victim = randomUUID();
    await house.write({ correlationId: victim, tenantId: house.tenants[0] ?? null });
    expect((await askForPack(house.auditor, { correlationId: victim })).code).toBeNull();
    await tamper(`update audit.event set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), 'invoice-1', 'invoice-2'), 'UTF8') where correlation_id = '${victim}'`);
    await expect(askForPack(house.auditor, { correlationId: victim })).rejects.toThrow();
    await expect.poll(lastEnd).toMatchObject({ outcome: 'failed', reason_code: 'INTERNAL' });
  });

  test('whoever goes away, or loses the right meanwhile, gets no more', { timeout: 60_000 }, async () => {
    for (let index = 0; index < 5_000; index++) void house.write({ tenantId: house.tenants[2] ?? null, reason: randomUUID().repeat(20) });
    await house.log.drain();
    const open = async (client: TestClient): Promise<ReadableStreamDefaultReader<Uint8Array>> => {
      const selection = { tenantId: house.tenants[2] ?? '' };
      const asked = (await (await client.get(evidencePath(selection))).json()) as { errors: { extensions: { challenge: string } }[] };
      const response = await client.get(evidencePath(selection), { 'step-up-proof': await client.stepUp(asked.errors[0]?.extensions.challenge ?? '') });
      const reader = response.body?.getReader();
      if (response.status !== 200 || !reader) throw new Error(`${response.status}`);
      await reader.read();
      return reader;
    };
    await (await open(house.auditor)).cancel();
    await expect.poll(lastEnd, { timeout: 10_000 }).toMatchObject({ outcome: 'failed', detail: { events: expect.any(Number) } });

    const reader = await open(house.auditor);
    await house.truth(`update gateway.access_grant set revoked_at = clock_timestamp() where role = 'compliance-auditor' and is_global returning id`);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await expect(
      (async () => {
        for (;;) if ((await reader.read()).done) return 'all of it';
      })(),
    ).rejects.toThrow();
    await expect.poll(lastEnd, { timeout: 10_000 }).toMatchObject({ outcome: 'failed', reason_code: 'FORBIDDEN' });
  });
});
