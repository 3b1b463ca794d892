import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { StartRefusal } from '../start-refusal.ts';

/** The three roles of DESIGN section 5. None may sign in; they are shared by every database of a cluster. */
export const OWNER_ROLE = 'sallyport_owner';
export const APP_ROLE = 'sallyport_app';
export const AUDITOR_ROLE = 'sallyport_auditor';

/** Serializes changes of roles across databases of one cluster, as far as one database can; the rest is retried. */
const ROLES_LOCK = 7_251_001;

/**
 * Makes the three roles where they are missing and lets this login act as owner. Safe to repeat and to race.
 * @throws {StartRefusal} when the login may not.
 */
export async function ensureRoles(client: pg.ClientBase): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [ROLES_LOCK]);
  try {
    for (const role of [OWNER_ROLE, APP_ROLE, AUDITOR_ROLE]) await createRole(client, role, 'nologin');
    const { rows } = await client.query<{ may: boolean; database: string; superuser: boolean }>(
      `select pg_has_role(current_user, $1, 'MEMBER') as may, current_database() as database, rolsuper as superuser from pg_roles where rolname = current_user`,
      [OWNER_ROLE],
    );
    const state = rows[0];
    if (!state?.superuser && !(await canActAsOwner(client))) await client.query(`grant ${OWNER_ROLE} to current_user`);
    await client.query(`grant connect, create, temporary on database ${client.escapeIdentifier(state?.database ?? '')} to ${OWNER_ROLE}`);
    await client.query(`grant connect on database ${client.escapeIdentifier(state?.database ?? '')} to ${APP_ROLE}, ${AUDITOR_ROLE}`);
  } catch (cause) {
    if (isInsufficientPrivilege(cause))
      throw new StartRefusal(
        'DATABASE_URL: this login may not create the roles sallyport_owner, sallyport_app and sallyport_auditor. Use a login that may migrate (superuser, or owner of the database with CREATEROLE); the gateway itself serves with another one. Or migrate elsewhere and set DATABASE_APP_URL.',
        { cause },
      );
    throw cause;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [ROLES_LOCK]);
  }
}

async function canActAsOwner(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query(`set role ${OWNER_ROLE}`);
    await client.query('reset role');
    return true;
  } catch (error) {
    if (isInsufficientPrivilege(error)) return false;
    throw error;
  }
}

/** The login that this data directory's gateway serves with. */
export interface ServingLogin {
  readonly role: string;
  readonly password: string;
}

/** Reads, or makes, name and password of the serving login; kept in the data directory, readable by us alone. */
export async function readServingLogin(dataDirectory: string): Promise<ServingLogin> {
  await mkdir(dataDirectory, { recursive: true });
  const path = join(dataDirectory, 'database-login.json');
  const made: ServingLogin = { role: `${APP_ROLE}_${randomBytes(4).toString('hex')}`, password: randomBytes(24).toString('base64url') };
  await writeFile(path, `${JSON.stringify(made)}\n`, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return JSON.parse(await readFile(path, 'utf8')) as ServingLogin;
}

/** Makes the serving login a member of `sallyport_app`, with this password. The password itself is never sent, its verifier is. */
export async function ensureServingLogin(client: pg.ClientBase, login: ServingLogin): Promise<void> {
  const name = client.escapeIdentifier(login.role);
  await createRole(client, login.role, 'login');
  await client.query(`alter role ${name} with login password ${client.escapeLiteral(scramVerifier(login.password))}`);
  await client.query(`grant ${APP_ROLE} to ${name}`);
}

/** The address of the same database, signed in as `login`. */
export function addressAs(url: string, login: ServingLogin): string {
  const address = new URL(url);
  address.username = login.role;
  address.password = login.password;
  return address.href;
}

/** Two databases of a cluster may make the same role at once: whoever is second finds it made. */
async function createRole(client: pg.ClientBase, role: string, kind: 'login' | 'nologin'): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (rowCount) return;
  try {
    await client.query(`create role ${client.escapeIdentifier(role)} ${kind}`);
  } catch (error) {
    const code = (error as pg.DatabaseError).code;
    if (code !== '42710' && code !== '23505') throw error;
  }
}

const isInsufficientPrivilege = (error: unknown): boolean => (error as pg.DatabaseError).code === '42501';

/** SCRAM-SHA-256 verifier (RFC 5803) in the form that PostgreSQL stores. Our passwords are ASCII: SASLprep changes nothing. */
function scramVerifier(password: string, iterations = 4096): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const key = (label: string): Buffer => createHmac('sha256', salted).update(label).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}
