import { kyselyOn } from '@sallyport/server/db/connect.ts';
import { createLogReader } from '@sallyport/server/integrity/log-reader.ts';
import { checkInclusion, makeInclusionProof } from '@sallyport/server/transparency/inclusion-proof.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { openCheckpoint } from '@sallyport/server/transparency/open-checkpoint.ts';
import { parseVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { sql } from 'kysely';
import type { TestGateway } from '../../helpers/gateway.ts';

export interface Proven {
  readonly size: number;
  /** Entries whose bytes were hashed and proven to lie under the signed checkpoint. */
  readonly entries: number;
  /** Entries whose leaf alone was proven: their event is gone. */
  readonly absent: readonly { readonly index: number; readonly retention: string }[];
}

/** Seals what waits, and proves every entry of the log against the newest checkpoint, whose signature is checked. Throws at the first that fails. */
export async function proveAll(test: TestGateway): Promise<Proven> {
  await test.gateway.integrity.sealNow();
  const reader = createLogReader(kyselyOn(test.database.appPool));
  const checkpoint = await reader.latestCheckpoint();
  if (!checkpoint) throw new Error('nothing is signed');
  const { rows } = await sql<{ verifier: string }>`select verifier from audit.log_key`.execute(test.database.owner);
  const opened = openCheckpoint(checkpoint.note, {
    origin: checkpoint.origin,
    logKeys: rows.map(({ verifier }) => ({ key: parseVerifierKey(verifier) })),
    witnesses: [],
    leastCosignatures: 0,
  });
  const { size, root } = opened.checkpoint;
  const nodes = reader.nodes(size);
  const absent: { index: number; retention: string }[] = [];
  let entries = 0;
  for await (const page of reader.readEntries(0, size)) {
    for (const { index, canonical, leafHash: stored, retention } of page) {
      if (canonical === null) absent.push({ index, retention });
      else entries += 1;
      checkInclusion({ leafHash: canonical === null ? stored : leafHash(canonical), index, size, root }, await makeInclusionProof(nodes, index, size));
    }
  }
  if (entries + absent.length !== size) throw new Error(`${size - entries - absent.length} entries were not read`);
  return { size, entries, absent };
}
