-- The demo company's own tables, part four: webhooks with their secrets, single sign-on and MFA policy of customers.

create table product.webhook (
  id uuid primary key default gen_random_uuid(),
  reference text not null unique check (reference ~ '^WHK-[0-9]{6,}$'),
  tenant_id uuid not null references product.tenant,
  url text not null check (url ~ '^https://' and length(url) <= 2000),
  topic text not null check (topic in ('invoices', 'people', 'usage', 'security')),
  status text not null check (status in ('active', 'failing', 'disabled')),
  failures_last_day integer not null default 0 check (failures_last_day >= 0),
  last_delivery_at timestamptz,
  secret_generation integer not null default 1 check (secret_generation >= 1),
  secret_rotated_at timestamptz not null,
  created_at timestamptz not null,
  version integer not null default 1
);
create index webhook_tenant on product.webhook (tenant_id, created_at, id);
create index webhook_created on product.webhook (created_at, id);
create trigger webhook_version before update on product.webhook for each row execute function product.bump_version();

-- The product's delivery service signs with these; the gateway may replace one and can't read any:
-- its role holds no SELECT on the key, so that not even an injected query gets it.
create table product.webhook_secret (
  webhook_id uuid primary key references product.webhook on delete cascade,
  signing_key bytea not null check (length(signing_key) = 32)
);
revoke all on product.webhook_secret from sallyport_app;
grant insert, select (webhook_id), update (signing_key) on product.webhook_secret to sallyport_app;

create table product.sso_configuration (
  id uuid primary key default gen_random_uuid(),
  reference text not null unique check (reference ~ '^SSO-[0-9]{5,}$'),
  tenant_id uuid not null unique references product.tenant,
  protocol text not null check (protocol in ('saml', 'oidc')),
  issuer_url text not null check (issuer_url ~ '^https://' and length(issuer_url) <= 500),
  entity_id text not null check (length(entity_id) between 1 and 300),
  enforced boolean not null default false,
  status text not null check (status in ('unverified', 'active', 'failing')),
  last_verified_at timestamptz,
  changed_at timestamptz not null,
  version integer not null default 1,
  check (status <> 'active' or last_verified_at is not null)
);
create index sso_configuration_changed on product.sso_configuration (changed_at, id);
create trigger sso_configuration_version before update on product.sso_configuration for each row execute function product.bump_version();

create table product.mfa_policy (
  id uuid primary key default gen_random_uuid(),
  reference text not null unique check (reference ~ '^MFP-[0-9]{5,}$'),
  tenant_id uuid not null unique references product.tenant,
  requirement text not null check (requirement in ('optional', 'administrators', 'everyone')),
  sms_allowed boolean not null default false,
  grace_period_days integer not null default 14 check (grace_period_days between 0 and 90),
  remember_device_days integer not null default 30 check (remember_device_days between 0 and 90),
  changed_at timestamptz not null,
  version integer not null default 1
);
create index mfa_policy_changed on product.mfa_policy (changed_at, id);
create trigger mfa_policy_version before update on product.mfa_policy for each row execute function product.bump_version();
