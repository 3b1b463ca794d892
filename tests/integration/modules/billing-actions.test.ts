import { adjustCredit } from '@sallyport/schema/modules/billing/adjust-credit.action.ts';
import { refundInvoice } from '@sallyport/schema/modules/billing/refund-invoice.action.ts';
import { resendInvoice } from '@sallyport/schema/modules/billing/resend-invoice.action.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../helpers/database.ts';
import { NO_SERVICES } from '../../helpers/services.ts';
import { CORRELATION, factsFor, openDemoCompany, readOne, runEffect } from './demo-company.ts';

interface PaidInvoice {
  readonly id: string;
  readonly tenant_id: string;
  readonly total: string;
  readonly half: string;
  readonly too_much: string;
}

let database: TestDatabase;
let paid: PaidInvoice;
beforeAll(async () => {
  database = await openDemoCompany();
  paid = await readOne(
    database.app,
    sql<PaidInvoice>`select id, tenant_id, total, round(total / 2, 2) as half, total + 0.01 as too_much from product.invoice where status = 'paid' order by number limit 1`,
  );
});
afterAll(() => database.drop());

const invoiceWith = async (status: string): Promise<string> =>
  (await readOne(database.app, sql<{ id: string }>`select id from product.invoice where status = ${status} order by number limit 1`)).id;

test('a refund in part changes the invoice, books the credit and raises the balance, to the hundredth', async () => {
  const balance = (await readOne(database.app, sql<{ credit_balance: string }>`select credit_balance from product.tenant where id = ${paid.tenant_id}`)).credit_balance;
  await runEffect(database.app, refundInvoice, paid.id, { amount: paid.half }, async (tx, effect) => {
    const after = await readOne(tx, sql<{ status: string; amount_refunded: string; version: number }>`select status, amount_refunded from product.invoice where id = ${paid.id}`);
    expect(after).toEqual({ status: 'partially_refunded', amount_refunded: paid.half });
    const entry = await readOne(
      tx,
      sql<
        Record<string, unknown>
      >`select kind, amount, invoice_id, correlation_id, balance_after = ${balance}::numeric + amount as adds_up from product.credit_entry where correlation_id = ${CORRELATION}`,
    );
    expect(entry).toEqual({ kind: 'refund', amount: paid.half, invoice_id: paid.id, correlation_id: CORRELATION, adds_up: true });
    const sums = await readOne(
      tx,
      sql<{
        right: boolean;
      }>`select credit_balance = (select sum(amount) from product.credit_entry where tenant_id = t.id) as right from product.tenant t where id = ${paid.tenant_id}`,
    );
    expect(sums.right).toBe(true);
    expect(effect.changes?.map((change) => change.resource.name)).toEqual(['tenant', 'creditEntry']);
  });
});

test('the whole of an invoice can be refunded, in one go or the rest of it later', async () => {
  await runEffect(database.app, refundInvoice, paid.id, { amount: paid.total }, async (tx) => {
    expect(await readOne(tx, sql`select status from product.invoice where id = ${paid.id}`)).toEqual({ status: 'refunded' });
  });
  await runEffect(database.app, refundInvoice, paid.id, { amount: paid.half }, async (tx) => {
    const { rest } = await readOne(tx, sql<{ rest: string }>`select amount_paid - amount_refunded as rest from product.invoice where id = ${paid.id}`);
    await refundInvoice.run(tx, await factsFor(tx, refundInvoice, paid.id, { amount: rest }), NO_SERVICES);
    expect(await readOne(tx, sql`select status from product.invoice where id = ${paid.id}`)).toEqual({ status: 'refunded' });
  });
});

test.each([
  ['a hundredth more than was paid', () => paid.too_much, 'BAD_INPUT'],
  ['nothing', () => '0.00', 'BAD_INPUT'],
  ['less than nothing', () => '-5.00', 'BAD_INPUT'],
  ['a fraction that no account holds', () => '1.005', 'BAD_INPUT'],
])('refunding %s is refused and changes nothing', async (_, amount, code) => {
  await expect(runEffect(database.app, refundInvoice, paid.id, { amount: amount() })).rejects.toMatchObject({ code, detail: { issues: [{ path: 'input.amount' }] } });
});

