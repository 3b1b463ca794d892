import { randomUUID } from 'node:crypto';
import { PACK_FILES } from '@sallyport/server/evidence/pack/pack-contents.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestClient } from '../../helpers/gateway.ts';
import { appendInThePast } from '../../helpers/past-events.ts';
import { refund } from '../audit/log-fixture.ts';
import { answerOf, askAnswers, figureOf, tellAnswers, type ToldAnswers } from './answers-document.ts';
import { withoutCode, writeEvents, writeRows } from './answers-scene.ts';
import { truthOf } from './answers-truth.ts';
import { type EvidenceHouse, openEvidenceHouse } from './evidence-house.ts';
import { askForPack, textOf, trustIn, unpack, verifyPack } from './evidence-packs.ts';

let house: EvidenceHouse;
let success: TestClient;
let one: string;
let quiet: string;

beforeAll(async () => {
  house = await openEvidenceHouse();
  success = await house.test.asRole('customer-success');
  const { owner } = house.test.database;
  const all = await house.truth<{ readonly id: string }>('select id::text from product.tenant order by id');
  [one = '', quiet = ''] = [house.tenants[0] ?? '', all.at(-1)?.id ?? ''];
  await writeEvents(house, (members) => refund({ target: { type: 'invoice', id: 'invoice-1' }, ...members }));
  await writeRows(owner, house.tenants, house.test.personWith('production-engineer').email);
  await house.test.gateway.integrity.sealNow();
}, 60_000);
afterAll(() => house?.test.close());

async function numberOf(statement: string): Promise<number | null> {
  const [row] = await house.truth<{ readonly n: number | string | null }>(statement);
  return row?.n === null || row?.n === undefined ? null : Number(row.n);
}

