import { randomBytes, randomUUID } from 'node:crypto';
import { productModules } from '@sallyport/schema/index.ts';
import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import type { Kysely } from 'kysely';
import { closeSegments } from '@sallyport/server/integrity/keeping/close-segments.ts';
import type pg from 'pg';
import type { TestClient, TestGateway } from '../helpers/gateway.ts';
import { appendInThePast } from '../helpers/past-events.ts';
import { besides } from './acting-person.ts';

const PERSON_OF_THE_PAST = '0199c0de-0000-7000-8000-00000000da57';

/** Who is about to act, by ID. */
interface Actor {
  readonly staffId: string;
  readonly sessionId: string;
}

/** Makes records that an act of the gateway's own modules can be tried on; answers their IDs. */
type Maker = (superuser: pg.Pool, actor: Actor, test: TestGateway) => Promise<readonly string[]>;

const repeated = async (times: number, make: () => Promise<string>): Promise<readonly string[]> => {
  const made: string[] = [];
  for (let time = 0; time < times; time += 1) made.push(await make());
  return made;
};

/** Somebody on whom nothing else hangs: may be disabled, stripped, reviewed. Never signs in. */
async function sparePerson(superuser: pg.Pool, state: 'active' | 'disabled' | 'invited' = 'active'): Promise<string> {
  const id = randomUUID();
  await superuser.query(
    `insert into gateway.staff (id, email, display_name, state, disabled_at, password_hash, totp_ciphertext, totp_key_id, totp_enrolled_at)
     select $1, $2, 'Spare person', $3::text, case $3::text when 'disabled' then clock_timestamp() end, factor, factor::bytea, factor, case when factor is not null then clock_timestamp() end
     from (select case $3::text when 'invited' then null else 'none' end as factor) as chosen`,
    [id, `spare-${id}@sallyport.example`, state],
  );
  return id;
}

interface SpareGrant {
  readonly staffId: string;
  readonly kind?: 'standing' | 'elevation' | 'break-glass';
  readonly sessionId?: string | null;
  readonly waits?: boolean;
  readonly revoked?: boolean;
}

export async function spareGrant(superuser: pg.Pool, { staffId, kind = 'standing', sessionId = null, waits = false, revoked = false }: SpareGrant): Promise<string> {
  const id = randomUUID();
  await superuser.query(
    `insert into gateway.access_grant (id, staff_id, kind, role, is_global, reason, ticket, created_at, activated_at, activate_before, expires_at, minutes, session_id, revoked_at)
     select $1, $2, $3::text, case $3::text when 'break-glass' then 'break-glass' else 'support-viewer' end, true, 'harness', 'TEST-1', now, case when $5 then null else now end,
       case when $5 then now + interval '1 hour' end, case when $5 then null else now + interval '25 minutes' end, case $3::text when 'standing' then null else 25 end, $4, case when $6 then now end
     from clock_timestamp() as now`,
    [id, staffId, kind, sessionId, waits, revoked],
  );
  return id;
}

export async function spareToken(superuser: pg.Pool, { staffId, sessionId }: Actor, expired = false): Promise<string> {
  const id = randomUUID();
  await superuser.query(
    `insert into gateway.access_token (id, staff_id, session_id, name, token_hash, hint, permissions, is_global, reason, created_at, expires_at)
     select $1, $2, $3, 'spare', $4, 'slp_none', array['accounts.tenant.read'], true, 'harness', made, made + interval '30 minutes'
     from (select clock_timestamp() - case when $5 then interval '1 hour' else interval '0' end as made) as clock`,
    [id, staffId, sessionId, randomBytes(32), expired],
  );
  return id;
}

type Emergency = 'in-force' | 'over' | 'reviewed';

export async function spareEmergency(superuser: pg.Pool, { staffId, sessionId }: Actor, state: Emergency, reviewer: string): Promise<string> {
  const id = await spareGrant(superuser, { staffId, kind: 'break-glass', sessionId, revoked: state !== 'in-force' });
  await superuser.query(
    `insert into gateway.break_glass (id, staff_id, person_id, session_id, correlation_id, reason, ticket, is_global, started_at, ends_at, ended_at, end_reason, reviewed_by, reviewed_at, verdict, review_comment)
     select id, staff_id, staff_id, session_id, gen_random_uuid(), reason, ticket, true, activated_at, expires_at, revoked_at, case when revoked_at is not null then 'ended-by-owner' end,
       case when $3 then $2::uuid end, case when $3 then clock_timestamp() end, case when $3 then 'justified' end, case when $3 then 'harness' end
     from gateway.access_grant where id = $1`,
    [id, reviewer, state === 'reviewed'],
  );
  return id;
}