test.each(['draft', 'open', 'past_due', 'void', 'refunded'])('an invoice that is %s is not refunded even when the door let it through (C20)', async (status) => {
  await expect(runEffect(database.app, refundInvoice, await invoiceWith(status), { amount: '1.00' })).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('two refunds that together exceed the invoice: the second finds less to refund', async () => {
  await runEffect(database.app, refundInvoice, paid.id, { amount: paid.half }, async (tx) => {
    const stale = await factsFor(tx, refundInvoice, paid.id, { amount: paid.total });
    await expect(refundInvoice.run(tx, stale, NO_SERVICES)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

test('step-up looks at this refund, approval at all that was refunded of the invoice', async () => {
  const facts = { target: { amountRefunded: '0.00' }, input: { amount: '1000000.00' } };
  const binds = (rule: unknown, amount: string, amountRefunded = '0.00'): boolean =>
    [rule].flat().some((one) => (one as { when: (facts: unknown) => boolean }).when({ ...facts, target: { amountRefunded }, input: { amount } }));
  expect(binds(refundInvoice.sensitive, '1000000.00')).toBe(false);
  expect(binds(refundInvoice.sensitive, '1000000.01')).toBe(true);
  expect(binds(refundInvoice.approval, '250000000')).toBe(false);
  expect(binds(refundInvoice.approval, '250000000.01')).toBe(true);
  expect(binds(refundInvoice.approval, '1', '250000000.00')).toBe(true);
  expect(binds(adjustCredit.sensitive, '-1000000.01')).toBe(true);
  expect(binds(adjustCredit.approval, '-250000000.01')).toBe(true);
});

test('credit is adjusted up and down, and never below nothing', async () => {
  await runEffect(database.app, adjustCredit, paid.tenant_id, { amount: '1500.50', memo: 'Maaf atas gangguan' }, async (tx) => {
    const entry = await readOne(tx, sql<Record<string, unknown>>`select kind, amount, memo, invoice_id from product.credit_entry where correlation_id = ${CORRELATION}`);
    expect(entry).toEqual({ kind: 'adjustment', amount: '1500.50', memo: 'Maaf atas gangguan', invoice_id: null });
    const { credit_balance } = await readOne(tx, sql<{ credit_balance: string }>`select credit_balance from product.tenant where id = ${paid.tenant_id}`);
    await adjustCredit.run(tx, await factsFor(tx, adjustCredit, paid.tenant_id, { amount: `-${credit_balance}` }), NO_SERVICES);
    expect(await readOne(tx, sql`select credit_balance from product.tenant where id = ${paid.tenant_id}`)).toEqual({ credit_balance: '0.00' });
    await expect(adjustCredit.run(tx, await factsFor(tx, adjustCredit, paid.tenant_id, { amount: '-0.01' }), NO_SERVICES)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
  await expect(runEffect(database.app, adjustCredit, paid.tenant_id, { amount: '0' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('resending counts and leaves a message with IDs alone (O3)', async () => {
  const open = await invoiceWith('open');
  const before = await readOne(database.app, sql<{ times_sent: number }>`select times_sent from product.invoice where id = ${open}`);
  await runEffect(database.app, resendInvoice, open, {}, async (tx, effect) => {
    expect(await readOne(tx, sql`select times_sent, last_sent_at = now() as just_now from product.invoice where id = ${open}`)).toEqual({
      times_sent: before.times_sent + 1,
      just_now: true,
    });
    expect(effect.outbox).toEqual([{ job: 'deliver-message', payload: { template: 'invoice', invoiceId: open } }]);
  });
  await expect(runEffect(database.app, resendInvoice, await invoiceWith('void'), {})).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('of twelve refunds and adjustments at once exactly those that fit are booked, and the ledger adds up (C20)', async () => {
  const { id, tenant_id, quarter } = await readOne(
    database.app,
    sql<{
      id: string;
      tenant_id: string;
      quarter: string;
    }>`select id, tenant_id, total / 4 as quarter from product.invoice where status = 'paid' and total % 4 = 0 order by number desc limit 1`,
  );
  const amount = Number(quarter).toFixed(2);
  const book = async (action: typeof refundInvoice, target: string, input: Readonly<Record<string, unknown>>): Promise<string> => {
    const tx = await database.app.startTransaction().execute();
    try {
      await action.run(tx, await factsFor(tx, action, target, input), NO_SERVICES);
      await tx.commit().execute();
      return 'booked';
    } catch (error) {
      await tx.rollback().execute();
      return String((error as { code?: unknown }).code);
    }
  };
  const outcomes = await Promise.all([
    ...Array.from({ length: 8 }, () => book(refundInvoice, id, { amount })),
    ...Array.from({ length: 4 }, () => book(adjustCredit, tenant_id, { amount: '10.00' })),
  ]);
  expect(outcomes.slice(0, 8).filter((outcome) => outcome === 'booked')).toHaveLength(4);
  expect(outcomes.slice(0, 8).filter((outcome) => outcome === 'CONFLICT')).toHaveLength(4);
  expect(outcomes.slice(8)).toEqual(['booked', 'booked', 'booked', 'booked']);
  expect(
    await readOne(
      database.app,
      sql`select i.status, i.amount_refunded = i.amount_paid as whole, t.credit_balance = (select sum(amount) from product.credit_entry where tenant_id = t.id) as adds_up
        from product.invoice i join product.tenant t on t.id = i.tenant_id where i.id = ${id}`,
    ),
  ).toEqual({ status: 'refunded', whole: true, adds_up: true });
});
