import fc from 'fast-check';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { answersMarkdown } from '@sallyport/schema/modules/assurance/answers-markdown.ts';
import { type DeclaredFacts, declaredFacts } from '@sallyport/schema/modules/assurance/facts/declared-facts.ts';
import type { AccessFacts } from '@sallyport/schema/modules/assurance/facts/read-access.ts';
import type { EventFacts } from '@sallyport/schema/modules/assurance/facts/read-events.ts';
import type { Facts } from '@sallyport/schema/modules/assurance/facts/read-facts.ts';
import type { LogFacts } from '@sallyport/schema/modules/assurance/facts/read-log.ts';
import type { SecondLookFacts } from '@sallyport/schema/modules/assurance/facts/read-second-looks.ts';
import { questions } from '@sallyport/schema/modules/assurance/questions/questions.ts';
import { answersOf, CLAIM } from '@sallyport/schema/modules/assurance/security-answers.ts';
import { findControl } from '@sallyport/schema/modules/audit/controls/controls.ts';
import { describe, expect, test } from 'vitest';

const declared = declaredFacts(buildGatewaySchema(modules).registry);

const EVENTS: EventFacts = {
  events: 0,
  refused: 0,
  failed: 0,
  refusedForRights: 0,
  refusedForCode: 0,
  refusedOwnApproval: 0,
  acts: 0,
  actsNamed: 0,
  actsWithFactor: 0,
  actsWithRecoveryCode: 0,
  actsByToken: 0,
  people: 0,
  commandLine: 0,
  privileged: 0,
  privilegedConfirmed: 0,
  privilegedReasoned: 0,
  privilegedTicketed: 0,
  privilegedComplete: 0,
  alwaysAsking: 0,
  alwaysAskingConfirmed: 0,
  approvable: 0,
  approvableApproved: 0,
  exports: 0,
  exportsApproved: 0,
  emergencyActs: 0,
  readings: 0,
  readers: 0,
  wideSearches: 0,
  wideSearchesConfirmed: 0,
  logReadings: 0,
  logExports: 0,
};
const ACCESS: AccessFacts = {
  accounts: 0,
  accountsWithFactor: 0,
  disabled: 0,
  openSessionsOfDisabled: 0,
  openTokensOfDisabled: 0,
  given: 0,
  givenWithEnd: 0,
  longestHours: null,
  medianHours: null,
  standing: 0,
  standingWithoutEnd: 0,
  standingEverywhere: 0,
  tokens: 0,
  tokensOfNamedTenants: 0,
  longestTokenHours: null,
  medianTokenHours: null,
};
const LOOKS: SecondLookFacts = {
  requestsFiled: 0,
  requestsExecuted: 0,
  requestsByOthers: 0,
  requestsDenied: 0,
  requestsLapsed: 0,
  campaigns: 0,
  items: 0,
  itemsInTime: 0,
  itemsRevoked: 0,
  itemsUnanswered: 0,
  emergencies: 0,
  emergenciesInTime: 0,
  emergenciesLate: 0,
  emergenciesPending: 0,
  emergenciesNotJustified: 0,
  longestEmergencyMinutes: null,
};
const LOG: LogFacts = {
  origin: 'gateway.example/audit',
  entries: 0,
  signedEntries: 0,
  verifications: 0,
  verificationsIntact: 0,
  lastVerifiedAt: null,
  lastVerifiedIntact: null,
  gaps: 0,
  places: 0,
  witnesses: 0,
  placesFailing: 0,
  witnessedEntries: 0,
  streams: 0,
  streamsFailing: 0,
  yearsOfActs: 7,
  yearsOfRefusals: 3,
  yearsOfReadings: 2,
  pruned: 0,
  prunedClasses: [],
  erasures: 0,
  valuesErased: 0,
};
const QUARTER = { from: '2026-08-23T00:00:00.000000Z', to: '2026-11-21T00:00:00.000000Z', madeAt: '2026-11-21T00:00:00.000000Z' };
const MONTH = { ...QUARTER, from: '2026-10-22T00:00:00.000000Z' };

interface Given {
  readonly declared?: Partial<DeclaredFacts>;
  readonly events?: Partial<EventFacts>;
  readonly access?: Partial<AccessFacts>;
  readonly looks?: Partial<SecondLookFacts>;
  readonly log?: Partial<LogFacts>;
  readonly period?: Facts['period'];
}

