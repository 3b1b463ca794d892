import type pg from 'pg';

/** A line of defence of the tree's tables that a test takes away, in a database of its own. */
export type Defence = 'row lock' | 'unique indexes' | 'count of leaves' | 'size of the head';

const REPLACED: Readonly<Record<Exclude<Defence, 'unique indexes'>, { readonly of: string; readonly right: string; readonly wrong: string }>> = {
  'row lock': { of: 'audit.seal(integer)', right: 'from audit.log_head head for update skip locked', wrong: 'from audit.log_head head' },
  'count of leaves': { of: 'audit.advance(bigint,bigint,bytea,bytea,smallint[],bigint[],bytea[])', right: 'if (select count(*)', wrong: 'if false and (select count(*)' },
  'size of the head': { of: 'audit.advance(bigint,bigint,bytea,bytea,smallint[],bigint[],bytea[])', right: 'where size = old_size', wrong: 'where true' },
};

/** @throws {Error} where the line to take away is gone: then the fault has to be mended. */
export async function weaken(superuser: pg.Pool, defences: readonly Defence[]): Promise<void> {
  for (const defence of defences) {
    if (defence === 'unique indexes') {
      await superuser.query('alter table audit.leaf drop constraint leaf_pkey');
      await superuser.query('create index leaf_by_index on audit.leaf (log_index)');
      await superuser.query('alter table audit.node drop constraint node_pkey');
      continue;
    }
    const { of, right, wrong } = REPLACED[defence];
    const { rows } = await superuser.query<{ source: string }>('select pg_get_functiondef($1::regprocedure) as source', [of]);
    const source = rows[0]?.source ?? '';
    if (!source.includes(right)) throw new Error(`The place for the fault (${defence}) is gone: mend the fault.`);
    await superuser.query(source.replace(right, wrong));
  }
}
