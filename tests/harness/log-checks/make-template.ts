import { type EmbeddedDatabase, ensureDatabase } from '@sallyport/server/db/embedded.ts';
import { migrate } from '@sallyport/server/db/migrate.ts';
import { migrateJobs } from '@sallyport/server/jobs/migrate-jobs.ts';

const NAME = 'harness_template';

/** A migrated, empty database to copy, in a server of a harness's own; its name. */
export async function makeTemplate(embedded: EmbeddedDatabase): Promise<string> {
  const url = await ensureDatabase(embedded, NAME);
  await migrate(url);
  await migrateJobs(url);
  return NAME;
}
