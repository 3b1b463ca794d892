import type { Generated, GeneratedAlways } from 'kysely';
import type { TenantTable } from '../accounts/tables.ts';

export interface InvoiceTable {
  id: Generated<string>;
  number: string;
  tenant_id: string;
  status: 'draft' | 'open' | 'paid' | 'void' | 'partially_refunded' | 'refunded' | 'past_due';
  currency: string;
  /** Exact decimals, NUMERIC(18, 2). */
  total: string;
  amount_paid: string;
  amount_refunded: string;
  issued_at: string;
  due_at: string;
  paid_at: string | null;
  last_sent_at: string | null;
  times_sent: number;
  contact_name: string;
  contact_email: string;
  contact_address: string;
  version: Generated<number>;
}

export interface InvoiceLineTable {
  id: Generated<string>;
  invoice_id: string;
  position: number;
  description: string;
  quantity: number;
  unit_price: string;
  amount: GeneratedAlways<string>;
}

/** Rows are added, never changed: the serving role holds no UPDATE and no DELETE. */
export interface CreditEntryTable {
  id: Generated<string>;
  number: GeneratedAlways<number>;
  reference: GeneratedAlways<string>;
  tenant_id: string;
  kind: 'opening' | 'adjustment' | 'refund' | 'applied';
  amount: string;
  balance_after: string;
  currency: string;
  memo: string | null;
  invoice_id: string | null;
  correlation_id: string | null;
  booked_at: string;
}

export type BillingTables = {
  'product.invoice': InvoiceTable;
  'product.invoice_line': InvoiceLineTable;
  'product.credit_entry': CreditEntryTable;
  'product.tenant': TenantTable;
};
