import { endPersonSessions } from '@sallyport/schema/modules/people/end-person-sessions.action.ts';
import { resetMfa } from '@sallyport/schema/modules/people/reset-mfa.action.ts';
import { sendPasswordReset } from '@sallyport/schema/modules/people/send-password-reset.action.ts';
import { bindingRule } from '@sallyport/server/gates/pass-gates.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../helpers/database.ts';
import { NO_SERVICES } from '../../helpers/services.ts';
import { factsFor, openDemoCompany, readOne, runEffect } from './demo-company.ts';

let database: TestDatabase;
let ownerId: string;
beforeAll(async () => {
  database = await openDemoCompany();
  // The first person of the first tenant: active, with MFA and open sessions.
  ownerId = (await readOne(database.app, sql<{ id: string }>`select id from product.person order by reference limit 1`)).id;
});
afterAll(() => database.drop());

const personIn = async (state: string): Promise<string> =>
  (await readOne(database.app, sql<{ id: string }>`select id from product.person where state = ${state} order by reference limit 1`)).id;
const openSessions = sql<{ here: number; elsewhere: number }>;

test('a password reset is noted, asked for and sent by ID, never by address (O3, L14)', async () => {
  await runEffect(database.app, sendPasswordReset, ownerId, {}, async (tx, effect) => {
    expect(await readOne(tx, sql`select password_reset_required, password_reset_sent_at = now() as just_now from product.person where id = ${ownerId}`)).toEqual({
      password_reset_required: true,
      just_now: true,
    });
    expect(effect.outbox).toEqual([{ job: 'deliver-message', payload: { template: 'password-reset', personId: ownerId } }]);
  });
});

test.each(['invited', 'deactivated'])('someone %s gets no password reset and has no MFA to reset', async (state) => {
  const id = await personIn(state);
  await expect(runEffect(database.app, sendPasswordReset, id, {})).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(runEffect(database.app, resetMfa, id, {})).rejects.toMatchObject({ code: 'CONFLICT' });
});

test("ending a person's sessions removes theirs and nobody else's; ending none is no error and tells nobody", async () => {
  const counts = openSessions`select count(*) filter (where person_id = ${ownerId}) as here, count(*) filter (where person_id <> ${ownerId}) as elsewhere from product.product_session`;
  const before = await readOne(database.app, counts);
  expect(before.here).toBeGreaterThan(0);
  await runEffect(database.app, endPersonSessions, ownerId, {}, async (tx, effect) => {
    expect(await readOne(tx, counts)).toEqual({ here: 0, elsewhere: before.elsewhere });
    expect(effect.changes).toHaveLength(before.here);
    // What the log keeps of a session holds no network address.
    for (const change of effect.changes ?? []) expect(Object.keys(change.before ?? {})).not.toContain('ipAddress');
    expect(await endPersonSessions.run(tx, await factsFor(tx, endPersonSessions, ownerId, {}), NO_SERVICES)).toEqual({});
  });
});

test('resetting MFA removes the factor with its sessions, asks for a new one, and works once', async () => {
  await runEffect(database.app, resetMfa, ownerId, {}, async (tx) => {
    expect(
      await readOne(
        tx,
        sql`select mfa_enabled, mfa_method, mfa_enrolment_required, mfa_reset_at = now() as just_now, (select count(*) from product.product_session where person_id = p.id) as sessions from product.person p where id = ${ownerId}`,
      ),
    ).toEqual({ mfa_enabled: false, mfa_method: null, mfa_enrolment_required: true, just_now: true, sessions: 0 });
    await expect(resetMfa.run(tx, await factsFor(tx, resetMfa, ownerId, {}), NO_SERVICES)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

test('resetting MFA needs a second person exactly where the tenant has a high risk tier (G9)', async () => {
  for (const tier of ['low', 'standard', 'high']) {
    const { id } = await readOne(
      database.app,
      sql<{ id: string }>`select p.id from product.person p join product.tenant t on t.id = p.tenant_id where t.risk_tier = ${tier} order by p.reference limit 1`,
    );
    const tx = await database.app.startTransaction().execute();
    try {
      expect(bindingRule(resetMfa, await factsFor(tx, resetMfa, id, {})) !== null, tier).toBe(tier === 'high');
    } finally {
      await tx.rollback().execute();
    }
  }
});
