import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { countedDays, countNextDay } from '@sallyport/schema/modules/flows/counted-days.ts';
import type { FlowFigures } from '@sallyport/schema/modules/flows/flow-figures.ts';
import { declaredFlows } from '@sallyport/schema/modules/flows/flows.query.ts';
import type { Period } from '@sallyport/schema/modules/flows/period.ts';
import { readFlows } from '@sallyport/schema/modules/flows/read-flows.ts';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import type { TenantReach } from '@sallyport/schema/viewer.ts';
import { startCounting } from '@sallyport/server/flows/start-counting.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { appendInThePast } from '../../helpers/past-events.ts';
import { billingOperator } from '../audit/log-fixture.ts';

const built = buildGatewaySchema(modules);
const flows = declaredFlows(built.registry);
const DAY = 86_400_000;
const MINUTE = 60_000;
/** Days of the past, all over for more than an hour whenever this runs; stories are told in them, some across midnight. */
const LAST_MIDNIGHT = Math.floor(Date.now() / DAY) * DAY - 2 * DAY;
const FIRST_MIDNIGHT = LAST_MIDNIGHT - 5 * DAY;
const instant = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '000Z');

let database: TestDatabase;
let story = 0;
const expected = { tries: 0, executed: 0, refused: 0, failed: 0, codesAsked: 0, codesAccepted: 0, codesRefused: 0, codesMissing: 0, codesUnused: 0, emergencies: 0 };
const count = (...names: readonly (keyof typeof expected)[]): void => {
  for (const name of names) expected[name] += 1;
};

/** Each story has a session of its own; what spends no proof names one of nobody. */
const inSession = (id: string) => ({ ...billingOperator, session: { ...billingOperator.session, id } });
const tell = (at: number, members: Partial<AuditEventDraft>): Promise<string> =>
  appendInThePast(database.owner, instant(at), {
    viewer: inSession(`session-${story}`),
    tenantId: `tenant-${story % 3}`,
    target: { type: 'invoice', id: `invoice-${story}` },
    stepUpId: `nobody-${story}`,
    ...members,
  });
/** An act that makes a record names none before it is there. */
const NO_TARGET = { type: 'dataExport', id: '' };
const ask = (at: number) => tell(at, { outcome: 'denied', reasonCode: 'STEP_UP_REQUIRED' });
const code = (at: number, accepted: boolean, stepUpId = `step-up-${story}`) =>
  tell(at, { kind: accepted ? 'access.step-up.verified' : 'access.step-up.refused', outcome: accepted ? 'ok' : 'denied', tenantId: null, stepUpId });

