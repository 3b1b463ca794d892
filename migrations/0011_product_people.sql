-- The demo company's own tables, part two: its customers' people, their memberships and sign-in sessions.

create table product.person (
  id uuid primary key default gen_random_uuid(),
  reference text not null unique check (reference ~ '^PSN-[0-9]{6,}$'),
  -- Home tenant. Memberships elsewhere are rows of their own and give no staff a second way in.
  tenant_id uuid not null references product.tenant,
  display_name text not null check (length(display_name) between 1 and 200),
  email text not null check (length(email) between 3 and 320),
  phone text check (length(phone) <= 40),
  state text not null check (state in ('active', 'invited', 'locked', 'deactivated')),
  locale text not null default 'id' check (locale in ('id', 'en')),
  mfa_enabled boolean not null default false,
  mfa_method text check (mfa_method in ('totp', 'passkey', 'sms')),
  mfa_enrolment_required boolean not null default false,
  mfa_reset_at timestamptz,
  password_reset_required boolean not null default false,
  password_reset_sent_at timestamptz,
  last_sign_in_at timestamptz,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  check (mfa_enabled = (mfa_method is not null))
);
create unique index person_email on product.person (lower(email));
create index person_tenant on product.person (tenant_id, created_at, id);
create index person_created on product.person (created_at, id);
create index person_display_name on product.person (display_name, id);
create index person_email_order on product.person (email, id);
create index person_last_sign_in on product.person (last_sign_in_at, id);
create index person_state on product.person (state, created_at, id);
create trigger person_version before update on product.person for each row execute function product.bump_version();

create table product.membership (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references product.tenant,
  person_id uuid not null references product.person,
  org_role text not null check (org_role in ('owner', 'admin', 'billing', 'security', 'member')),
  joined_at timestamptz not null,
  version integer not null default 1,
  unique (tenant_id, person_id)
);
create index membership_person on product.membership (person_id);
create index membership_owner on product.membership (tenant_id, joined_at, person_id) where org_role = 'owner';
create index membership_joined on product.membership (joined_at, id);
create index membership_tenant on product.membership (tenant_id, joined_at, id);
create trigger membership_version before update on product.membership for each row execute function product.bump_version();

-- Sign-in sessions of customers' people. A session that has ended has no row.
create table product.product_session (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references product.tenant,
  person_id uuid not null references product.person on delete cascade,
  client text not null check (client in ('web', 'android', 'ios', 'api')),
  device text not null check (length(device) <= 200),
  ip_address text not null check (length(ip_address) <= 45),
  started_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  check (expires_at > started_at)
);
create index product_session_person on product.product_session (person_id, last_seen_at, id);
create index product_session_tenant on product.product_session (tenant_id, last_seen_at, id);
create index product_session_last_seen on product.product_session (last_seen_at, id);