const factsOf = (given: Given): Facts => ({
  period: given.period ?? QUARTER,
  tenantId: null,
  declared: { ...declared, ...given.declared },
  events: { ...EVENTS, ...given.events },
  access: { ...ACCESS, ...given.access },
  looks: { ...LOOKS, ...given.looks },
  log: { ...LOG, ...given.log },
});
const told = (id: string, given: Given) => {
  const found = answersOf(factsOf(given)).find((answer) => answer.id === id);
  if (!found) throw new Error(`No question is called ${id}`);
  return found;
};

/** Identifiers of the Cloud Controls Matrix 4.0 that were looked up in published copies of it. */
const LOOKED_UP = /^(IAM-(0[3-9]|1[0-6])|LOG-(0[1-9]|1[0-3])|DSP-(10|11|16|17)|IVS-06)$/;

describe('C4: the questions', () => {
  test('are about twenty, each with an ID of its own, in both languages, with controls that exist', () => {
    expect(questions.length).toBe(20);
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    for (const { id, question, controls, references } of questions) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(question.en.endsWith('?') && question.id.endsWith('?') && question.en !== question.id, id).toBe(true);
      for (const control of controls) expect(findControl(control), `${id} ${control}`).toBeDefined();
      for (const reference of references) expect(reference, id).toMatch(LOOKED_UP);
    }
  });

  test('of nothing nothing is claimed: only what the rules, the accounts and the periods of keeping say is said', () => {
    const verdicts = Object.fromEntries(answersOf(factsOf({})).map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toEqual({
      'staff-second-factor': 'NOT_APPLICABLE',
      'fresh-code': 'NOT_APPLICABLE',
      'one-person-each': 'NOT_APPLICABLE',
      'time-limited-access': 'NOT_APPLICABLE',
      'least-privilege': 'NOT_APPLICABLE',
      'separation-of-duties': 'PARTLY',
      'access-reviews': 'NOT_APPLICABLE',
      leavers: 'NOT_APPLICABLE',
      'second-person': 'NOT_APPLICABLE',
      'emergency-access': 'NOT_APPLICABLE',
      'refused-attempts': 'NOT_APPLICABLE',
      'customers-apart': 'YES',
      'personal-data': 'YES',
      exports: 'NOT_APPLICABLE',
      erasure: 'NOT_APPLICABLE',
      'complete-records': 'NOT_APPLICABLE',
      'tamper-evidence': 'NOT_APPLICABLE',
      'outside-witness': 'NOT_APPLICABLE',
      'log-retention': 'YES',
      'log-access': 'YES',
    });
  });
});

