/** The tables that the actions write, as they were found: integer keys without a sequence, no version column. */
export interface InvoiceTable {
  InvoiceId: number;
  CustomerId: number;
  BillingAddress: string | null;
  BillingCity: string | null;
  BillingState: string | null;
  BillingCountry: string | null;
  BillingPostalCode: string | null;
  /** NUMERIC(10, 2), kept by the shop: the sum of the lines. */
  Total: string;
}

export interface InvoiceLineTable {
  InvoiceLineId: number;
  InvoiceId: number;
  TrackId: number;
  /** NUMERIC(10, 2). */
  UnitPrice: string;
  /** Below nothing on a credit. */
  Quantity: number;
}

export type ChinookTables = {
  'chinook.Invoice': InvoiceTable;
  'chinook.InvoiceLine': InvoiceLineTable;
};
