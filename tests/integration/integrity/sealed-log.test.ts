import { randomUUID } from 'node:crypto';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { createLogSigner, listLogKeys } from '@sallyport/server/integrity/log-keys.ts';
import { retireLogKey, rotateLogKey } from '@sallyport/server/integrity/rotate-log-key.ts';
import { sealEvents } from '@sallyport/server/integrity/seal-events.ts';
import { signHead } from '@sallyport/server/integrity/sign-checkpoint.ts';
import { checkWholeLog } from '@sallyport/server/integrity/verify-whole-log.ts';
import { checkConsistency, makeConsistencyProof } from '@sallyport/server/transparency/consistency-proof.ts';
import { checkInclusion, makeInclusionProof } from '@sallyport/server/transparency/inclusion-proof.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { parseVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { openCheckpoint } from '@sallyport/server/transparency/open-checkpoint.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';
import { naiveRoot } from '../../unit/transparency/reference-tree.ts';

let at: TestGateway;
beforeAll(async () => {
  at = await startTestGateway({ tenants: 2 });
});
afterAll(() => at.close());

const policy = { hash: 'a'.repeat(64) };
const openLog = () => createAuditLog({ db: at.database.app, policy, environment: 'test', roles: new Map() });

async function append(count: number): Promise<void> {
  const log = openLog();
  await Promise.all(
    Array.from({ length: count }, (_, place) =>
      log.record({
        kind: 'gateway.process.started',
        outcome: place % 3 === 0 ? 'denied' : 'ok',
        correlationId: randomUUID(),
        surface: 'job',
        ip: null,
        viewer: null,
        detail: { place },
      }),
    ),
  );
}

async function trust() {
  const keys = await listLogKeys(at.database.owner);
  const { origin } = (await at.gateway.integrity.reader.head()) ?? { origin: '' };
  return {
    origin,
    logKeys: keys.map(({ verifier, lastSize }) => ({ key: parseVerifierKey(verifier), ...(lastSize === null ? {} : { lastSize }) })),
    witnesses: [],
    leastCosignatures: 0,
  };
}

async function allEntries(size: number) {
  const entries = [];
  for await (const page of at.gateway.integrity.reader.readEntries(0, size)) entries.push(...page);
  return entries;
}

describe('L6 H07: the tree over the log', () => {
  test('every event has one index, without gaps, and the signed root is that of a naive tree', async () => {
    await append(700);
    await at.gateway.integrity.sealNow();
    const { reader } = at.gateway.integrity;
    const checkpoint = await reader.latestCheckpoint();
    const opened = openCheckpoint(checkpoint?.note ?? '', await trust());
    const entries = await allEntries(opened.checkpoint.size);
    expect(entries.map(({ index }) => index)).toEqual(entries.map((_, place) => place));
    const { rows } = await sql<{ events: number; distinct: number }>`
      select (select count(*)::int from audit.event) as events, (select count(distinct event_id)::int from audit.leaf) as distinct`.execute(at.database.owner);
    expect(rows).toEqual([{ events: entries.length, distinct: entries.length }]);
    expect(entries.length).toBeGreaterThanOrEqual(700);
    for (const { canonical, leafHash: stored } of entries) expect(leafHash(canonical ?? Buffer.alloc(0))).toEqual(stored);
    expect(opened.checkpoint.root).toEqual(naiveRoot(entries.map(({ canonical }) => canonical ?? Buffer.alloc(0))));
  });

  test('proofs read from the tables hold, for entries all over the tree and between all checkpoints', async () => {
    await append(40);
    await at.gateway.integrity.sealNow();
    const { reader } = at.gateway.integrity;
    const { rows: checkpoints } = await sql<{ size: number; root: Buffer }>`select size, root from audit.checkpoint order by size`.execute(at.database.owner);
    const last = checkpoints.at(-1) ?? { size: 0, root: Buffer.alloc(0) };
    for (const { index, leafHash: hash } of (await allEntries(last.size)).filter(({ index }) => index % 17 === 0))
      checkInclusion({ index, size: last.size, root: last.root, leafHash: hash }, await makeInclusionProof(reader.nodes(last.size), index, last.size));
    for (const { size, root } of checkpoints.filter((each) => each.size > 0))
      checkConsistency({ size, root }, last, await makeConsistencyProof(reader.nodes(last.size), size, last.size));
    expect(checkpoints.length).toBeGreaterThan(1);
  });

  test('a transaction that is undone leaves nothing in the tree, and one that is open is not waited for', async () => {
    await at.gateway.integrity.sealNow();
    const before = (await at.gateway.integrity.reader.head())?.size ?? 0;
    let finish = (): void => undefined;
    const open = at.database.app
      .transaction()
      .execute(async (tx) => {
        await openLog().append(tx, { kind: 'gateway.process.started', outcome: 'ok', correlationId: randomUUID(), surface: 'job', ip: null, viewer: null });
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        throw new Error('undone');
      })
      .catch(() => undefined);
    await append(5);
    await at.gateway.integrity.sealNow();
    expect((await at.gateway.integrity.reader.head())?.size).toBe(before + 5);
    finish();
    await open;
    await append(1);
    await at.gateway.integrity.sealNow();
    expect((await at.gateway.integrity.reader.head())?.size).toBe(before + 6);
  });

  test('two that seal at once take turns: nothing twice, nothing lost', async () => {
    await append(300);
    await Promise.all(Array.from({ length: 8 }, () => sealEvents(at.database.app, 25)));
    await at.gateway.integrity.sealNow();
    const { rows } = await sql<{ leaves: number; most: number; events: number; waiting: number }>`
      select count(*)::int as leaves, max(log_index)::int as most, (select count(*)::int from audit.event) as events, (select count(*)::int from audit.unsealed) as waiting from audit.leaf`.execute(
      at.database.owner,
    );
    expect(rows[0]).toMatchObject({ most: (rows[0]?.leaves ?? 0) - 1, events: rows[0]?.leaves, waiting: 0 });
  });
});

