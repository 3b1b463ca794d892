import { defineModule } from '../../vocabulary/define-module.ts';
import { changeSsoConfiguration } from './change-sso-configuration.action.ts';
import { mfaPolicy } from './mfa-policy.resource.ts';
import { approveSsoChanges, changeSsoConfigurations, readMfaPolicies, readSsoConfigurations, readWebhookAddresses, readWebhooks, rotateWebhookSecrets } from './permissions.ts';
import { rotateWebhookSecret } from './rotate-webhook-secret.action.ts';
import { ssoConfigurationChanged } from './sso-configuration.event.ts';
import { ssoConfiguration } from './sso-configuration.resource.ts';
import { webhookSecretRotated } from './webhook.event.ts';
import { webhook } from './webhook.resource.ts';

const settings = [readWebhooks, readSsoConfigurations, readMfaPolicies];

export const securitySettings = defineModule({
  name: 'security-settings',
  label: { en: 'Security settings', id: 'Pengaturan keamanan' },
  description: { en: "Customers' webhooks, single sign-on and MFA policy.", id: 'Webhook, masuk tunggal, dan kebijakan MFA pelanggan.' },
  icon: 'Security',
  permissions: [readWebhooks, readWebhookAddresses, rotateWebhookSecrets, readSsoConfigurations, changeSsoConfigurations, approveSsoChanges, readMfaPolicies],
  resources: [webhook, ssoConfiguration, mfaPolicy],
  actions: [rotateWebhookSecret, changeSsoConfiguration],
  events: [webhookSecretRotated, ssoConfigurationChanged],
  roles: {
    'support-viewer': settings,
    'support-operator': settings,
    'security-operator': [...settings, readWebhookAddresses, rotateWebhookSecrets, changeSsoConfigurations],
    'production-engineer': [readWebhooks, readWebhookAddresses],
    'platform-admin': [readSsoConfigurations, approveSsoChanges],
    'customer-success': [readWebhooks],
    'compliance-auditor': settings,
  },
  breakGlass: [...settings, readWebhookAddresses, rotateWebhookSecrets, changeSsoConfigurations],
  // Loaded on demand: the generator's word lists are no part of a running gateway.
  seed: async (db, options) => (await import('./seed.ts')).seedSecuritySettings(db, options),
});
