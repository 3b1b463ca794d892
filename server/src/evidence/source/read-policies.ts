import { sql } from 'kysely';
import { canonicalJson } from '../../audit/canonical-json.ts';
import { plainJson } from '../../audit/plain-json.ts';
import type { PackPolicy } from '../pack/pack-contents.ts';
import { disclosedEvents, type EvidenceQuery } from './select-entries.ts';

/** Every policy that a disclosed event names, its text as it was hashed; one at a time, since each is as long as the catalogue. */
export async function* readPolicies(query: EvidenceQuery): AsyncGenerator<PackPolicy> {
  const { rows: named } = await sql<{ hash: string }>`select distinct event.policy_version as hash ${disclosedEvents(query)} order by 1`.execute(query.db);
  for (const { hash } of named) {
    const { rows } = await sql<{ body: unknown }>`select body from gateway.policy_version where hash = ${hash}`.execute(query.db);
    if (rows[0]) yield { hash, body: canonicalJson(plainJson(rows[0].body)) };
  }
}
