import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import type { Tx } from '../../ports.ts';
import type { SideChange } from '../../vocabulary/define-action.ts';
import { tenant } from '../accounts/tenant.resource.ts';
import { creditEntry } from './credit-entry.resource.ts';
import type { CreditEntryTable } from './tables.ts';

export interface CreditBooking {
  readonly tenantId: string;
  readonly kind: CreditEntryTable['kind'];
  /** Exact decimal, signed. */
  readonly amount: string;
  readonly memo: string | null;
  readonly invoiceId: string | null;
  readonly correlationId: string;
  /** ISO 8601, by the database's clock. */
  readonly now: string;
}

interface BookedRow {
  readonly id: string;
  readonly reference: string;
  readonly amount: string;
  readonly balanceBefore: string;
  readonly balanceAfter: string;
  readonly currency: string;
}

/**
 * Moves a tenant's balance and writes the ledger entry that explains it, in one statement: the balance is always the
 * sum of the entries. The tenant's row lock puts concurrent bookings in order.
 * @throws {GatewayError} CONFLICT when the balance would fall below nothing, or beyond what it can hold.
 */
export async function bookCredit(tx: Tx, booking: CreditBooking): Promise<{ readonly tenantChange: SideChange; readonly entryChange: SideChange }> {
  const { tenantId, kind, amount, memo, invoiceId, correlationId, now } = booking;
  const { rows } = await sql<BookedRow>`
    with moved as (
      update product.tenant set credit_balance = credit_balance + ${amount}::numeric
      where id = ${tenantId} and credit_balance + ${amount}::numeric between 0 and 9999999999999999
      returning id, credit_balance, currency),
    booked as (
      insert into product.credit_entry (tenant_id, kind, amount, balance_after, currency, memo, invoice_id, correlation_id, booked_at)
      select id, ${kind}, ${amount}::numeric, credit_balance, currency, ${memo}, ${invoiceId}::uuid, ${correlationId}::uuid, ${now}::timestamptz from moved
      returning id, reference, amount, balance_after, currency)
    select id, reference, amount, balance_after - amount as "balanceBefore", balance_after as "balanceAfter", currency from booked`.execute(tx);
  const [entry] = rows;
  if (!entry) throw new GatewayError('CONFLICT', 'The credit balance does not allow this amount.');
  return {
    tenantChange: { resource: tenant, id: tenantId, before: { creditBalance: entry.balanceBefore }, after: { creditBalance: entry.balanceAfter } },
    entryChange: {
      resource: creditEntry,
      id: entry.id,
      before: null,
      after: { reference: entry.reference, kind, amount: entry.amount, balanceAfter: entry.balanceAfter, currency: entry.currency, memo },
    },
  };
}
