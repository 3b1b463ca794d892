import { sql, type Kysely } from 'kysely';
import { StartRefusal } from '../start-refusal.ts';

interface Finding {
  readonly what: string;
}

/** Events, their values, the tree and what is signed of it: tables of which no row is ever changed by who serves. */
const UNCHANGED = sql`(relname like 'event%' or relname in ('personal_value', 'unsealed', 'leaf', 'node', 'log_head', 'checkpoint', 'cosignature', 'log_gap'))`;

/**
 * Everything by which a login could rewrite the log, for itself and for every role that it is a member of (`SET ROLE`), and
 * the settings under which an acknowledged commit could be lost. One row a finding.
 */
const findings = sql<Finding>`
  with reachable as (
    select r.* from pg_roles r where pg_has_role(session_user, r.oid, 'MEMBER') or pg_has_role(current_user, r.oid, 'MEMBER')
  ), log as (
    select c.oid, c.relname, c.relowner, n.nspowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'audit' and c.relkind in ('r', 'p')
  )
  select 'there is no table audit.event: migrate first' as what where not exists (select from log where relname = 'event')
  union all
  select rolname || ' is a superuser' from reachable where rolsuper
  union all
  select rolname || ' may give itself roles (CREATEROLE)' from reachable where rolcreaterole and not rolsuper
  union all
  select rolname || ' passes row security (BYPASSRLS)' from reachable where rolbypassrls and not rolsuper
  union all
  select rolname || ' may run programs or write files on the database server' from reachable
    where rolname in ('pg_execute_server_program', 'pg_write_server_files')
  union all
  select distinct rolname || ' owns audit.' || relname from reachable, log where reachable.oid = log.relowner and not rolsuper
  union all
  select distinct rolname || ' owns the schema audit' from reachable, log where reachable.oid = log.nspowner and not rolsuper
  union all
  select rolname || ' owns the database' from reachable join pg_database d on d.datdba = reachable.oid where d.datname = current_database() and not rolsuper
  union all
  select rolname || ' may ' || privilege || ' on audit.' || relname
    from reachable, log, unnest(array['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) privilege
    where not rolsuper and ${UNCHANGED} and has_table_privilege(reachable.oid, log.oid, privilege)
  union all
  select rolname || ' may UPDATE a column of audit.' || relname from reachable, log
    where not rolsuper and ${UNCHANGED} and has_any_column_privilege(reachable.oid, log.oid, 'UPDATE') and not has_table_privilege(reachable.oid, log.oid, 'UPDATE')
  union all
  select rolname || ' may switch off triggers (SET session_replication_role)' from reachable
    where not rolsuper and has_parameter_privilege(reachable.oid, 'session_replication_role', 'SET')
  union all
  select 'the database server runs with ' || name || ' = off: what it acknowledges can be lost' from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
`;

/**
 * Refuses to serve with a login that could alter the audit log, by itself or through a role that it may take.
 * @throws {StartRefusal} that lists every finding.
 */
export async function assertAppRole(db: Kysely<unknown>): Promise<void> {
  const { rows } = await findings.execute(db);
  if (rows.length === 0) return;
  throw new StartRefusal(
    `The gateway does not serve on this database login, because it could rewrite the audit log or lose it:\n${rows.map(({ what }) => `  - ${what}`).join('\n')}\nServe with a login that is a member of sallyport_app and of nothing else (DATABASE_APP_URL).`,
  );
}
