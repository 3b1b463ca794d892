import type { Generated } from 'kysely';

export interface WebhookTable {
  id: Generated<string>;
  reference: string;
  tenant_id: string;
  url: string;
  topic: 'invoices' | 'people' | 'usage' | 'security';
  status: 'active' | 'failing' | 'disabled';
  failures_last_day: number;
  last_delivery_at: string | null;
  secret_generation: number;
  secret_rotated_at: string;
  created_at: string;
  version: Generated<number>;
}

/** The serving role may write `signing_key` and can't read it. */
export interface WebhookSecretTable {
  webhook_id: string;
  signing_key: Uint8Array;
}

export interface SsoConfigurationTable {
  id: Generated<string>;
  reference: string;
  tenant_id: string;
  protocol: 'saml' | 'oidc';
  issuer_url: string;
  entity_id: string;
  enforced: boolean;
  status: 'unverified' | 'active' | 'failing';
  last_verified_at: string | null;
  changed_at: string;
  version: Generated<number>;
}

export interface MfaPolicyTable {
  id: Generated<string>;
  reference: string;
  tenant_id: string;
  requirement: 'optional' | 'administrators' | 'everyone';
  sms_allowed: boolean;
  grace_period_days: number;
  remember_device_days: number;
  changed_at: string;
  version: Generated<number>;
}

export type SecuritySettingsTables = {
  'product.webhook': WebhookTable;
  'product.webhook_secret': WebhookSecretTable;
  'product.sso_configuration': SsoConfigurationTable;
  'product.mfa_policy': MfaPolicyTable;
};