/** A campaign of the actor's own with two questions about somebody; about a spare person where nobody is named. */
export async function spareReview(
  superuser: pg.Pool,
  ownerId: string,
  closed = false,
  about: string | null = null,
): Promise<{ readonly id: string; readonly items: readonly string[] }> {
  const id = randomUUID();
  await superuser.query(
    `insert into gateway.access_review (id, title, kind, scope, owner_id, started_by, created_at, days, deadline, cadence, correlation_id, closed_at, closed_by)
     select $1, 'Spare review', 'grants', '{"roles": null, "tenants": null}', $2, $2, now, 7, now + interval '7 days', 'once', gen_random_uuid(), case when $3 then now end, case when $3 then $2::uuid end
     from clock_timestamp() as now`,
    [id, ownerId, closed],
  );
  const items = await repeated(2, async () => {
    const item = randomUUID();
    const staffId = about ?? (await sparePerson(superuser));
    const subject = await spareGrant(superuser, { staffId, revoked: about !== null });
    await superuser.query(
      `insert into gateway.access_review_item (id, review_id, subject_type, subject_id, staff_id, title, snapshot, used_permissions, unused_permissions, outcome, outcome_at)
       select $1, $2, 'grant', held.id, held.staff_id, 'Spare person: support-viewer', jsonb_build_object('role', held.role), '{}', '{}', case when $4 then 'revoked-at-deadline' end, case when $4 then clock_timestamp() end
       from gateway.access_grant held where held.id = $3`,
      [item, id, subject, closed],
    );
    return item;
  });
  return { id, items };
}

const REQUESTER = 'support-viewer';

/** What an elevation may be asked for: the demo product's own acts. */
const LENDABLE = productModules.flatMap(({ permissions }) => permissions.filter(({ effect, tier }) => effect === 'write' && tier === 'routine').map(({ name }) => name));

/** Asks for an elevation, by somebody who holds none of it: a request that waits for a second person. */
async function fileRequest(test: TestGateway, minutes: number): Promise<string> {
  const client = await besides(test, test.personWith(REQUESTER));
  const document = 'mutation Act($input: RequestElevationInput!) { requestElevation(input: $input) { status approvalRequest { id } } }';
  const input = { permissions: LENDABLE.slice(0, 1), everywhere: true, minutes, justification: { reason: 'harness', ticket: 'TEST-1' } };
  const filed = await client.act(document, { input });
  const id = filed.data?.['requestElevation']?.approvalRequest?.id as string | undefined;
  if (id === undefined) throw new Error(`no request was filed: ${filed.codes.join(', ')} ${filed.errors[0]?.message}`);
  return id;
}

/** Requests that wait, and one that its requester has withdrawn. */
const spareRequests: Maker = async (superuser, _actor, test) => {
  const filed: string[] = [];
  for (let minutes = 15; minutes < 19; minutes += 1) filed.push(await fileRequest(test, minutes));
  const withdrawn = await fileRequest(test, 20);
  await superuser.query(`insert into gateway.approval_ending (request_id, state) values ($1, 'cancelled')`, [withdrawn]);
  return [...filed, withdrawn];
};

/** Roles that can do these acts on the records made for them, where the permission alone does not tell. */
export const ACTING_ROLES: Readonly<Record<string, RoleName>> = { approveRequest: 'security-operator', denyRequest: 'security-operator', cancelRequest: REQUESTER };

/** Input that no generator comes upon: it names what the log has. */
export const KNOWN_VALUES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { eraseLogSubject: { recordType: 'person', recordId: PERSON_OF_THE_PAST } };

/** A month long over in each class of the log, with events about somebody who is gone: to be made before the gateway begins its log, so that they stand first. */
export async function makePast(owner: Kysely<unknown>): Promise<void> {
  const about = {
    target: { type: 'person', id: PERSON_OF_THE_PAST },
    before: { email: 'gone@past.example' },
    after: { email: 'gone.too@past.example' },
    classes: { email: 'personal' },
  } as const;
  for (const facts of [{}, { outcome: 'denied' }, { effect: 'read' }] as const) await appendInThePast(owner, '2014-01-14T09:26:53.589793Z', { ...about, ...facts });
}

async function spareHold(superuser: pg.Pool, { staffId }: Actor, released = false): Promise<string> {
  const id = randomUUID();
  await superuser.query(
    `insert into audit.legal_hold (id, first_day, last_day, reason, ticket, placed_by, correlation_id) values ($1, '2001-01-01', '2001-01-02', 'harness', 'TEST-1', $2, gen_random_uuid())`,
    [id, staffId],
  );
  if (released) await superuser.query(`insert into audit.legal_hold_release (hold_id, reason, released_by) values ($1, 'harness', $2)`, [id, staffId]);
  return id;
}

