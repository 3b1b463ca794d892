-- The demo company's own tables, part one: its customers (tenants), what they subscribe to and what they have connected.

create function product.bump_version() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.version := old.version + 1;
  return new;
end
$$;

create table product.tenant (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (code ~ '^TNT-[0-9]{5,}$'),
  name text not null check (length(name) between 1 and 200),
  plan text not null check (plan in ('starter', 'growth', 'business', 'enterprise')),
  status text not null check (status in ('active', 'trial', 'suspended', 'closed')),
  -- What reinstating returns to; kept only while suspended.
  status_before_suspension text check (status_before_suspension in ('active', 'trial')),
  risk_tier text not null default 'standard' check (risk_tier in ('low', 'standard', 'high')),
  environment text not null default 'production' check (environment in ('production', 'sandbox')),
  region text not null check (region in ('jakarta', 'surabaya', 'batam', 'singapore')),
  health_score integer not null default 100 check (health_score between 0 and 100),
  seat_limit integer not null check (seat_limit between 1 and 100000),
  storage_limit_gb integer not null check (storage_limit_gb between 1 and 1000000),
  api_calls_per_day integer not null check (api_calls_per_day between 0 and 1000000000),
  -- Always the sum of the tenant's credit entries.
  credit_balance numeric(18, 2) not null default 0 check (credit_balance >= 0),
  currency text not null default 'IDR' check (currency ~ '^[A-Z]{3}$'),
  internal_note text check (length(internal_note) <= 2000),
  suspended_at timestamptz,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  check ((status = 'suspended') = (suspended_at is not null)),
  check ((status = 'suspended') = (status_before_suspension is not null))
);
create index tenant_name on product.tenant (name, id);
create index tenant_created on product.tenant (created_at, id);
create index tenant_health on product.tenant (health_score, id);
create index tenant_status on product.tenant (status, code);
create trigger tenant_version before update on product.tenant for each row execute function product.bump_version();

create table product.subscription (
  id uuid primary key default gen_random_uuid(),
  reference text not null unique check (reference ~ '^SUB-[0-9]{6,}$'),
  tenant_id uuid not null references product.tenant,
  offering text not null check (offering in ('core', 'analytics', 'payments', 'premium_support')),
  status text not null check (status in ('trialing', 'active', 'past_due', 'paused', 'cancelled')),
  -- What unpausing returns to; kept only while paused.
  status_before_pause text check (status_before_pause in ('trialing', 'active', 'past_due')),
  seats integer not null check (seats between 0 and 100000),
  monthly_price numeric(18, 2) not null check (monthly_price >= 0),
  currency text not null default 'IDR' check (currency ~ '^[A-Z]{3}$'),
  started_at timestamptz not null,
  renews_on date,
  cancelled_at timestamptz,
  version integer not null default 1,
  check ((status = 'paused') = (status_before_pause is not null))
);
create index subscription_tenant on product.subscription (tenant_id, started_at, id);
create index subscription_started on product.subscription (started_at, id);
create index subscription_renews on product.subscription (renews_on, id);
create trigger subscription_version before update on product.subscription for each row execute function product.bump_version();

create table product.integration (
  id uuid primary key default gen_random_uuid(),
  reference text not null unique check (reference ~ '^INT-[0-9]{6,}$'),
  tenant_id uuid not null references product.tenant,
  kind text not null check (kind in ('accounting', 'payroll', 'crm', 'erp', 'messaging', 'storage')),
  provider text not null check (length(provider) between 1 and 100),
  status text not null check (status in ('connected', 'degraded', 'failing', 'disconnected')),
  last_sync_at timestamptz,
  last_error_code text check (length(last_error_code) <= 100),
  failed_syncs_last_day integer not null default 0 check (failed_syncs_last_day >= 0),
  connected_at timestamptz not null,
  version integer not null default 1
);
create index integration_tenant on product.integration (tenant_id, connected_at, id);
create index integration_connected on product.integration (connected_at, id);
create index integration_status on product.integration (status, last_sync_at);
create trigger integration_version before update on product.integration for each row execute function product.bump_version();
