import { createTransactions } from '@sallyport/server/db/pipelined-transaction.ts';
import { CompiledQuery, type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await sql`create table product.note (text text primary key)`.execute(database.owner);
});
afterAll(() => database.drop());

const insert = (text: string) => CompiledQuery.raw('insert into product.note (text) values ($1)', [text]);
const notes = async () => (await sql<{ text: string }>`select text from product.note order by text`.execute(database.app)).rows.map(({ text }) => text);
const idle = () => expect(database.appPool.idleCount).toBe(database.appPool.totalCount);

test('Inv1 what was sent together, and what travels with COMMIT, is there as one', async () => {
  const { tx, commit } = await createTransactions(database.appPool)();
  await Promise.all([tx.executeQuery(insert('a1')), tx.executeQuery(insert('a2'))]);
  expect(await notes()).toEqual([]);
  expect((await commit([insert('a3')])).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  expect(await notes()).toEqual(['a1', 'a2', 'a3']);
  idle();
});

test('Inv1 a last statement that fails takes everything with it, although COMMIT was sent behind it', async () => {
  const { tx, commit } = await createTransactions(database.appPool)();
  await tx.executeQuery(insert('b1'));
  const [first, failed, after] = await commit([insert('b2'), insert('b1'), insert('b3')]);
  expect([first?.status, failed?.status, after?.status]).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect((await notes()).filter((text) => text.startsWith('b'))).toEqual([]);
  idle();
});

test('K03 a rollback undoes everything, and a statement after the end is refused, not run outside', async () => {
  const { tx, rollback } = await createTransactions(database.appPool)();
  await tx.executeQuery(insert('c1'));
  await rollback();
  await expect(tx.executeQuery(insert('c2'))).rejects.toThrow('over');
  expect((await notes()).filter((text) => text.startsWith('c'))).toEqual([]);
  idle();
});

test('K03 an act can not open a transaction within its own', async () => {
  const { tx, rollback } = await createTransactions(database.appPool)();
  await expect((tx as Pick<Kysely<unknown>, never> as Kysely<unknown>).transaction().execute(async () => undefined)).rejects.toThrow('one transaction');
  await rollback();
  idle();
});
