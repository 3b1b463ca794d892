import { randomUUID } from 'node:crypto';
import { besides, withGrants } from './acting-person.ts';
import { inputOf, JUSTIFICATION, type PossibleAct } from './possible-acts.ts';
import type { Stage } from './stage.ts';

/** Refused for want of a proof of this very act; and a key that stands for another request. Executes the act, or files the request for it, at the end. */
export async function refuseByStepUp(stage: Stage): Promise<void> {
  const { refused, send } = stage;
  const act = provenAct(stage);
  if (act.stepUp) await refuseWithoutProof(stage, act);
  else if (stage.catalogue.sensitive !== 'never') stage.missing('no act found that needs a proof');
  const input = inputOf(act.row, act.values);
  const key = randomUUID();
  const proof = act.stepUp ? { proof: await stage.prove(input) } : {};
  const done = await send(input, { idempotencyKey: key, ...proof });
  if (done.data?.[stage.action.name]?.status !== (act.approval ? 'PENDING_APPROVAL' : 'EXECUTED')) {
    stage.missing(`the act was not executed: ${done.codes.join(', ')}`);
    return;
  }
  await refused('IDEMPOTENCY_MISMATCH', 'the key stands for another request', () =>
    send({ ...input, justification: { reason: 'Another reason', ticket: 'TEST-3' } }, { idempotencyKey: key }),
  );
  if (!act.stepUp) return;
  // An act that can't be done twice is refused for that, before any proof is looked at.
  const [again] = (await send(input, { idempotencyKey: randomUUID() })).codes;
  await refused(again === 'CONFLICT' || again === 'FORBIDDEN' || again === 'APPROVAL_STATE' ? again : 'STEP_UP_REQUIRED', 'a proof that was used', () =>
    send(input, { idempotencyKey: randomUUID(), ...proof }),
  );
}

const provenAct = ({ acts, act }: Stage): PossibleAct => acts.sensitive ?? (act.stepUp || !acts.forApproval?.stepUp ? act : acts.forApproval);

async function refuseWithoutProof(stage: Stage, act: PossibleAct): Promise<void> {
  const { refused, send, superuser, client, test } = stage;
  const input = inputOf(act.row, act.values);
  await refused('STEP_UP_REQUIRED', 'no proof', () => send(input));
  await refused('STEP_UP_REQUIRED', 'a made-up proof', () => send(input, { proof: 'A'.repeat(43) }));
  await refused('STEP_UP_REQUIRED', 'a proof of no form', () => send(input, { proof: 'checked' }));

  const otherArguments = await stage.prove(inputOf(act.row, act.values, { justification: { ...JUSTIFICATION, reason: 'What was confirmed' } }));
  await refused('STEP_UP_REQUIRED', 'a proof of other arguments', () => send(input, { proof: otherArguments }));

  // An act that makes a record has no target but its arguments.
  const other = stage.action.creates ? null : await otherRecord(stage, act);
  if (other === null && !stage.action.creates) stage.missing('no second record to prove an act on');
  if (other !== null) {
    const otherTarget = await stage.prove(inputOf({ id: other }, act.values));
    await refused('STEP_UP_REQUIRED', 'a proof of another target', () => send(input, { proof: otherTarget }));
  }

  const second = await besides(test, client.person);
  const otherSession = await stage.prove(input, second);
  await refused('STEP_UP_REQUIRED', "a proof of the person's other session", () => send(input, { proof: otherSession }));

  if (!stage.action.onRows) await refuseProofOfAnother(stage, input);

  const late = await stage.prove(input);
  await superuser.query('update gateway.step_up set expires_at = clock_timestamp() where verified_at is not null and consumed_at is null');
  await refused('STEP_UP_REQUIRED', 'a proof that has run out', () => send(input, { proof: late }));
}

/** Nobody gets as far as a challenge for a record that is another's to act on. */
async function refuseProofOfAnother(stage: Stage, input: Readonly<Record<string, unknown>>): Promise<void> {
  const { refused, send, superuser, client, test } = stage;
  // Whom the act is about may not even ask for it, as with a role for oneself.
  const named = Object.values(input).filter((value) => typeof value === 'string');
  const { rows: concerned } = await superuser.query<{ email: string }>('select email from gateway.staff where id::text = any($1::text[])', [named]);
  const colleague = test.people.find(({ email, grants }) => email !== client.person.email && grants.length > 0 && !concerned.some((person) => person.email === email));
  if (!colleague) throw new Error('nobody else is there');
  const neighbour = await besides(test, colleague);
  const otherPerson = await withGrants(superuser, colleague.email, [{ role: stage.role, tenants: 'global' }], () => stage.prove(input, neighbour));
  await refused('STEP_UP_REQUIRED', 'a proof of another person', () => send(input, { proof: otherPerson }));
}

/** Another record on which the same act gets as far as step-up. */
async function otherRecord({ action, superuser, send }: Stage, act: PossibleAct): Promise<string | null> {
  const [schema, name, key] = [action.on.table.schema, action.on.table.name, action.on.key.column].map((part) => `"${part}"`);
  const { rows } = await superuser.query<{ id: string }>(`select ${key}::text as id from ${schema}.${name} where ${key}::text <> $1 order by ${key} limit 100`, [act.row.id]);
  for (const { id } of rows) if ((await send(inputOf({ id }, act.values))).codes[0] === 'STEP_UP_REQUIRED') return id;
  return null;
}
