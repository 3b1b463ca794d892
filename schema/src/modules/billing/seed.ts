import { Faker, en, id_ID } from '@faker-js/faker';
import { type Kysely, sql } from 'kysely';
import type { SeedOptions } from '../../vocabulary/define-module.ts';
import { type DemoRow, type DemoTenant, daysFromDemoDay, insertDemoRows, readDemoTenants, reference } from '../demo-rows.ts';
import type { InvoiceTable } from './tables.ts';

/** Price of one unit, in rupiah. */
const UNIT_PRICES = {
  starter: { min: 50, max: 600 },
  growth: { min: 300, max: 3_000 },
  business: { min: 2_000, max: 12_000 },
  enterprise: { min: 15_000, max: 90_000 },
} as const satisfies Record<DemoTenant['plan'], { min: number; max: number }>;

const ITEMS = ['Langganan inti', 'Kursi tambahan', 'Paket analitik', 'Penyimpanan tambahan', 'Dukungan premium', 'Biaya pemasangan', 'Pelatihan daring'] as const;
const VALUE_ADDED_TAX_PERCENT = 11n;

/** Every tenant's newest invoices: one of each kind that an act can be shown on. */
const NEWEST: readonly InvoiceTable['status'][] = ['open', 'paid', 'paid', 'past_due', 'paid', 'partially_refunded'];

/** Exact decimal of an amount in hundredths. */
const decimal = (hundredths: bigint): string => `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;

/** About 12 invoices a tenant with their lines, and the credit ledger that their refunds add up to. */
export async function seedBilling(db: Kysely<unknown>, { seed }: SeedOptions): Promise<void> {
  const faker = new Faker({ locale: [id_ID, en], seed: seed + 2 });
  const invoices: DemoRow[] = [];
  const lines: DemoRow[] = [];
  const entries: DemoRow[] = [];
  for (const tenant of await readDemoTenants(db)) {
    const count = faker.number.int({ min: 8, max: 16 });
    const domain = `${tenant.code.toLowerCase()}.example`;
    const contact = faker.person.fullName();
    const address = `${faker.location.streetAddress()}, ${faker.location.city()} ${faker.location.zipCode()}`;
    let balance = BigInt(faker.helpers.arrayElement([0, 0, 500_000, 2_000_000])) * 100n;
    if (balance > 0n) entries.push(creditRow(faker, tenant, 'opening', balance, balance, null, -tenant.ageDays));
    // Oldest first, so that numbers and ledger run with time.
    for (let age = count - 1; age >= 0; age -= 1) {
      const id = faker.string.uuid();
      const issuedDaysAgo = age * 29 + faker.number.float({ min: 0.5, max: 8 });
      const status =
        NEWEST[age] ??
        faker.helpers.weightedArrayElement<InvoiceTable['status']>([
          { value: 'paid', weight: 80 },
          { value: 'void', weight: 6 },
          { value: 'refunded', weight: 7 },
          { value: 'partially_refunded', weight: 5 },
          { value: 'draft', weight: 2 },
        ]);
      const total = addLines(faker, lines, id, tenant.plan);
      const isPaid = status === 'paid' || status === 'refunded' || status === 'partially_refunded';
      const refunded = status === 'refunded' ? total : status === 'partially_refunded' ? total / 4n : 0n;
      const issuedAt = daysFromDemoDay(-issuedDaysAgo);
      invoices.push({
        id,
        number: `INV-${issuedAt.slice(0, 4)}-${reference('', 6, invoices.length + 1)}`,
        tenant_id: tenant.id,
        status,
        total: decimal(total),
        amount_paid: isPaid ? decimal(total) : '0.00',
        amount_refunded: decimal(refunded),
        issued_at: issuedAt,
        due_at: daysFromDemoDay(-issuedDaysAgo + (status === 'past_due' ? 14 : 30)),
        paid_at: isPaid ? daysFromDemoDay(-issuedDaysAgo + faker.number.float({ min: 0.1, max: 0.4 })) : null,
        last_sent_at: status === 'draft' ? null : issuedAt,
        times_sent: status === 'draft' ? 0 : 1,
        contact_name: contact,
        contact_email: `finance@${domain}`,
        contact_address: address,
      });
      if (refunded > 0n) {
        balance += refunded;
        entries.push(creditRow(faker, tenant, 'refund', refunded, balance, id, -issuedDaysAgo + 0.45));
      }
    }
  }
  await insertDemoRows(db, 'invoice', invoices);
  await insertDemoRows(db, 'invoice_line', lines);
  await insertDemoRows(db, 'credit_entry', entries);
  await sql`
    update product.tenant t set credit_balance = e.balance
    from (select tenant_id, sum(amount) as balance from product.credit_entry group by tenant_id) e
    where t.id = e.tenant_id`.execute(db);
}

/** Adds one to three items and their tax; answers the sum in hundredths. */
function addLines(faker: Faker, lines: DemoRow[], invoiceId: string, plan: DemoTenant['plan']): bigint {
  let net = 0n;
  const items = faker.helpers.arrayElements(ITEMS, { min: 1, max: 3 });
  for (const [index, description] of items.entries()) {
    const quantity = faker.number.int({ min: 1, max: 30 });
    const unitPrice = BigInt(faker.number.int(UNIT_PRICES[plan])) * 100_000n;
    net += BigInt(quantity) * unitPrice;
    lines.push({ id: faker.string.uuid(), invoice_id: invoiceId, position: index + 1, description, quantity, unit_price: decimal(unitPrice) });
  }
  const tax = (net * VALUE_ADDED_TAX_PERCENT) / 100n;
  lines.push({ id: faker.string.uuid(), invoice_id: invoiceId, position: items.length + 1, description: 'PPN 11%', quantity: 1, unit_price: decimal(tax) });
  return net + tax;
}

function creditRow(faker: Faker, tenant: DemoTenant, kind: 'opening' | 'refund', amount: bigint, balance: bigint, invoiceId: string | null, days: number): DemoRow {
  return {
    id: faker.string.uuid(),
    tenant_id: tenant.id,
    kind,
    amount: decimal(amount),
    balance_after: decimal(balance),
    memo: kind === 'opening' ? 'Saldo promosi' : null,
    invoice_id: invoiceId,
    booked_at: daysFromDemoDay(days),
  };
}
