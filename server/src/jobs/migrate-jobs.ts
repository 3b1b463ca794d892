import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { APP_ROLE, OWNER_ROLE } from '../db/roles.ts';
import { QUEUE_SCHEMA, silentLogger } from './queue.ts';

// graphile-worker guards its tables by row-level security with no policy, so that only their owner sees rows.
// The serving role works the queue without owning it: one policy per table says so, and nothing grants DDL.
const GRANTS = `
do $$
declare
  found record;
begin
  execute 'grant usage on schema ${QUEUE_SCHEMA} to ${APP_ROLE}';
  execute 'grant select on all tables in schema ${QUEUE_SCHEMA} to ${APP_ROLE}';
  execute 'grant usage, select on all sequences in schema ${QUEUE_SCHEMA} to ${APP_ROLE}';
  execute 'grant execute on all functions in schema ${QUEUE_SCHEMA} to ${APP_ROLE}';
  for found in
    select c.relname, c.relrowsecurity from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = '${QUEUE_SCHEMA}' and c.relkind = 'r' and c.relname like '\\_private\\_%'
  loop
    execute format('grant select, insert, update, delete on ${QUEUE_SCHEMA}.%I to ${APP_ROLE}', found.relname);
    if found.relrowsecurity and not exists (
      select from pg_policies p where p.schemaname = '${QUEUE_SCHEMA}' and p.tablename = found.relname and p.policyname = 'serving'
    ) then
      execute format('create policy serving on ${QUEUE_SCHEMA}.%I to ${APP_ROLE} using (true) with check (true)', found.relname);
    end if;
  end loop;
end
$$`;

/**
 * Brings the job queue to the state that this gateway needs, as `sallyport_owner`, and lets the serving role work it.
 * After `migrate`; safe to repeat.
 * @param connectionString a login that may act as owner.
 */
export async function migrateJobs(connectionString: string): Promise<void> {
  const url = new URL(connectionString);
  const theirs = url.searchParams.get('options');
  url.searchParams.set('options', [...(theirs ? [theirs] : []), `-c role=${OWNER_ROLE}`].join(' '));
  const pool = new pg.Pool({ connectionString: url.href, max: 2, application_name: 'sallyport-migrate-jobs' });
  // graphile-worker looks for both handlers.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await runMigrations({ pgPool: pool, schema: QUEUE_SCHEMA, logger: silentLogger });
    await pool.query(GRANTS);
  } finally {
    await pool.end();
  }
}
