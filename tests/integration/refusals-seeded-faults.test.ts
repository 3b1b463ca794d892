import { modules } from '@sallyport/schema/index.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import type * as RefusalsModule from '@sallyport/server/gates/refusals.ts';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { runExecutionMatrix } from '../harness/execution-matrix.ts';
import { runRefusalMatrix } from '../harness/refusal-matrix.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts';

// The harness is itself tested: each fault below stands in a copy of the door or of an action, and must be found.
const fault = vi.hoisted(() => ({ forgets: '', repeats: '' }));
vi.mock('@sallyport/server/gates/refusals.ts', async (original) => {
  const real = await original<typeof RefusalsModule>();
  const createRefusals: typeof real.createRefusals = (parts) => {
    const refusals = real.createRefusals(parts);
    return {
      async refuse(attempt, error, context) {
        const { code } = parts.classify(error);
        if (code === fault.forgets) throw parts.classify(error);
        if (code === fault.repeats) await refusals.refuse(attempt, error, context).catch(() => undefined);
        return refusals.refuse(attempt, error, context);
      },
    };
  };
  return { createRefusals };
});

/** A few seconds each on an idle machine. */
const PATIENCE_MS = 180_000;
let running: TestGateway | null = null;
afterEach(async () => {
  Object.assign(fault, { forgets: '', repeats: '' });
  await running?.close();
  running = null;
});

/** The demo's modules with one action altered. */
const altered = (name: string, alter: (action: ActionDeclaration) => Partial<ActionDeclaration>): readonly ModuleDeclaration[] =>
  modules.map((module) => ({ ...module, actions: module.actions.map((action) => (action.name === name ? { ...action, ...alter(action) } : action)) }));

async function problems(only: string, copy: readonly ModuleDeclaration[] = modules): Promise<readonly string[]> {
  running = await startTestGateway({ modules: copy });
  const { findings } = await runRefusalMatrix({ test: running, modules: copy, only: [only] });
  return findings.map(({ code, problem }) => `${code}: ${problem}`);
}

test('H02 found: a door that forgets the event of one reason', { timeout: PATIENCE_MS }, async () => {
  fault.forgets = 'JUSTIFICATION_REQUIRED';
  const found = await problems('suspendTenant');
  expect(found).toHaveLength(4);
  expect(found.every((problem) => problem.startsWith('JUSTIFICATION_REQUIRED: 0 events'))).toBe(true);
});

test('H02 found: a door that writes the event of one reason twice', { timeout: PATIENCE_MS }, async () => {
  fault.repeats = 'READ_ONLY_SESSION';
  expect(await problems('suspendTenant')).toEqual([expect.stringMatching(/^READ_ONLY_SESSION: 2 events/)]);
});

test('H02 found: an action that writes past its transaction before it is refused', { timeout: PATIENCE_MS }, async () => {
  const copy = altered('resetMfa', (action) => ({
    sensitive: {
      stated: { en: 'always', id: 'selalu' },
      when: (facts) => {
        if (facts.viewer) void writeBeside(`update product.person set password_reset_required = not password_reset_required where id = '${facts.target.id}'`);
        return true;
      },
    },
    run: action.run,
  }));
  expect(await problems('resetMfa', copy)).toContain('STEP_UP_REQUIRED: changed product.person');
});

test('H01 found: an action that changes a row of which its event does not tell', { timeout: PATIENCE_MS }, async () => {
  const copy = altered('resendInvoice', (action) => ({
    run: async (tx, facts, services) => {
      await raiseSeats(tx, facts.tenantId);
      return action.run(tx, facts, services);
    },
  }));
  running = await startTestGateway({ modules: copy });
  const { findings } = await runExecutionMatrix({ test: running, modules: copy, only: ['resendInvoice'] });
  expect(findings.map(({ action, problem }) => `${action}: ${problem}`)).toContainEqual(
    expect.stringMatching(/^resendInvoice: tenant\/.* changed, and the event does not (tell|name it)/),
  );
});

/** In a commit of its own, as a careless action would. Synchronous rules can't wait: the harness has to see it anyway. */
async function writeBeside(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: running?.database.appUrl });
  client.on('error', () => undefined);
  await client
    .connect()
    .then(() => client.query(statement))
    .catch(() => undefined)
    .finally(() => client.end());
}

async function raiseSeats(tx: Parameters<ActionDeclaration['run']>[0], tenantId: string | null): Promise<void> {
  await sql`update product.tenant set seat_limit = seat_limit + 1 where id = ${tenantId}`.execute(tx);
}