/** By action: each makes some that fit, and one in a state that does not where the action names states. */
const MAKERS: Readonly<Record<string, Maker>> = {
  async revokeToken(superuser, actor) {
    return [...(await repeated(3, () => spareToken(superuser, actor))), await spareToken(superuser, actor, true)];
  },
  async revokeAnyToken(superuser, { sessionId }) {
    // Live as long as a session of its maker is: the actor's own session is handed over for the purpose.
    const { rows } = await superuser.query<{ id: string; staff_id: string }>(
      `select id, staff_id from gateway.session where id <> $1 and stage = 'full' and ended_at is null and staff_id <> (select staff_id from gateway.session where id = $1) limit 1`,
      [sessionId],
    );
    const [other] = rows;
    if (!other) return [];
    const maker = { staffId: other.staff_id, sessionId: other.id };
    return [...(await repeated(3, () => spareToken(superuser, maker))), await spareToken(superuser, maker, true)];
  },
  async endBreakGlass(superuser, actor) {
    const reviewer = await sparePerson(superuser);
    return [await spareEmergency(superuser, actor, 'reviewed', reviewer), await spareEmergency(superuser, actor, 'in-force', reviewer)];
  },
  async reviewBreakGlass(superuser, { staffId: reviewer }) {
    const use = async (state: Emergency): Promise<string> => spareEmergency(superuser, { staffId: await sparePerson(superuser), sessionId: randomUUID() }, state, reviewer);
    return [...(await repeated(3, () => use('over'))), await use('reviewed')];
  },
  async revokeGrant(superuser) {
    const staffId = await sparePerson(superuser);
    return [...(await repeated(3, () => spareGrant(superuser, { staffId }))), await spareGrant(superuser, { staffId, revoked: true })];
  },
  async dropElevation(superuser, { staffId }) {
    const over = await spareGrant(superuser, { staffId, kind: 'elevation', revoked: true });
    return [...(await repeated(3, () => spareGrant(superuser, { staffId, kind: 'elevation' }))), over];
  },
  async activateElevation(superuser, { staffId }) {
    const over = await spareGrant(superuser, { staffId, kind: 'elevation', revoked: true });
    return [...(await repeated(3, () => spareGrant(superuser, { staffId, kind: 'elevation', waits: true }))), over];
  },
  approveRequest: spareRequests,
  denyRequest: spareRequests,
  cancelRequest: spareRequests,
  async pruneLogSegment(superuser, _actor, test) {
    await test.gateway.integrity.sealNow();
    await closeSegments(test.database.app);
    return ['2014-01-act', '2014-01-refusal', '2014-01-reading'];
  },
  async releaseLegalHold(superuser, actor) {
    return [...(await repeated(3, () => spareHold(superuser, actor))), await spareHold(superuser, actor, true)];
  },
  disableStaff: spareStaff('active', 'disabled'),
  enableStaff: spareStaff('disabled', 'active'),
  renewEnrolment: spareStaff('active', 'disabled'),
  makeEnrolmentLink: spareStaff('invited', 'active'),
  keepAccess: spareItems,
  revokeAccess: spareItems,
  async closeAccessReview(superuser, { staffId }) {
    const closed = (await spareReview(superuser, staffId, true)).id;
    return [...(await repeated(3, async () => (await spareReview(superuser, staffId)).id)), closed];
  },
};

function spareStaff(fitting: 'active' | 'disabled' | 'invited', other: 'active' | 'disabled'): Maker {
  return async (superuser) => [...(await repeated(3, () => sparePerson(superuser, fitting))), await sparePerson(superuser, other)];
}

async function spareItems(superuser: pg.Pool, { staffId }: Actor): Promise<readonly string[]> {
  const closed = await spareReview(superuser, staffId, true);
  return [...(await spareReview(superuser, staffId)).items, ...closed.items];
}

/** Person and session behind a signed-in client. */
export async function actorOf(client: Pick<TestClient, 'query'>): Promise<Actor> {
  const { data, codes } = await client.query('{ viewer { id session { id } } }');
  if (!data?.['viewer']) throw new Error(`nobody is signed in: ${codes.join(', ')}`);
  return { staffId: String(data['viewer'].id), sessionId: String(data['viewer'].session.id) };
}

/** Records of the gateway's own modules for one action and one person who is signed in; none where the product has its own. */
export async function makeRecords(superuser: pg.Pool, action: ActionDeclaration, client: TestClient, test: TestGateway): Promise<readonly string[]> {
  const maker = MAKERS[action.name];
  if (!maker) return [];
  return maker(superuser, await actorOf(client), test);
}

/** Ends and reviews every emergency, or those of one person: one in force would colour all that its person does afterwards. */
export async function endEmergencies(superuser: pg.Pool, staffId: string | null = null): Promise<void> {
  await superuser.query(
    `update gateway.access_grant set revoked_at = clock_timestamp() where kind = 'break-glass' and revoked_at is null and ($1::uuid is null or staff_id = $1)`,
    [staffId],
  );
  await superuser.query(
    `update gateway.break_glass set ended_at = clock_timestamp(), end_reason = 'ended-by-owner' where ended_at is null and ($1::uuid is null or staff_id = $1)`,
    [staffId],
  );
  await superuser.query(
    `update gateway.break_glass used set reviewed_at = clock_timestamp(), verdict = 'justified', review_comment = 'harness',
       reviewed_by = (select other.id from gateway.staff other where other.id not in (used.staff_id, used.person_id) limit 1) where reviewed_at is null and ($1::uuid is null or staff_id = $1)`,
    [staffId],
  );
}
