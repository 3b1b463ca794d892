import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@sallyport/server/db/embedded.ts';
import { migrate } from '@sallyport/server/db/migrate.ts';
import { ensureServingLogin, type ServingLogin } from '@sallyport/server/db/roles.ts';
import { migrateJobs } from '@sallyport/server/jobs/migrate-jobs.ts';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { administer } from './helpers/database.ts';

/** A folder in memory, as Linux has it: what is flushed there costs nothing, and every other setting of the server stays. */
const IN_MEMORY = '/dev/shm';
const ENOUGH_BYTES = 8 * 1024 ** 3;

async function folderForServer(): Promise<string> {
  const room = await statfs(IN_MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return mkdtemp(join(room >= ENOUGH_BYTES ? IN_MEMORY : tmpdir(), 'sallyport-test-'));
}

/**
 * One PostgreSQL per run (TEST_DATABASE_URL, or an embedded one in a temporary folder) and in it one migrated template.
 * Everything made here is gone afterwards.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const folder = given ? null : await folderForServer();
  const embedded = folder ? await startEmbedded(folder) : null;
  const adminUrl = given ?? embedded?.urlOf('postgres') ?? '';
  const suffix = `${process.pid}_${Date.now()}`;
  const template = `sallyport_template_${suffix}`;
  const app: ServingLogin = { role: `sallyport_app_test_${suffix}`, password: `test-${suffix}` };
  const tearDown = async (): Promise<void> => {
    if (given) {
      await administer(adminUrl, `drop database if exists ${template} with (force)`);
      await administer(adminUrl, `drop role if exists ${app.role}`);
    }
    await embedded?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  };
  try {
    await administer(adminUrl, `create database ${template}`);
    const url = new URL(adminUrl);
    url.pathname = `/${template}`;
    await migrate(url.href);
    await migrateJobs(url.href);
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    await ensureServingLogin(client, app).finally(() => client.end());
    project.provide('database', { adminUrl, template, app });
    return tearDown;
  } catch (error) {
    await tearDown();
    throw error;
  }
}
