import { definePermission } from '../../vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | task role           | reads                               | acts                       | because |
 * |---------------------|-------------------------------------|----------------------------|---------|
 * | Support Viewer      | webhooks, SSO, MFA policy           | -                          | says whether sign-in is set up |
 * | Support Operator    | the same                            | -                          | sign-in settings are no repair of theirs |
 * | Billing Operator    | -                                   | -                          | never touches authentication (R3) |
 * | Security Operator   | everything                          | rotate secrets, change SSO | can lock a customer out or let a stranger in |
 * | Production Engineer | webhooks with their addresses       | -                          | finds failing deliveries |
 * | Platform Admin      | SSO                                 | approves changes of SSO    | sees what is approved, never does it (R11) |
 * | Customer Success    | webhooks without addresses          | -                          | sees what is not connected |
 * | Compliance Auditor  | webhooks, SSO, MFA policy           | -                          | evidence, not repair (C5) |
 */
export const readWebhooks = definePermission('security-settings.webhook.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See webhooks and their health', id: 'Melihat webhook dan kesehatannya' },
});

export const readWebhookAddresses = definePermission('security-settings.webhook.read-address', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See where webhooks lead', id: 'Melihat alamat webhook' },
});

export const rotateWebhookSecrets = definePermission('security-settings.webhook.rotate-secret', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Rotate webhook secrets', id: 'Mengganti rahasia webhook' },
});

export const readSsoConfigurations = definePermission('security-settings.sso.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See single sign-on settings', id: 'Melihat pengaturan masuk tunggal' },
});

export const changeSsoConfigurations = definePermission('security-settings.sso.change', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Change single sign-on settings', id: 'Mengubah pengaturan masuk tunggal' },
});

export const approveSsoChanges = definePermission('security-settings.sso.approve-change', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Approve changes of single sign-on', id: 'Menyetujui perubahan masuk tunggal' },
});

export const readMfaPolicies = definePermission('security-settings.mfa-policy.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See MFA policies', id: 'Melihat kebijakan MFA' },
});