describe('C4: every figure is that of the tables', () => {
  test.each(['of one tenant', 'of the whole gateway'])('%s', async (whose) => {
    const tenantId = whose === 'of one tenant' ? one : null;
    const told = await tellAnswers(success, tenantId === null ? {} : { tenantId });
    expect(told.tenantId).toBe(tenantId);
    const truth = truthOf({ tenantId, from: told.from, to: told.to });
    const [expected, found]: [Record<string, number | null>, Record<string, number | null>] = [{}, {}];
    for (const [name, statement] of Object.entries(truth)) {
      const [question = '', figure = ''] = name.split('.');
      expected[name] = await numberOf(statement);
      const value = figureOf(told, question, figure);
      // Lengths travel with three decimals.
      found[name] = value === null || expected[name] === null || Math.abs(value - (expected[name] ?? 0)) > 0.002 ? value : expected[name];
    }
    expect(found).toEqual(expected);
    expect(told.events).toBe(expected['complete-records.events']);
    // The scene leaves nothing at zero that could hide a figure that is never counted.
    const zero = Object.entries(expected).filter(([, value]) => value === 0);
    expect(zero.map(([name]) => name).toSorted()).toEqual(
      [
        'emergency-access.emergenciesPending',
        'outside-witness.witnesses',
        ...(tenantId === null ? [] : ['customers-apart.wideSearches', 'customers-apart.wideSearchesConfirmed']),
      ].toSorted(),
    );
  });

  test('what is asked for the whole gateway is more than any tenant’s, and what was before the period is in neither', async () => {
    const [whole, ofOne] = await Promise.all([tellAnswers(success, {}), tellAnswers(success, { tenantId: one })]);
    expect(figureOf(whole, 'complete-records', 'privileged')).toBeGreaterThan(figureOf(ofOne, 'complete-records', 'privileged') ?? 0);
    const before = await tellAnswers(success, { tenantId: one, from: '2025-03-14T00:00:00Z', to: '2025-03-15T00:00:00Z' });
    expect([before.events, figureOf(before, 'fresh-code', 'privileged'), figureOf(before, 'refused-attempts', 'refused')]).toEqual([2, 1, 1]);
  });

  test('a seeded lie shows: one act without its fresh code makes a yes partly so, and the sentence says how many', async () => {
    const tenantId = quiet;
    for (let count = 0; count < 3; count++) await house.log.record(refund({ tenantId, action: 'resetMfa' }));
    const before = answerOf(await tellAnswers(success, { tenantId }), 'fresh-code');
    expect([before.verdict, before.answer.en.includes('3 of 3 privileged acts')]).toEqual(['YES', true]);
    await house.log.record(withoutCode(refund({ tenantId, action: 'resetMfa' })));
    const after = answerOf(await tellAnswers(success, { tenantId }), 'fresh-code');
    expect(after.verdict).toBe('PARTLY');
    expect(after.answer.en).toContain('3 of 4 privileged acts');
    expect(after.answer.en).toContain('1 act without a code although the kind always asks for one');
    expect(after.answer.id).toContain('1 tindakan tanpa kode padahal jenisnya selalu memerlukannya');
    // Nobody signed in with a second factor for it: the first answer tells too.
    await house.log.record({ ...withoutCode(refund({ tenantId })), viewer: null, actorId: randomUUID(), actorName: 'Somebody' });
    const told = await tellAnswers(success, { tenantId });
    expect([answerOf(told, 'staff-second-factor').verdict, answerOf(told, 'complete-records').verdict]).toEqual(['PARTLY', 'PARTLY']);
  });

  test('what was carried out without another person, and what nobody answered or reviewed, is said', async () => {
    const told = await tellAnswers(success, { tenantId: one });
    expect(answerOf(told, 'second-person').verdict).toBe('PARTLY');
    expect(answerOf(told, 'access-reviews').verdict).toBe('PARTLY');
    expect(answerOf(told, 'emergency-access').verdict).toBe('PARTLY');
    expect(answerOf(told, 'time-limited-access').verdict).toBe('PARTLY');
    expect(answerOf(told, 'tamper-evidence')).toMatchObject({ verdict: 'PARTLY', answer: { en: expect.stringContaining('1 found it intact, 1 damaged') } });
    expect(answerOf(told, 'outside-witness').verdict).toBe('PARTLY');
    expect(answerOf(told, 'leavers').verdict).toBe('YES');
  });

  test('of a period in which nothing happened nothing is claimed', async () => {
    const told = await tellAnswers(success, { tenantId: house.tenants[2] ?? '', from: '2024-02-01T00:00:00Z', to: '2024-03-01T00:00:00Z' });
    expect(told.events).toBe(0);
    const silent = told.answers.filter(({ verdict }) => verdict === 'NOT_APPLICABLE').map(({ id }) => id);
    expect(silent).toEqual(
      expect.arrayContaining([
        'fresh-code',
        'one-person-each',
        'time-limited-access',
        'least-privilege',
        'access-reviews',
        'leavers',
        'second-person',
        'emergency-access',
        'refused-attempts',
        'exports',
        'erasure',
        'complete-records',
      ]),
    );
    for (const { answer, id } of told.answers) {
      expect(answer.en, id).not.toMatch(/%|\bNaN\b|undefined|null|Infinity/);
      expect(answer.id, id).not.toMatch(/%|\bNaN\b|undefined|null|Infinity/);
    }
  });

  test('the report that an answer points at holds the events of its control', async () => {
    const told = await tellAnswers(success, { tenantId: one });
    const { data } = await house.auditor.query('query ($selection: AuditReportSelection!) { auditReport(selection: $selection) { counts { events } } }', {
      selection: answerOf(told, 'fresh-code').evidence,
    });
    expect(data?.['auditReport'].counts.events).toBeTypeOf('number');
  });
});

