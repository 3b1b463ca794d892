import { ensurePolicyVersion, hashPolicy } from '@sallyport/server/audit/policy-version.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const policy = { roles: { 'support-viewer': ['b', 'a'] }, settings: { refundStepUpAbove: 1_000_000, ratio: 0.1 }, label: 'Pengamat “Dukungan” 👀' };

test('L16: a policy is stored whole once, however many gateways start, and its hash can be recomputed from what is stored', async () => {
  const versions = await Promise.all(Array.from({ length: 8 }, () => ensurePolicyVersion(database.app, policy)));
  const changed = await ensurePolicyVersion(database.app, { ...policy, settings: { ...policy.settings, refundStepUpAbove: 2_000_000 } });
  expect(new Set(versions.map(({ hash }) => hash)).size).toBe(1);
  expect(changed.hash).not.toBe(versions[0]?.hash);
  const { rows } = await sql<{ hash: string; body: unknown }>`select hash, body from gateway.policy_version`.execute(database.app);
  expect(rows).toHaveLength(2);
  for (const { hash, body } of rows) expect(hashPolicy(body)).toBe(hash);
});

test('the order of members does not make another policy', () => {
  expect(hashPolicy({ b: 1, a: [1, 2] })).toBe(hashPolicy({ a: [1, 2], b: 1 }));
  expect(hashPolicy({ a: [2, 1] })).not.toBe(hashPolicy({ a: [1, 2] }));
});
