import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { parseCheckpoint } from '../transparency/checkpoint.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { openNote } from '../transparency/note.ts';
import type { VerifierKey } from '../transparency/note-key.ts';
import type { AnchorResult, AnchorState } from './anchors/anchor.ts';

/** Keeps what witnesses said of a checkpoint, so that whoever fetches it gets their cosignatures too. */
export async function keepCosignatures(db: Db, origin: string, results: readonly AnchorResult[]): Promise<void> {
  for (const { size, cosignature } of results)
    if (cosignature)
      await sql`
        insert into audit.cosignature (origin, size, witness, line) values (${origin}, ${size}, ${cosignature.witness}, ${cosignature.line}) on conflict do nothing`.execute(db);
}

/** Newest cosignatures that are looked at for one that is good: whoever serves the database can put others beside them. */
const MOST_LOOKED_AT = 100;

/** The size of the largest tree of this name that the database can show this very key to have cosigned; null where it shows none. */
export async function cosignedSize(db: Db, origin: string, key: VerifierKey): Promise<number | null> {
  const { rows } = await sql<{ size: number; note: string; line: string }>`
    select said.size, signed.note, said.line from audit.cosignature said join audit.checkpoint signed on signed.origin = said.origin and signed.size = said.size
    where said.origin = ${origin} and said.witness = ${key.name} order by said.size desc limit ${MOST_LOOKED_AT}`.execute(db);
  return rows.find(({ size, note, line }) => isCosigned(`${note}${line}\n`, { origin, size }, key))?.size ?? null;
}

function isCosigned(note: string, { origin, size }: { readonly origin: string; readonly size: number }, key: VerifierKey): boolean {
  try {
    const checkpoint = parseCheckpoint(openNote(note, [key]).text);
    return checkpoint.origin === origin && checkpoint.size === size;
  } catch (error) {
    if (error instanceof LogFault) return false;
    throw error;
  }
}

/** How each anchor fares, where every gateway's integrity panel can read it. By the database's clock, which the process's is only compared with. */
export async function keepAnchorStates(db: Db, states: readonly AnchorState[]): Promise<void> {
  for (const { kind, lastSize, problem } of states)
    await sql`
      insert into gateway.anchor (name, kind, last_size, last_at, failing_since, problem)
      values (${kind}, ${kind}, ${lastSize}::bigint, case when ${problem}::text is null then clock_timestamp() end, case when ${problem}::text is not null then clock_timestamp() end, ${problem})
      on conflict (name) do update set
        last_size = coalesce(excluded.last_size, anchor.last_size),
        last_at = coalesce(excluded.last_at, anchor.last_at),
        failing_since = case when excluded.problem is not null then coalesce(anchor.failing_since, excluded.failing_since) end,
        problem = excluded.problem`.execute(db);
}