describe('H12: never two checkpoints that contradict each other', () => {
  test('a size is signed once, however many sign at the same time', async () => {
    await append(3);
    while (await sealEvents(at.database.app, 100)) continue;
    const signer = createLogSigner(at.keys);
    const signed = await Promise.all(Array.from({ length: 10 }, () => signHead(at.database.app, signer)));
    const { rows } = await sql`select size from audit.checkpoint group by origin, size having count(*) > 1 or count(distinct root) > 1`.execute(at.database.owner);
    expect(rows).toEqual([]);
    expect(new Set(signed.flatMap((each) => (each ? [each.note] : []))).size).toBeLessThanOrEqual(1);
  });

  test.each([
    ['a root that the head never had', 'select audit.keep_checkpoint(origin, size, sha256(root), note) from audit.checkpoint order by size desc limit 1', /another root|no head/i],
    ['a size beyond the head', 'select audit.keep_checkpoint(origin, size + 1000, root, note) from audit.checkpoint order by size desc limit 1', /no head/],
    ['a head that moves without leaves', `select audit.advance(size, size + 1, root, edge, '{}', '{}', '{}') from audit.log_head`, /grows by the leaves/],
    ['a head that moves back', `select audit.advance(size, size - 1, root, edge, '{}', '{}', '{}') from audit.log_head`, /grows by the leaves/],
    ['a new name from somebody who does not know the present one', `select audit.continue_log(gen_random_uuid(), 'other', 'other/gap/1', 1, 'x')`, /another name/],
  ])('the serving role can not have kept: %s', async (_, statement, refusal) => {
    await expect(sql.raw(statement).execute(at.database.app)).rejects.toThrow(refusal);
  });
});

describe('H09: the database put back while the gateway runs', () => {
  test('a head that does not continue what this process has signed is not signed', async () => {
    await append(4);
    await at.gateway.integrity.sealNow();
    const signer = createLogSigner(at.keys);
    const head = await at.gateway.integrity.reader.latestCheckpoint();
    if (!head) throw new Error('nothing is signed');
    await append(1);
    while (await sealEvents(at.database.app, 100)) continue;
    // The gateway signs nothing meanwhile, until its next judgement a second later.
    at.gateway.integrity.standing.set({ state: 'doubted' });
    await sql`alter table audit.checkpoint disable trigger all`.execute(at.database.owner);
    await sql`delete from audit.checkpoint where size > ${head.size}`.execute(at.database.owner);
    await expect(signHead(at.database.app, signer, { ...head, size: head.size + 100 })).rejects.toThrow(/does not continue/);
    await expect(signHead(at.database.app, signer, { ...head, root: Buffer.alloc(32, 1) })).rejects.toThrow(/does not continue/);
    await sql`alter table audit.checkpoint enable always trigger checkpoints_are_never_edited`.execute(at.database.owner);
    await at.gateway.integrity.anchorNow();
    expect(at.gateway.integrity.standing.now().state).toBe('sound');
  });
});

