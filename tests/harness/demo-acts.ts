import { sql } from 'kysely';
import type { TestGateway } from '../helpers/gateway.ts';

// Acts of the demo product that the races and faults below are tried with.

export const REFUND = 'mutation Act($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status auditEventId } }';
export const ADJUST = 'mutation Act($input: AdjustCreditInput!) { adjustCredit(input: $input) { status auditEventId } }';
export const RESEND = 'mutation Act($input: ResendInvoiceInput!) { resendInvoice(input: $input) { status auditEventId } }';

const justification = { reason: 'Tried by a test', ticket: 'TEST-5' };
/** Below the limits of step-up. */
export const adjustment = (id: string, amount = '1.00') => ({ id, amount, justification });
export const refund = (id: string, amount: string) => ({ id, amount, justification });
/** Above the limit of step-up, below that of approval. */
export const SENSITIVE_AMOUNT = '1000001.00';

export async function openTenants({ database }: TestGateway): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select id from product.tenant where status = 'active' order by name`.execute(database.owner);
  return rows.map(({ id }) => id);
}

/** Invoices that a sensitive refund fits into several times. */
export async function paidInvoices({ database }: TestGateway): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select id from product.invoice where status = 'paid' and amount_paid > 2000000 order by amount_paid desc`.execute(database.owner);
  return rows.map(({ id }) => id);
}

export async function openInvoices({ database }: TestGateway): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select id from product.invoice where status = 'open' order by number`.execute(database.owner);
  return rows.map(({ id }) => id);
}

/** Entries in the books under one correlation ID. */
export async function booked({ database }: TestGateway, correlationId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from product.credit_entry where correlation_id = ${correlationId}`.execute(database.owner);
  return rows[0]?.count ?? 0;
}

/** Outcomes and reasons of the events under one correlation ID, in order. */
export async function outcomes(test: TestGateway, correlationId: string): Promise<readonly string[]> {
  return (await test.events({ correlationId })).map((event) => [event['outcome'], event['reason_code']].filter(Boolean).join(' '));
}
