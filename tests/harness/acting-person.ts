import { randomUUID } from 'node:crypto';
import { BREAK_GLASS, EVERYONE } from '@sallyport/schema/policy/rights.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import type { DemoPerson } from '@sallyport/server/auth/seed-demo-staff.ts';
import type pg from 'pg';
import type { TestClient, TestGateway } from '../helpers/gateway.ts';

export interface TemporaryGrant {
  readonly role: string;
  /** `global`, or the tenants. */
  readonly tenants: 'global' | readonly string[];
}

/** Whether somebody with this task role holds the permission: by it, or as everyone does. */
const holds = (registry: Registry, role: string, permission: string): boolean =>
  [role, EVERYONE].some((key) => registry.roles.get(key)?.some(({ name }) => name === permission) ?? false);

/** Whether everyone on staff holds the permission, whatever they are granted. */
export const isEveryones = (registry: Registry, permission: string): boolean => registry.roles.get(EVERYONE)?.some(({ name }) => name === permission) ?? false;

const taskRoles = (registry: Registry): readonly string[] => [...registry.roles.keys()].filter((key) => key !== EVERYONE && key !== BREAK_GLASS);

/** Task roles whose holders may do this and see its records. */
export const rolesFor = (registry: Registry, action: ActionDeclaration): readonly string[] =>
  taskRoles(registry).filter((role) => holds(registry, role, action.permission.name) && holds(registry, role, action.on.read.name));

/** The role of a demo person with global reach who may do this. */
export const roleFor = (registry: Registry, action: ActionDeclaration): string | null => rolesFor(registry, action)[0] ?? null;

/** A role that sees the records and may not do this to them. */
export const onlookerFor = (registry: Registry, action: ActionDeclaration): string | null =>
  taskRoles(registry).find((role) => !holds(registry, role, action.permission.name) && holds(registry, role, action.on.read.name)) ?? null;

/** Signed-in people by role, each signed in once. */
export function createCast(test: TestGateway): (role: string) => Promise<TestClient> {
  const clients = new Map<string, Promise<TestClient>>();
  return (role) => {
    const known = clients.get(role);
    if (known) return known;
    const person = test.people.find(({ grants }) => grants.length === 1 && grants[0]?.global === true && grants[0].role === role);
    if (!person) throw new Error(`No demo person is ${role} everywhere`);
    const client = test.as(person);
    clients.set(role, client);
    return client;
  };
}

const seats = new WeakMap<TestGateway, Map<string, Promise<TestClient>>>();

/** Another browser of this person, signed in once: people have a bounded number of sessions, and the oldest would give way. */
export function besides(test: TestGateway, person: DemoPerson): Promise<TestClient> {
  const known = seats.get(test) ?? new Map<string, Promise<TestClient>>();
  seats.set(test, known);
  const client = known.get(person.email) ?? test.as(person);
  known.set(person.email, client);
  return client;
}

/** Runs `work` while a person holds exactly these grants. */
export async function withGrants<T>(pool: pg.Pool, email: string, grants: readonly TemporaryGrant[], work: () => Promise<T>): Promise<T> {
  const made = grants.map(() => randomUUID());
  const held = await pool.query<{ id: string }>(
    `update gateway.access_grant set revoked_at = clock_timestamp() where revoked_at is null and staff_id = (select id from gateway.staff where email = $1) returning id`,
    [email],
  );
  for (const [index, { role, tenants }] of grants.entries()) {
    await pool.query(
      `insert into gateway.access_grant (id, staff_id, role, is_global, tenant_ids, reason) select $1, id, $3, $4, $5::text[], 'harness' from gateway.staff where email = $2`,
      [made[index], email, role, tenants === 'global', tenants === 'global' ? [] : tenants],
    );
  }
  try {
    return await work();
  } finally {
    await pool.query('delete from gateway.access_grant where id = any($1::uuid[])', [made]);
    await pool.query('update gateway.access_grant set revoked_at = null where id = any($1::uuid[])', [held.rows.map(({ id }) => id)]);
  }
}

/** Runs `work` while all of a person's sessions may only read. */
export async function withReadOnlySession<T>(pool: pg.Pool, email: string, work: () => Promise<T>): Promise<T> {
  const set = (mode: string) => pool.query(`update gateway.session set mode = $2 where staff_id = (select id from gateway.staff where email = $1)`, [email, mode]);
  await set('read-only');
  try {
    return await work();
  } finally {
    await set('normal');
  }
}