describe('C4: the verdicts turn where the figures do', () => {
  const week = 168;
  test.each<[string, string, Given]>([
    ['staff-second-factor', 'YES', { access: { accounts: 9, accountsWithFactor: 9 }, events: { acts: 5, actsWithFactor: 5 } }],
    ['staff-second-factor', 'PARTLY', { access: { accounts: 9, accountsWithFactor: 8 }, events: { acts: 5, actsWithFactor: 5 } }],
    ['staff-second-factor', 'NO', { access: { accounts: 9 }, events: { acts: 5 } }],
    ['fresh-code', 'YES', { events: { privileged: 4, privilegedConfirmed: 4, alwaysAsking: 4, alwaysAskingConfirmed: 4 } }],
    ['fresh-code', 'PARTLY', { events: { privileged: 4, privilegedConfirmed: 3, alwaysAsking: 4, alwaysAskingConfirmed: 3 } }],
    ['fresh-code', 'PARTLY', { events: { privileged: 4 } }],
    ['fresh-code', 'NO', { events: { privileged: 4, alwaysAsking: 1 } }],
    ['fresh-code', 'NO', { events: { privileged: 4 }, declared: { codeAlways: 0 } }],
    ['one-person-each', 'PARTLY', { events: { acts: 4, actsNamed: 4, commandLine: 1 } }],
    ['time-limited-access', 'YES', { access: { given: 2, givenWithEnd: 2, longestHours: week, medianHours: 1, standing: 1 } }],
    ['time-limited-access', 'PARTLY', { access: { given: 2, givenWithEnd: 2, longestHours: week, medianHours: 1, standing: 3, standingWithoutEnd: 1 } }],
    ['time-limited-access', 'NO', { access: { given: 1, standing: 1, standingWithoutEnd: 1 } }],
    ['time-limited-access', 'PARTLY', { access: { tokens: 1, longestTokenHours: 9, medianTokenHours: 9 } }],
    ['least-privilege', 'NO', { access: { standing: 3, standingEverywhere: 3 } }],
    ['separation-of-duties', 'YES', { declared: { rolesOfBothSides: 0 } }],
    ['separation-of-duties', 'NOT_APPLICABLE', { declared: { approvable: 0 } }],
    ['access-reviews', 'NO', { access: { standing: 3 } }],
    ['access-reviews', 'NOT_APPLICABLE', { access: { standing: 3 }, period: MONTH }],
    ['access-reviews', 'YES', { looks: { campaigns: 1, items: 3, itemsInTime: 3 } }],
    ['access-reviews', 'PARTLY', { looks: { campaigns: 1, items: 3, itemsInTime: 2, itemsUnanswered: 1 } }],
    ['leavers', 'NO', { access: { openTokensOfDisabled: 1 } }],
    ['leavers', 'YES', { access: { disabled: 1 } }],
    ['second-person', 'YES', { events: { approvable: 2, approvableApproved: 2 }, looks: { requestsFiled: 2, requestsExecuted: 2, requestsByOthers: 2 } }],
    ['second-person', 'PARTLY', { events: { approvable: 2 } }],
    ['second-person', 'PARTLY', { events: { approvable: 2, approvableApproved: 2 }, looks: { requestsExecuted: 2, requestsByOthers: 1 } }],
    ['second-person', 'NO', { events: { approvable: 2, approvableApproved: 2 }, looks: { requestsExecuted: 2 } }],
    ['emergency-access', 'YES', { looks: { emergencies: 2, emergenciesInTime: 1, emergenciesPending: 1, longestEmergencyMinutes: 12 } }],
    ['emergency-access', 'NOT_APPLICABLE', { looks: { emergencies: 1, emergenciesPending: 1 } }],
    ['emergency-access', 'NO', { looks: { emergencies: 1 } }],
    ['refused-attempts', 'PARTLY', { events: { refused: 1 } }],
    ['refused-attempts', 'PARTLY', { events: { refused: 1 }, log: { streams: 2, streamsFailing: 1 } }],
    ['refused-attempts', 'YES', { events: { refused: 1 }, log: { streams: 1 } }],
    ['customers-apart', 'PARTLY', { events: { wideSearches: 2, wideSearchesConfirmed: 1 } }],
    ['customers-apart', 'NO', { declared: { tenantedResources: 0 } }],
    ['personal-data', 'PARTLY', { declared: { personalFields: 3, openPersonalFields: 1 } }],
    ['exports', 'NO', { events: { exports: 2 } }],
    ['erasure', 'NO', { declared: { erasingActs: 0 } }],
    ['erasure', 'YES', { log: { erasures: 1, valuesErased: 3 } }],
    ['complete-records', 'PARTLY', { events: { privileged: 3, privilegedComplete: 2 } }],
    ['tamper-evidence', 'YES', { log: { entries: 5, signedEntries: 5, verifications: 1, verificationsIntact: 1, lastVerifiedAt: QUARTER.madeAt, lastVerifiedIntact: true } }],
    ['tamper-evidence', 'PARTLY', { log: { entries: 5, signedEntries: 5 } }],
    [
      'tamper-evidence',
      'PARTLY',
      { log: { entries: 5, signedEntries: 5, verifications: 1, verificationsIntact: 1, lastVerifiedAt: QUARTER.madeAt, lastVerifiedIntact: true, gaps: 1 } },
    ],
    ['tamper-evidence', 'NO', { log: { entries: 5, signedEntries: 5, verifications: 2, verificationsIntact: 1, lastVerifiedAt: QUARTER.madeAt, lastVerifiedIntact: false } }],
    ['outside-witness', 'NO', { log: { entries: 5 } }],
    ['outside-witness', 'PARTLY', { log: { entries: 5, places: 1 } }],
    ['outside-witness', 'PARTLY', { log: { entries: 5, places: 2, witnesses: 1, witnessedEntries: 5, placesFailing: 1 } }],
    ['outside-witness', 'YES', { log: { entries: 5, places: 2, witnesses: 1, witnessedEntries: 5 } }],
    ['log-retention', 'PARTLY', { log: { yearsOfReadings: 0 } }],
    ['log-access', 'NO', { declared: { rolesReadingTheLog: 8 } }],
  ])('%s: %s', (id, verdict, given) => {
    expect(told(id, given).verdict).toBe(verdict);
  });
});

