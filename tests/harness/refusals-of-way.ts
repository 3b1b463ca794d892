import { randomUUID } from 'node:crypto';
import { EVERYONE } from '@sallyport/schema/policy/rights.ts';
import { makeToken } from '@sallyport/server/auth/tokens/token-text.ts';
import { actorOf, endEmergencies, spareEmergency } from './core-records.ts';
import { inputOf, type PossibleAct } from './possible-acts.ts';
import { freshInput, type Stage } from './stage.ts';

/** As many as a token may name. */
const MOST_PERMISSIONS = 50;

/**
 * Refused for the way in which somebody comes who may do it: by a token, which lacks the permission, cannot confirm and cannot ask a second
 * person; or while an emergency of theirs is in force. The tokens are put into the database as no person could make them.
 */
export async function refuseByWay(stage: Stage): Promise<void> {
  const { superuser, action, acts, act, refused, send } = stage;
  const carrying = await tokenFor(stage, [action.permission.name, action.on.read.name, ...heldBy(stage)]);
  const lacking = await tokenFor(stage, [action.on.read.name]);
  await byToken(stage, lacking, 'FORBIDDEN', 'a token that lacks the permission', act);
  const isRefused = action.refusedUnder?.includes('token') ?? false;
  if (isRefused) await byToken(stage, carrying, 'FORBIDDEN', 'a token, which this act never takes', act);
  else if (act.stepUp) await byToken(stage, carrying, 'FORBIDDEN', 'a token, which confirms nothing', act);
  if (!isRefused && acts.forApproval && !acts.forApproval.stepUp) await byToken(stage, carrying, 'APPROVAL_REQUIRED', 'a token, which asks nobody', acts.forApproval);
  if (!action.refusedUnder?.includes('break-glass')) return;
  const actor = await actorOf(stage.client);
  const reviewer = await superuser.query<{ id: string }>('select id from gateway.staff where id <> $1 limit 1', [actor.staffId]);
  await endEmergencies(superuser, actor.staffId);
  await spareEmergency(superuser, actor, 'in-force', reviewer.rows[0]?.id ?? '');
  try {
    await refused('FORBIDDEN', 'an emergency is in force', () => send(freshInput(stage)));
  } finally {
    await endEmergencies(superuser, actor.staffId);
  }
}

/** All that the person holds, reads first: what they see by the token is what they see themselves. */
const heldBy = ({ registry, role }: Stage): readonly string[] =>
  [role, EVERYONE]
    .flatMap((key) => registry.roles.get(key) ?? [])
    .toSorted((a, b) => a.effect.localeCompare(b.effect))
    .map(({ name }) => name);

interface Presented {
  readonly id: string;
  readonly token: string;
}

async function byToken(stage: Stage, { id, token }: Presented, code: 'FORBIDDEN' | 'APPROVAL_REQUIRED', variety: string, { row, values }: PossibleAct): Promise<void> {
  const { test, document, refused, superuser, finding } = stage;
  await refused(code, variety, () =>
    test.stranger().query(document, { input: inputOf(row, values) }, { headers: { authorization: `Bearer ${token}`, 'x-request-surface': 'api' } }),
  );
  const { rows } = await superuser.query<{ token_id: string | null }>('select token_id from audit.event order by sequence desc limit 1');
  if (rows[0]?.token_id !== id) finding(code, variety, 'the event does not name the token');
}

async function tokenFor({ superuser, client }: Stage, permissions: readonly string[]): Promise<Presented> {
  const { token, hash, hint } = makeToken();
  const id = randomUUID();
  await superuser.query(
    `insert into gateway.access_token (id, staff_id, session_id, name, token_hash, hint, permissions, is_global, reason, created_at, expires_at)
     select $1, session.staff_id, session.id, 'harness', $2, $3, $4::text[], true, 'harness', now, now + interval '30 minutes'
     from gateway.session, clock_timestamp() as now where session.id = $5`,
    [id, hash, hint, [...new Set(permissions)].slice(0, MOST_PERMISSIONS), (await actorOf(client)).sessionId],
  );
  return { id, token };
}
