import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AnchorResult, AnchorState } from './anchors/anchor.ts';

/** Keeps what witnesses said of a checkpoint, so that whoever fetches it gets their cosignatures too. */
export async function keepCosignatures(db: Db, origin: string, results: readonly AnchorResult[]): Promise<void> {
  for (const { size, cosignature } of results)
    if (cosignature)
      await sql`
        insert into audit.cosignature (origin, size, witness, line) values (${origin}, ${size}, ${cosignature.witness}, ${cosignature.line}) on conflict do nothing`.execute(db);
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