/** Whole facts with counts that hang together no more than chance has it: words have to survive them. */
const anyFacts: fc.Arbitrary<Facts> = fc
  .tuple(fc.array(fc.nat(5_000), { minLength: 100, maxLength: 100 }), fc.boolean(), fc.boolean(), fc.double({ min: 0, max: 9_000, noNaN: true }))
  .map(([numbers, some, intact, hours]) => {
    let at = 0;
    const filled = <T extends object>(shape: T): T =>
      Object.fromEntries(Object.entries(shape).map(([name, value]) => [name, typeof value === 'number' ? (numbers[(at += 1) % numbers.length] ?? 0) : value])) as T;
    const lengths = some ? { longestHours: hours, medianHours: hours / 2, longestTokenHours: hours, medianTokenHours: hours } : {};
    return {
      ...factsOf({
        declared: filled(declared),
        events: filled(EVENTS),
        access: { ...filled(ACCESS), ...lengths },
        looks: { ...filled(LOOKS), longestEmergencyMinutes: some ? hours : null },
        log: { ...filled(LOG), lastVerifiedAt: some ? QUARTER.madeAt : null, lastVerifiedIntact: some ? intact : null },
      }),
      tenantId: some ? 'tenant-7' : null,
    };
  });

/** The numbers of a sentence in order of size, as values. */
const numbersIn = (text: string, group: RegExp, point: string): readonly number[] =>
  (text.replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}/g, '').match(/\d[\d.,]*/g) ?? [])
    .map((found) => Number(found.replace(/[.,]$/, '').replace(group, '').replace(point, '.')))
    .toSorted((a, b) => a - b);

describe('C4: the words', () => {
  test('say the same numbers in both languages, whatever the facts, and never what is no number', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const { id, answer, figures } of answersOf(facts)) {
          for (const text of [answer.en, answer.id]) expect(text, id).not.toMatch(/NaN|undefined|null|Infinity|\s{2}|-\d+ (kinds|acts)/);
          expect(numbersIn(answer.en, /,/g, '.'), `${id}: ${answer.en} / ${answer.id}`).toEqual(numbersIn(answer.id, /\./g, ','));
          for (const { name, value, unit } of figures) expect(unit === 'TIME' ? Date.parse(value) : Number(value), `${id}.${name}`).not.toBeNaN();
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a single one is one, and lengths come in the unit people think of', () => {
    const { answer } = told('time-limited-access', { access: { given: 1, givenWithEnd: 1, longestHours: 0.5, medianHours: 0.5, standing: 1 } });
    expect(answer.en).toContain('Access was given 1 time in the period');
    expect(answer.en).toContain('30 minutes at the median and 30 minutes at most');
    expect(told('time-limited-access', { access: { given: 2, givenWithEnd: 2, longestHours: 8_760, medianHours: 36 } }).answer.id).toContain(
      'median 36 jam dan paling lama 365 hari',
    );
  });
});

describe('C6: the text that goes out', () => {
  const made = {
    ...QUARTER,
    tenantId: 't|1 <b>*x*</b> [y](z)',
    origin: 'g/`a`',
    environment: 'production',
    policyVersion: 'a'.repeat(64),
    events: 1_234,
    prunedClasses: ['act'],
    answers: answersOf(factsOf({})),
  };

  test('says before anything else that it is no certification, and says it once; nothing else in it claims one', () => {
    for (const language of ['en', 'id'] as const) {
      const text = answersMarkdown(made, language);
      expect(text.split('\n')[2]).toBe(`**${CLAIM[language]}**`);
      expect(text.replace(CLAIM[language], '')).not.toMatch(/certif|complian|sertifi|patuh/i);
    }
  });

  test('H14: what comes from the product is written as text, not as markup, and on its own line', () => {
    const text = answersMarkdown(made, 'en');
    expect(text).toContain('customer t\\|1 \\<b\\>\\*x\\*\\</b\\> \\[y\\]\\(z\\)');
    expect(text).toContain('Gateway: g/\\`a\\`, environment production');
    expect(answersMarkdown({ ...made, tenantId: 'a\n# b' }, 'en')).toContain('customer a \\# b\n');
  });
});
