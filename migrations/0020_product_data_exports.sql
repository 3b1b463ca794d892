-- The demo company's own tables, part five: exports of customers' data. The product prepares what was ordered and hands it to
-- the customer's own administrators; staff who order one never hold the file.

create table product.data_export (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity unique,
  reference text not null unique generated always as ('EXP-' || lpad(number::text, greatest(6, length(number::text)), '0')) stored,
  tenant_id uuid not null references product.tenant,
  scope text not null check (scope in ('people', 'billing', 'everything')),
  state text not null default 'ordered' check (state in ('ordered', 'preparing', 'delivered', 'failed', 'withdrawn')),
  ordered_at timestamptz not null,
  delivered_at timestamptz,
  records integer check (records >= 0),
  version integer not null default 1,
  check ((state = 'delivered') = (delivered_at is not null))
);
-- One at a time for the same data of a customer.
create unique index data_export_open on product.data_export (tenant_id, scope) where state in ('ordered', 'preparing');
create index data_export_tenant on product.data_export (tenant_id, ordered_at, id);
create index data_export_ordered on product.data_export (ordered_at, id);
create trigger data_export_version before update on product.data_export for each row execute function product.bump_version();
