import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { createEnrolmentLink, type EnrolmentLink } from './enrolment/enrolment-link.ts';
import { hashPassword } from './password.ts';
import { type SecretKeys, sealSecret } from './sealed-secret.ts';
import { makeTotpSecret } from './totp.ts';
import { totpFingerprint } from './totp-fingerprint.ts';

/** Which tenants a demo grant holds for: all, or a slice of those that were seeded. */
type DemoReach = 'global' | { readonly from: number; readonly count: number };

interface DemoGrant {
  readonly role: RoleName;
  readonly reach: DemoReach;
  readonly reason: string;
}

interface DemoStaff {
  readonly name: string;
  readonly grants: readonly DemoGrant[];
}

const everywhere = (role: RoleName, reason: string) => ({ role, reach: 'global', reason }) as const;
const within = (role: RoleName, from: number, count: number, reason: string) => ({ role, reach: { from, count }, reason }) as const;

/** One person per role with global reach first, then the same tasks for named tenants, then two grants in one hand, then those who make four eyes. */
const DEMO_STAFF: readonly DemoStaff[] = [
  { name: 'Rina Wulandari', grants: [everywhere('support-viewer', 'First-line support, all customers')] },
  { name: 'Budi Santoso', grants: [everywhere('support-operator', 'Support shift lead')] },
  { name: 'Dewi Lestari', grants: [everywhere('billing-operator', 'Billing team')] },
  { name: 'Agus Pratama', grants: [everywhere('security-operator', 'Security on-call rota')] },
  { name: 'Fajar Nugroho', grants: [everywhere('production-engineer', 'Production on-call rota')] },
  { name: 'Siti Rahmawati', grants: [everywhere('platform-admin', 'Owner of access management')] },
  { name: 'Putri Anggraini', grants: [everywhere('customer-success', 'Customer success, all accounts')] },
  { name: 'Hendra Gunawan', grants: [everywhere('compliance-auditor', 'Internal audit')] },
  { name: 'Maya Kusuma', grants: [within('support-viewer', 0, 5, 'Trainee on five accounts')] },
  { name: 'Yoga Saputra', grants: [within('support-operator', 0, 8, 'Support pod West')] },
  { name: 'Ratna Permata', grants: [within('billing-operator', 4, 8, 'Billing for the enterprise accounts')] },
  { name: 'Bayu Hidayat', grants: [within('support-operator', 0, 3, 'Support pod West, part time'), within('billing-operator', 3, 3, 'Stands in for billing')] },
  { name: 'Wahyu Setiawan', grants: [everywhere('platform-admin', 'Stands in for the owner of access management')] },
  { name: 'Lestari Handayani', grants: [everywhere('security-operator', 'Security on-call rota, second pair of eyes')] },
];
const INVITED = { name: 'Intan Maharani', grant: everywhere('support-viewer', 'Joins next Monday') };
/** Days since the staff came and were given what they hold: whoever was given a right to approve yesterday can't use it for their giver. */
const DAYS_HERE = 45;
const ADMINISTRATOR = 'Siti Rahmawati';
/** Nobody grants to themselves. */
const SECOND_PAIR_OF_EYES = 'Agus Pratama';

/** An entry of `demo-people.json`. `tenants` names the tenants of all grants together; it is empty for global reach. */
export interface DemoPerson {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
  readonly roles: readonly RoleName[];
  readonly tenants: readonly string[];
  readonly displayName: string;
  readonly grants: readonly HeldGrant[];
}

/** As `viewer { grants }` answers it. */
interface HeldGrant {
  readonly role: RoleName;
  readonly global: boolean;
  readonly tenantIds: readonly string[];
}

export interface SeedDemoStaffOptions {
  /** IDs of seeded tenants, in a stable order; named reaches are slices of it. */
  readonly tenantIds: readonly string[];
  readonly keys: SecretKeys;
  /** Where the people are written, readable by the owner only; `demo-invitation.json` is written beside it. */
  readonly path: string;
  readonly publicUrl: string;
}

export interface SeededStaff {
  readonly people: readonly DemoPerson[];
  /** A person who has not enrolled yet, to try it with. */
  readonly invited: EnrolmentLink & { readonly email: string };
}

/**
 * Demo staff with fresh random passwords and authenticator secrets, in the caller's transaction, as owner. The file is
 * written before the commit, so people whose passwords nobody knows never stand in the database. Only for an empty `staff` table.
 */