/** Every way that a try can go, told as the log would; begins at an instant, and says what it adds to the figures. */
const WAYS: readonly ((at: number) => Promise<void>)[] = [
  async (at) => {
    await tell(at, {});
    count('tries', 'executed');
  },
  async (at) => {
    await tell(at, { outcome: 'denied', reasonCode: 'CONFLICT' });
    count('tries', 'refused');
  },
  async (at) => {
    await tell(at, { outcome: 'failed', reasonCode: 'INTERNAL' });
    count('tries', 'failed');
  },
  async (at) => {
    await tell(at, { outcome: 'previewed' });
  },
  async (at) => {
    await ask(at);
    await code(at + 20_000, false);
    await code(at + 40_000, true);
    await tell(at + 41_000, { stepUpId: `step-up-${story}` });
    count('tries', 'executed', 'codesAsked', 'codesAccepted');
  },
  async (at) => {
    await ask(at);
    await code(at + 20_000, true);
    await tell(at + 4 * MINUTE, { outcome: 'denied', reasonCode: 'CONFLICT' });
    count('tries', 'refused', 'codesAsked', 'codesAccepted');
  },
  async (at) => {
    await ask(at);
    count('tries', 'codesAsked', 'codesMissing');
  },
  async (at) => {
    await ask(at);
    await code(at + 20_000, false);
    count('tries', 'codesAsked', 'codesRefused');
  },
  async (at) => {
    await ask(at);
    await code(at + 20_000, true);
    count('tries', 'codesAsked', 'codesAccepted', 'codesUnused');
  },
  // Asked twice: the code is for the second question, the first was left.
  async (at) => {
    await ask(at);
    await ask(at + MINUTE);
    await code(at + 2 * MINUTE, true);
    await tell(at + 2 * MINUTE + 1000, { stepUpId: `step-up-${story}` });
    for (const names of [
      ['tries', 'codesAsked', 'codesMissing'],
      ['tries', 'executed', 'codesAsked', 'codesAccepted'],
    ] as const)
      count(...names);
  },
  // A code that came too late is none.
  async (at) => {
    await ask(at);
    await code(at + 5 * MINUTE + 1, true);
    count('tries', 'codesAsked', 'codesMissing');
  },
  // An act that makes a record: the question names no target, what was done names the new one.
  async (at) => {
    const making = { kind: 'data-exports.export.ordered', action: 'orderDataExport' } as const;
    await tell(at, { ...making, outcome: 'denied', reasonCode: 'STEP_UP_REQUIRED', target: NO_TARGET });
    await tell(at + 9000, { kind: 'access.step-up.verified', action: 'orderDataExport', tenantId: null, target: NO_TARGET, stepUpId: `step-up-${story}` });
    await tell(at + 10_000, { ...making, target: { type: 'dataExport', id: `export-${story}` }, stepUpId: `step-up-${story}` });
    count('tries', 'executed', 'codesAsked', 'codesAccepted');
  },
  // In an emergency.
  async (at) => {
    await tell(at, { breakGlassId: `emergency-${story}` });
    count('tries', 'executed', 'emergencies');
  },
  // Carried out by an approval: told by its request, which these rows have none of.
  async (at) => {
    await tell(at, { approvalId: `approval-${story}` });
  },
  // Somebody else's session, and an event that only looks like the act's.
  async (at) => {
    await ask(at);
    await tell(at + 10_000, {
      kind: 'access.step-up.verified',
      tenantId: null,
      viewer: inSession('session-0'),
      stepUpId: `step-up-${story}`,
    });
    await tell(at + 20_000, { kind: 'jobs.message.delivered' });
    count('tries', 'codesAsked', 'codesMissing');
  },
];

