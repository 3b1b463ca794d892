import type { Generated } from 'kysely';

export interface TenantTable {
  id: Generated<string>;
  code: string;
  name: string;
  plan: 'starter' | 'growth' | 'business' | 'enterprise';
  status: 'active' | 'trial' | 'suspended' | 'closed';
  status_before_suspension: 'active' | 'trial' | null;
  risk_tier: 'low' | 'standard' | 'high';
  environment: 'production' | 'sandbox';
  region: string;
  health_score: number;
  seat_limit: number;
  storage_limit_gb: number;
  api_calls_per_day: number;
  /** Exact decimal. Always the sum of the tenant's credit entries. */
  credit_balance: string;
  currency: string;
  internal_note: string | null;
  suspended_at: string | null;
  created_at: string;
  version: Generated<number>;
}

export interface SubscriptionTable {
  id: Generated<string>;
  reference: string;
  tenant_id: string;
  offering: 'core' | 'analytics' | 'payments' | 'premium_support';
  status: 'trialing' | 'active' | 'past_due' | 'paused' | 'cancelled';
  status_before_pause: 'trialing' | 'active' | 'past_due' | null;
  seats: number;
  monthly_price: string;
  currency: string;
  started_at: string;
  renews_on: string | null;
  cancelled_at: string | null;
  version: Generated<number>;
}

export interface IntegrationTable {
  id: Generated<string>;
  reference: string;
  tenant_id: string;
  kind: string;
  provider: string;
  status: 'connected' | 'degraded' | 'failing' | 'disconnected';
  last_sync_at: string | null;
  last_error_code: string | null;
  failed_syncs_last_day: number;
  connected_at: string;
  version: Generated<number>;
}

export type AccountsTables = {
  'product.tenant': TenantTable;
  'product.subscription': SubscriptionTable;
  'product.integration': IntegrationTable;
};