describe('C4, C03: who gets answers, and of whom', () => {
  test('another tenant and one that is not there look the same to the byte, and a text that can be no ID too', async () => {
    const strangers = await Promise.all([house.tenants[1] ?? '', randomUUID(), 'nonsense'].map((tenantId) => askAnswers(house.ofOne, { tenantId })));
    for (const { told, errors } of strangers) {
      expect(told).toBeNull();
      expect(errors).toMatchObject([{ path: ['securityAnswers'], extensions: { code: 'NOT_FOUND' } }]);
    }
    const said = strangers.map(({ errors }) =>
      JSON.stringify(errors.map(({ message, path, extensions }) => ({ message, path, extensions: { ...extensions, correlationId: '' } }))),
    );
    expect(new Set(said).size).toBe(1);
    expect((await askAnswers(house.ofOne, { tenantId: one.toUpperCase() })).told?.tenantId).toBe(one);
  });

  test('the whole gateway is for global reach alone; others are refused, and that is an event', async () => {
    const correlationId = randomUUID();
    expect((await askAnswers(house.ofOne, {}, { correlationId })).codes).toEqual(['FORBIDDEN']);
    expect(await house.test.events({ correlationId })).toMatchObject([{ kind: 'access.field.refused', outcome: 'denied', permission: 'assurance.answers.read' }]);
    const without = randomUUID();
    expect((await askAnswers(await house.test.asRole('support-operator'), { tenantId: one }, { correlationId: without })).codes).toEqual(['FORBIDDEN']);
    expect(await house.test.events({ correlationId: without })).toMatchObject([{ kind: 'access.field.refused', outcome: 'denied', permission: 'assurance.answers.read' }]);
  });

  test('H18: reading answers is one event, with what they were chosen by and no value', async () => {
    const correlationId = randomUUID();
    const { told } = await askAnswers(success, { tenantId: one, to: new Date().toISOString() }, { correlationId });
    expect(told).not.toBeNull();
    const noted = await house.test.events({ correlationId });
    expect(noted).toMatchObject([{ kind: 'assurance.answers.read', outcome: 'ok', detail: { conditions: ['tenantId', 'to'] } }]);
    expect(JSON.stringify(noted[0]?.['detail'])).not.toContain(one);
  });

  test('L14: names nobody: neither staff nor their addresses, IDs, reasons or tickets stand in any of it', async () => {
    const staff = await house.truth<{ id: string; email: string; name: string }>('select id::text, email, display_name as name from gateway.staff');
    const whole = JSON.stringify(await tellAnswers(success, {}));
    for (const text of [...staff.flatMap(({ id, email, name }) => [id, email, name]), 'Ayu Lestari', 'SUP-1234', 'Charged twice', '127.0.0.1"']) expect(whole).not.toContain(text);
  });

  test.each([
    ['a period that ends before it begins', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
    ['an empty one', { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
    ['one that has not come', { from: '2199-01-01T00:00:00Z' }],
    ['one of more than 366 days', { from: '2024-01-01T00:00:00Z', to: '2025-06-01T00:00:00Z' }],
    ['one before all time', { from: '0001-01-01T00:00:00Z' }],
  ])('J: %s is refused', async (_what, asked) => {
    expect((await askAnswers(success, asked)).codes).toEqual(['BAD_INPUT']);
  });

  test('a year and a day is told, an end in the future is this moment, and without a period it is 90 days by the database’s clock', async () => {
    expect((await askAnswers(success, { from: '2024-01-01T00:00:00Z', to: '2025-01-01T00:00:00Z' })).codes).toEqual([]);
    const [clock] = await house.truth<{ readonly now: string }>('select clock_timestamp() as now');
    const told = await tellAnswers(success, { to: '2199-01-01T00:00:00Z' });
    expect(told.to >= (clock?.now ?? '~') && told.to === told.madeAt).toBe(true);
    expect(Date.parse(told.to) - Date.parse(told.from)).toBe(90 * 86_400_000);
  });

  test('I05: one set in a document', async () => {
    const { codes } = await success.query(`{ a: securityAnswers(tenantId: "${one}") { events } b: securityAnswers(tenantId: "${one}") { events } }`);
    expect(codes).toEqual(['QUERY_REJECTED']);
  });
});

describe('C6: what goes out claims nothing', () => {
  test('the text says first what it is not, of which gateway and period, and holds every answer in both languages', async () => {
    const told = await tellAnswers(success, { tenantId: one });
    for (const language of ['en', 'id'] as const) {
      const text = told[language];
      expect(text.split('\n')[2]).toBe(`**${told.claim[language]}**`);
      expect(text).toContain(`${told.from.slice(0, 16).replace('T', ' ')} UTC – ${told.to.slice(0, 16).replace('T', ' ')} UTC`);
      for (const { question, answer } of told.answers) {
        expect(text).toContain(`### ${question[language]}\n\n`);
        expect(text).toContain(answer[language]);
      }
      expect(text).not.toMatch(/\b(certified|compliant|complies|bersertifikat)\b/i);
    }
  });

  test('where something of the period has been dropped from the log, the answers say so', async () => {
    const { owner } = house.test.database;
    await appendInThePast(owner, '2020-02-10T09:26:53.589793Z', { tenantId: one });
    expect((await tellAnswers(success, { from: '2020-01-15T00:00:00Z', to: '2020-03-01T00:00:00Z' })).prunedClasses).toEqual([]);
    await house.truth("update audit.segment set events = 1, bytes = 1, sealed_at = now() where id = '2020-02-act'");
    await house.truth("update audit.segment set pruned_at = now(), pruned_digest = sha256('') where id = '2020-02-act'");
    const told = await tellAnswers(success, { from: '2020-01-15T00:00:00Z', to: '2020-03-01T00:00:00Z' });
    expect(told.prunedClasses).toEqual(['act']);
    expect(told.en).toContain('Part of the period has been dropped');
    expect((await tellAnswers(success, { from: '2020-03-01T00:00:00Z', to: '2020-04-01T00:00:00Z' })).prunedClasses).toEqual([]);
  });
});

describe('C4: the answers go with an evidence pack', () => {
  test('of a tenant: the same as the console gives, signed with the rest, and the offline verifier takes the pack', async () => {
    // Events of the far past, as other tests put them there, name a policy that nobody kept.
    const pack = await askForPack(house.auditor, { tenantId: one, from: new Date(Date.now() - 86_400_000).toISOString() });
    expect(pack.code).toBeNull();
    expect(await verifyPack(pack.bytes, await trustIn(house.test))).toMatchObject({ intact: true });
    const parts = await unpack(pack.bytes);
    const data = JSON.parse(textOf(parts, PACK_FILES.answersData)) as ToldAnswers;
    const told = await tellAnswers(house.auditor, { tenantId: one, from: data.from, to: data.to });
    // What the log itself says grows with every reading, this one too.
    const steady = ({ answers }: ToldAnswers) =>
      answers.filter(({ id }) => id !== 'tamper-evidence' && id !== 'outside-witness').map(({ id, verdict, answer, figures }) => ({ id, verdict, answer, figures }));
    expect(steady(data)).toEqual(steady(told));
    expect(textOf(parts, PACK_FILES.answers)).toContain(told.claim.en);
    expect(textOf(parts, PACK_FILES.answers)).toContain(answerOf(told, 'fresh-code').answer.en);
    const names = await house.truth<{ readonly name: string }>('select display_name as name from gateway.staff');
    for (const { name } of names) expect(textOf(parts, PACK_FILES.answers) + textOf(parts, PACK_FILES.answersData)).not.toContain(name);
  });

  test('of a story, of a control, of more than a year, or for who reads no answers there, it has none', async () => {
    const [last] = await house.truth<{ readonly id: string }>(`select correlation_id as id from audit.event where tenant_id = '${one}' order by time desc limit 1`);
    const namesOf = async (selection: Readonly<Record<string, string>>) =>
      [...(await unpack((await askForPack(house.auditor, selection)).bytes)).keys()].filter((name) => name.startsWith('answers'));
    expect(await namesOf({ correlationId: last?.id ?? '' })).toEqual([]);
    expect(await namesOf({ tenantId: one, control: 'AC-6(9)' })).toEqual([]);
    expect(await namesOf({ tenantId: one, from: '2024-01-01T00:00:00Z' })).toEqual([]);
    expect(await namesOf({ from: new Date(Date.now() - 86_400_000).toISOString() })).toEqual(['answers.md', 'answers.json']);
  });
});
