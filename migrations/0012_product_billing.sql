-- The demo company's own tables, part three: invoices, their lines, and the credit ledger.

create table product.invoice (
  id uuid primary key default gen_random_uuid(),
  number text not null unique check (number ~ '^INV-[0-9]{4}-[0-9]{6,}$'),
  tenant_id uuid not null references product.tenant,
  status text not null check (status in ('draft', 'open', 'paid', 'void', 'partially_refunded', 'refunded', 'past_due')),
  currency text not null default 'IDR' check (currency ~ '^[A-Z]{3}$'),
  total numeric(18, 2) not null check (total >= 0),
  amount_paid numeric(18, 2) not null default 0 check (amount_paid between 0 and total),
  amount_refunded numeric(18, 2) not null default 0 check (amount_refunded between 0 and amount_paid),
  issued_at timestamptz not null,
  due_at timestamptz not null,
  paid_at timestamptz,
  last_sent_at timestamptz,
  times_sent integer not null default 0 check (times_sent >= 0),
  contact_name text not null check (length(contact_name) <= 200),
  contact_email text not null check (length(contact_email) <= 320),
  contact_address text not null check (length(contact_address) <= 500),
  version integer not null default 1,
  check ((status = 'refunded') = (amount_refunded > 0 and amount_refunded = amount_paid)),
  check ((status = 'partially_refunded') = (amount_refunded > 0 and amount_refunded < amount_paid)),
  check (status not in ('paid', 'partially_refunded', 'refunded') or paid_at is not null)
);
create index invoice_tenant on product.invoice (tenant_id, issued_at, id);
create index invoice_issued on product.invoice (issued_at, id);
create index invoice_due on product.invoice (due_at, id);
create index invoice_total on product.invoice (total, id);
create index invoice_status on product.invoice (status, issued_at, id);
create trigger invoice_version before update on product.invoice for each row execute function product.bump_version();

create table product.invoice_line (
  id uuid primary key default gen_random_uuid(),
  invoice_id uuid not null references product.invoice on delete cascade,
  position integer not null check (position >= 1),
  description text not null check (length(description) <= 300),
  quantity integer not null check (quantity >= 1),
  unit_price numeric(18, 2) not null check (unit_price >= 0),
  amount numeric(18, 2) generated always as (quantity * unit_price) stored,
  unique (invoice_id, position)
);

-- A ledger: rows are added, never changed. The sum per tenant is product.tenant.credit_balance.
create table product.credit_entry (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity unique,
  reference text not null generated always as ('CRE-' || lpad(number::text, greatest(6, length(number::text)), '0')) stored,
  tenant_id uuid not null references product.tenant,
  kind text not null check (kind in ('opening', 'adjustment', 'refund', 'applied')),
  amount numeric(18, 2) not null check (amount <> 0),
  balance_after numeric(18, 2) not null check (balance_after >= 0),
  currency text not null default 'IDR' check (currency ~ '^[A-Z]{3}$'),
  memo text check (length(memo) <= 300),
  invoice_id uuid references product.invoice,
  -- Of the act that booked it, so that the ledger leads back to its audit trail.
  correlation_id uuid,
  booked_at timestamptz not null default now(),
  check ((kind in ('refund', 'applied')) = (invoice_id is not null))
);
create index credit_entry_tenant on product.credit_entry (tenant_id, booked_at, id);
create index credit_entry_invoice on product.credit_entry (invoice_id);
create index credit_entry_booked on product.credit_entry (booked_at, id);
create unique index credit_entry_reference on product.credit_entry (reference);
revoke update, delete, truncate on product.credit_entry from sallyport_app;