/** Numbers from 0 to 1, the same on every machine (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

beforeAll(async () => {
  database = await createTestDatabase();
  const next = random(7);
  for (let round = 0; round < 5; round += 1) {
    for (const way of WAYS) {
      story += 1;
      // Every third story begins within five minutes of a midnight, before or after it.
      const midnight = FIRST_MIDNIGHT + Math.ceil(next() * 4) * DAY;
      await way(story % 3 === 0 ? midnight + Math.round((next() - 0.5) * 10 * MINUTE) : FIRST_MIDNIGHT + Math.round(next() * 5 * DAY - 10 * MINUTE) + 5 * MINUTE);
    }
  }
}, 180_000);
afterAll(() => database.drop());

const WHOLE: Period = { from: instant(FIRST_MIDNIGHT - DAY), to: instant(LAST_MIDNIGHT + DAY) };
const read = async (period: Period, counted: boolean, reach: TenantReach = 'global', tenantId: string | null = null) => {
  const selection = { ...period, reach, tenantId, flows };
  return readFlows(database.app, selection, counted ? await countedDays(database.app, period) : null);
};
const seconds = ({ medianSecondsToCode, p95SecondsToCode }: FlowFigures) => ({ medianSecondsToCode, p95SecondsToCode });

test('C7 the log alone gives what was told: codes given, wrong, late, missing and unused; each try once', async () => {
  const { total, actions } = await read(WHOLE, false);
  expect(total).toMatchObject(expected);
  expect(expected.tries).toBe(total.executed + total.refused + total.failed + total.codesMissing + total.codesRefused + total.codesUnused);
  expect(total.refusals).toEqual([
    { code: 'CONFLICT', count: 10 },
    { code: 'INTERNAL', count: 5 },
  ]);
  // 20, 40, 20, 60 and 9 seconds, five times each.
  expect(seconds(total)).toEqual({ medianSecondsToCode: 20, p95SecondsToCode: 60 });
  expect(actions.map(({ action }) => action)).toEqual(['refundInvoice', 'orderDataExport']);
});

test('C7 whatever way a period is cut, its pieces add up to it', async () => {
  const next = random(11);
  const names = Object.keys(expected) as (keyof typeof expected)[];
  for (let round = 0; round < 6; round += 1) {
    const cuts = Array.from({ length: 3 }, () => FIRST_MIDNIGHT + Math.round(next() * 5 * DAY)).sort((one, two) => one - two);
    const bounds = [WHOLE.from, ...cuts.map(instant), WHOLE.to];
    const pieces = await Promise.all(bounds.slice(1).map((to, index) => read({ from: bounds[index] ?? '', to }, false)));
    for (const name of names)
      expect(
        pieces.reduce((sum, { total }) => sum + total[name], 0),
        name,
      ).toBe(expected[name]);
  }
});

test('C7 counted days say exactly what the log says, for everybody and for each tenant, wherever a period begins', async () => {
  expect(await countedDays(database.app, WHOLE)).toBeNull();
  // Two gateways at once, and once more: every day is counted once.
  await Promise.all([1, 2, 3].map(() => countNextDay(database.app, flows)));
  const counting = [1, 2].map(() => startCounting(database.app, built.registry, createLog('silent')));
  await Promise.all(counting.map(({ countNow }) => countNow()));
  await Promise.all(counting.map(({ stop }) => stop()));
  expect(await countNextDay(database.app, flows)).toBe(0);
  expect(await countedDays(database.app, WHOLE)).toMatchObject({ from: instant(FIRST_MIDNIGHT), to: instant(LAST_MIDNIGHT + DAY) });

  const next = random(13);
  const cut = () => FIRST_MIDNIGHT - DAY + Math.round(next() * 3 * DAY);
  const periods = [WHOLE, ...Array.from({ length: 5 }, () => ({ from: instant(cut()), to: instant(cut() + 3.5 * DAY) }))];
  for (const period of periods) {
    const reaches = [
      ['global', null],
      ['global', 'tenant-1'],
      [new Set(['tenant-1']), null],
      [new Set(['tenant-1', 'tenant-2']), null],
      [new Set(['tenant-0']), 'tenant-1'],
      [new Set<string>(), null],
    ] as const;
    for (const [reach, tenantId] of reaches) expect(await read(period, true, reach, tenantId)).toEqual(await read(period, false, reach, tenantId));
  }
  expect((await read(WHOLE, true, new Set(['tenant-0']), 'tenant-1')).total.tries).toBe(0);
});

test('C7 the counts are what is read: a count that is missing shows, and the serving role can neither change nor remove one', async () => {
  const before = (await read(WHOLE, true)).total.tries;
  for (const statement of ['update audit.flow_count set facts = 1', 'delete from audit.flow_count', 'delete from audit.flow_day', 'truncate audit.flow_count'])
    await expect(sql.raw(statement).execute(database.app)).rejects.toThrow(/permission denied/);
  const undone = new Error('undone');
  const without = database.owner.transaction().execute(async (tx) => {
    await sql`delete from audit.flow_count where action = 'orderDataExport'`.execute(tx);
    const { total } = await readFlows(tx, { ...WHOLE, reach: 'global', tenantId: null, flows }, await countedDays(tx, WHOLE));
    expect(total.tries).toBe(before - 5);
    throw undone;
  });
  await expect(without).rejects.toBe(undone);
});

test('C7 a day that is not over for an hour is not counted', async () => {
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open from audit.flow_day where (day + 1)::timestamp at time zone 'UTC' > clock_timestamp() - interval '1 hour'`.execute(database.owner);
  expect(rows).toEqual([{ open: 0 }]);
});
