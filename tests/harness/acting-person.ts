import { randomUUID } from 'node:crypto';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import type pg from 'pg';
import type { TestClient, TestGateway } from '../helpers/gateway.ts';

export interface TemporaryGrant {
  readonly role: string;
  /** `global`, or the tenants. */
  readonly tenants: 'global' | readonly string[];
}

const holds = (registry: Registry, role: string, permission: string): boolean => registry.roles.get(role)?.some(({ name }) => name === permission) ?? false;

/** The role of a demo person with global reach who may do this. */
export function roleFor(registry: Registry, action: ActionDeclaration): string | null {
  for (const role of registry.roles.keys()) if (holds(registry, role, action.permission.name) && holds(registry, role, action.on.read.name)) return role;
  return null;
}

/** A role that sees the records and may not do this to them. */
export function onlookerFor(registry: Registry, action: ActionDeclaration): string | null {
  for (const role of registry.roles.keys()) if (!holds(registry, role, action.permission.name) && holds(registry, role, action.on.read.name)) return role;
  return null;
}

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
