import { randomUUID } from 'node:crypto';
import { withGrants } from './acting-person.ts';
import { inputOf, JUSTIFICATION } from './possible-acts.ts';
import type { Stage } from './stage.ts';

/** Refused for want of a proof of this very act; and a key that stands for another request. Executes the act at the end. */
export async function refuseByStepUp(stage: Stage): Promise<void> {
  const { acts, refused, send } = stage;
  if (acts.sensitive) await refuseWithoutProof(stage);
  else if (stage.catalogue.sensitive !== 'never') stage.missing('no act found that needs a proof');
  const act = acts.sensitive ?? stage.act;
  const input = inputOf(act.row, act.values);
  const key = randomUUID();
  const proof = act.stepUp ? { proof: await stage.prove(input) } : {};
  const done = await send(input, { idempotencyKey: key, ...proof });
  if (done.data?.[stage.action.name]?.status !== 'EXECUTED') {
    stage.missing(`the act was not executed: ${done.codes.join(', ')}`);
    return;
  }
  await refused('IDEMPOTENCY_MISMATCH', 'the key stands for another request', () =>
    send({ ...input, justification: { reason: 'Another reason', ticket: 'TEST-3' } }, { idempotencyKey: key }),
  );
  const state = stage.action.allowedIn?.field;
  if (act.stepUp) await refused('STEP_UP_REQUIRED', `a proof that was used${state ? '' : ', record in any state'}`, () => send(input, { idempotencyKey: randomUUID(), ...proof }));
}

async function refuseWithoutProof(stage: Stage): Promise<void> {
  const { acts, refused, send, superuser, client, test } = stage;
  const act = acts.sensitive ?? stage.act;
  const input = inputOf(act.row, act.values);
  await refused('STEP_UP_REQUIRED', 'no proof', () => send(input));
  await refused('STEP_UP_REQUIRED', 'a made-up proof', () => send(input, { proof: 'A'.repeat(43) }));
  await refused('STEP_UP_REQUIRED', 'a proof of no form', () => send(input, { proof: 'checked' }));

  const otherArguments = await stage.prove(inputOf(act.row, act.values, { justification: { ...JUSTIFICATION, reason: 'What was confirmed' } }));
  await refused('STEP_UP_REQUIRED', 'a proof of other arguments', () => send(input, { proof: otherArguments }));

  const other = await otherRecord(stage);
  if (other === null) stage.missing('no second record to prove an act on');
  else {
    const otherTarget = await stage.prove(inputOf({ id: other }, act.values));
    await refused('STEP_UP_REQUIRED', 'a proof of another target', () => send(input, { proof: otherTarget }));
  }

  const second = await test.as(client.person);
  const otherSession = await stage.prove(input, second);
  await refused('STEP_UP_REQUIRED', "a proof of the person's other session", () => send(input, { proof: otherSession }));

  const colleague = test.people.find(({ email, grants }) => email !== client.person.email && grants.length > 0);
  if (!colleague) throw new Error('nobody else is there');
  const neighbour = await test.as(colleague);
  const otherPerson = await withGrants(superuser, colleague.email, [{ role: stage.role, tenants: 'global' }], () => stage.prove(input, neighbour));
  await refused('STEP_UP_REQUIRED', 'a proof of another person', () => send(input, { proof: otherPerson }));

  const late = await stage.prove(input);
  await superuser.query('update gateway.step_up set expires_at = clock_timestamp() where verified_at is not null and consumed_at is null');
  await refused('STEP_UP_REQUIRED', 'a proof that has run out', () => send(input, { proof: late }));
}

/** Another record on which the same act gets as far as step-up. */
async function otherRecord(stage: Stage): Promise<string | null> {
  const { action, acts, superuser, send } = stage;
  const act = acts.sensitive ?? stage.act;
  const [schema, name, key] = [action.on.table.schema, action.on.table.name, action.on.key.column].map((part) => `"${part}"`);
  const { rows } = await superuser.query<{ id: string }>(`select ${key}::text as id from ${schema}.${name} where ${key}::text <> $1 order by ${key} limit 100`, [act.row.id]);
  for (const { id } of rows) if ((await send(inputOf({ id }, act.values))).codes[0] === 'STEP_UP_REQUIRED') return id;
  return null;
}
