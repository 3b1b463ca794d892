import type { Generated } from 'kysely';

export interface PersonTable {
  id: Generated<string>;
  reference: string;
  tenant_id: string;
  display_name: string;
  email: string;
  phone: string | null;
  state: 'active' | 'invited' | 'locked' | 'deactivated';
  locale: 'id' | 'en';
  mfa_enabled: boolean;
  mfa_method: 'totp' | 'passkey' | 'sms' | null;
  mfa_enrolment_required: boolean;
  mfa_reset_at: string | null;
  password_reset_required: boolean;
  password_reset_sent_at: string | null;
  last_sign_in_at: string | null;
  created_at: string;
  version: Generated<number>;
}

export interface MembershipTable {
  id: Generated<string>;
  tenant_id: string;
  person_id: string;
  org_role: 'owner' | 'admin' | 'billing' | 'security' | 'member';
  joined_at: string;
  version: Generated<number>;
}

export interface ProductSessionTable {
  id: Generated<string>;
  tenant_id: string;
  person_id: string;
  client: 'web' | 'android' | 'ios' | 'api';
  device: string;
  ip_address: string;
  started_at: string;
  last_seen_at: string;
  expires_at: string;
}

export type PeopleTables = {
  'product.person': PersonTable;
  'product.membership': MembershipTable;
  'product.product_session': ProductSessionTable;
};
