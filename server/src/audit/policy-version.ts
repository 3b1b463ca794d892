import { hash } from 'node:crypto';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { PolicyVersion } from '../kernel/seams.ts';
import { canonicalJson } from './canonical-json.ts';
import { plainJson } from './plain-json.ts';

/** SHA-256, hex, of the RFC 8785 JSON of catalogue, roles and settings. */
export const hashPolicy = (body: unknown): string => hash('sha256', canonicalJson(plainJson(body)));

/**
 * Stores the policy whole when it is seen for the first time, and names it. An auditor who finds the hash on an event
 * can recompute it from the stored body. Running gateways may call this at once.
 */
export async function ensurePolicyVersion(db: Db, body: unknown): Promise<PolicyVersion> {
  const policy = canonicalJson(plainJson(body));
  const version = hash('sha256', policy);
  await sql`insert into gateway.policy_version (hash, body) values (${version}, ${policy}::jsonb) on conflict (hash) do nothing`.execute(db);
  return { hash: version };
}