export async function seedDemoStaff(tx: Db, options: SeedDemoStaffOptions): Promise<SeededStaff> {
  await sql`lock table gateway.staff in share row exclusive mode`.execute(tx);
  const { rows } = await sql`select id from gateway.staff limit 1`.execute(tx);
  if (rows.length > 0) throw new Error('There are people here already: the demo staff is for an empty database.');
  const ids = new Map(DEMO_STAFF.map(({ name }) => [name, randomUUID()]));
  const people: DemoPerson[] = [];
  for (const { name } of DEMO_STAFF) people.push(await insertPerson(tx, ids.get(name) ?? '', name, options));
  for (const [index, { name, grants }] of DEMO_STAFF.entries()) {
    const grantedBy = ids.get(name === ADMINISTRATOR ? SECOND_PAIR_OF_EYES : ADMINISTRATOR) ?? null;
    const held: HeldGrant[] = [];
    for (const grant of grants) held.push(await insertGrant(tx, ids.get(name) ?? '', grant, options.tenantIds, grantedBy, DAYS_HERE));
    const person = people[index];
    if (person) people[index] = { ...person, roles: held.map(({ role }) => role), tenants: [...new Set(held.flatMap(({ tenantIds }) => tenantIds))], grants: held };
  }
  const invited = await insertInvited(tx, ids.get(ADMINISTRATOR) ?? null, options.publicUrl);
  await writePrivately(options.path, people);
  await writePrivately(join(dirname(options.path), 'demo-invitation.json'), invited);
  return { people, invited };
}

async function writePrivately(path: string, content: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
}

const emailOf = (name: string): string => `${name.toLowerCase().replaceAll(' ', '.')}@sallyport.example`;

async function insertPerson(tx: Db, id: string, displayName: string, { keys }: SeedDemoStaffOptions): Promise<DemoPerson> {
  const email = emailOf(displayName);
  const password = randomBytes(15).toString('base64url');
  const totpSecret = makeTotpSecret();
  const sealed = sealSecret(keys, id, totpSecret);
  await sql`
    insert into gateway.staff (id, email, display_name, state, password_hash, password_changed_at, totp_ciphertext, totp_key_id, totp_fingerprint, totp_enrolled_at, created_at)
    values (${id}, ${email}, ${displayName}, 'active', ${await hashPassword(password)}, clock_timestamp(), ${sealed.ciphertext}, ${sealed.keyId}, ${totpFingerprint(keys, totpSecret)},
      clock_timestamp() - make_interval(days => ${DAYS_HERE}), clock_timestamp() - make_interval(days => ${DAYS_HERE}))`.execute(tx);
  return { email, password, totpSecret, roles: [], tenants: [], displayName, grants: [] };
}

async function insertGrant(tx: Db, staffId: string, grant: DemoGrant, tenants: readonly string[], grantedBy: string | null, daysAgo: number): Promise<HeldGrant> {
  const { role, reach, reason } = grant;
  const tenantIds = reach === 'global' ? [] : sliceOf(tenants, reach);
  await sql`
    insert into gateway.access_grant (id, staff_id, role, is_global, tenant_ids, reason, granted_by, expires_at, created_at, activated_at)
    select ${randomUUID()}, ${staffId}, ${role}, ${reach === 'global'}, ${tenantIds}::text[], ${reason}, ${grantedBy}, clock.given + interval '1 year', clock.given, clock.given
    from (select clock_timestamp() - make_interval(days => ${daysAgo}::int) as given offset 0) clock`.execute(tx);
  return { role, global: reach === 'global', tenantIds };
}

/** In a small product the slices move to the front, so that nobody ends up without a tenant. */
function sliceOf(tenants: readonly string[], { from, count }: { readonly from: number; readonly count: number }): readonly string[] {
  if (tenants.length === 0) throw new Error('The demo staff needs tenants: seed them first.');
  return tenants.slice(from, from + count).length > 0 ? tenants.slice(from, from + count) : tenants.slice(-1);
}

async function insertInvited(tx: Db, grantedBy: string | null, publicUrl: string): Promise<EnrolmentLink & { readonly email: string }> {
  const id = randomUUID();
  const email = emailOf(INVITED.name);
  await sql`insert into gateway.staff (id, email, display_name) values (${id}, ${email}, ${INVITED.name})`.execute(tx);
  await insertGrant(tx, id, INVITED.grant, [], grantedBy, 0);
  return { email, ...(await createEnrolmentLink(tx, id, publicUrl)) };
}