describe('keys of the log', () => {
  test('a second key signs beside the first, a retired one signs nothing more, the last one stays', async () => {
    const audit = openLog();
    const [first] = await listLogKeys(at.database.app);
    const second = await rotateLogKey(at.database.app, audit, at.keys);
    await at.gateway.integrity.sealNow();
    const both = openCheckpoint((await at.gateway.integrity.reader.latestCheckpoint())?.note ?? '', await trust());
    expect(both.logSignatures).toHaveLength(2);
    await retireLogKey(at.database.app, audit, first?.verifier ?? '');
    await append(1);
    await at.gateway.integrity.sealNow();
    const later = openCheckpoint((await at.gateway.integrity.reader.latestCheckpoint())?.note ?? '', await trust());
    expect(later.logSignatures.map(({ key }) => key.keyId)).toEqual([parseVerifierKey(second).keyId]);
    await expect(retireLogKey(at.database.app, audit, second)).rejects.toThrow(/last key/);
    expect((await at.events({ kind: 'log.key.retired' })).length).toBe(1);
  });

  test('the database holds no key that signs: without the key file nothing is signed', async () => {
    await append(1);
    while (await sealEvents(at.database.app, 100)) continue;
    const other = createLogSigner({ currentKeyId: 'test', keys: { test: Buffer.alloc(32, 7) } });
    // Nothing where the gateway's own round was quicker.
    const outcome = await signHead(at.database.app, other).then(
      (signed) => (signed === null ? 'nothing to sign' : signed.note),
      (fault: Error) => fault.message,
    );
    expect(outcome).toMatch(/nothing to sign|unable to authenticate/);
    const { rows } = await sql<{ text: string }>`select string_agg(to_jsonb(k)::text, '') as text from audit.log_key k`.execute(at.database.owner);
    expect(rows[0]?.text).not.toMatch(/PRIVATE/);
  });
});

describe('H08: the whole log verified from the inside', () => {
  const check = async () => checkWholeLog(at.database.owner, (await at.gateway.integrity.reader.latestCheckpoint())?.size ?? 0, async () => undefined);
  const tamper = async (statement: string): Promise<void> => {
    await at.database.owner.transaction().execute(async (tx) => {
      await sql`alter table audit.event disable trigger all`.execute(tx);
      await sql`alter table audit.leaf disable trigger all`.execute(tx);
      await sql.raw(statement).execute(tx);
      await sql`alter table audit.event enable always trigger event_rows_stay`.execute(tx);
      await sql`alter table audit.leaf enable always trigger leaves_stay`.execute(tx);
    });
  };

  test('says that all is well, then names the event whose column, bytes or leaf was changed', async () => {
    await append(20);
    await at.gateway.integrity.sealNow();
    expect(await check()).toBeNull();
    const place = 11;
    await tamper(`update audit.event e set reason = 'nothing to see' from audit.leaf l where l.log_index = ${place} and e.id = l.event_id`);
    expect(await check()).toEqual({ index: place, problem: 'The columns of the event do not say what its bytes say' });
    await tamper(`update audit.event e set reason = null from audit.leaf l where l.log_index = ${place} and e.id = l.event_id`);
    expect(await check()).toBeNull();
    await tamper(`update audit.leaf set leaf_hash = sha256(leaf_hash) where log_index = ${place}`);
    expect(await check()).toMatchObject({ index: place });
  });

  test('an event that stands in the log and not in the tree is found', async () => {
    const { rows } = await sql<{ columns: string }>`
      select string_agg(quote_ident(column_name), ', ') as columns from information_schema.columns
      where table_schema = 'audit' and table_name = 'event' and column_name not in ('id', 'sequence', 'time')`.execute(at.database.owner);
    const columns = rows[0]?.columns ?? '';
    await sql
      .raw(`insert into audit.event (id, time, ${columns}) select gen_random_uuid(), time - interval '5 minutes', ${columns} from audit.event limit 1`)
      .execute(at.database.app);
    await tamper(
      `update audit.leaf set leaf_hash = l.hash from (select e.id, sha256('\\x00'::bytea || e.canonical) as hash from audit.event e) l where audit.leaf.event_id = l.id`,
    );
    expect(await check()).toEqual({ index: null, problem: 'An event stands in the log and not in the tree' });
  });
});
