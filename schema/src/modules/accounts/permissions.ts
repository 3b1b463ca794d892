import { definePermission } from '../../vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | task role           | reads                                        | acts                     | because |
 * |---------------------|----------------------------------------------|--------------------------|---------|
 * | Support Viewer      | all but nothing personal is here             | -                        | answers questions |
 * | Support Operator    | the same                                     | -                        | its repairs concern people and invoices |
 * | Billing Operator    | accounts, prices, credit                     | -                        | plan limits are capacity, not money |
 * | Security Operator   | accounts, notes                              | suspend, reinstate       | shutting a customer out contains an abuse; nobody else needs it |
 * | Production Engineer | accounts, notes, integrations                | change plan limits       | limits protect the platform's capacity |
 * | Platform Admin      | names and states, credit                     | -                        | gives grants and approves money; sees what is approved |
 * | Customer Success    | accounts, notes, integrations; no money      | -                        | observes (V1) |
 * | Compliance Auditor  | all but notes                                | -                        | evidence, not repair (C5) |
 */
export const readTenants = definePermission('accounts.tenant.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See tenants', id: 'Melihat tenant' },
});

export const readTenantNotes = definePermission('accounts.tenant.read-notes', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See internal notes on tenants', id: 'Melihat catatan internal tenant' },
});

export const readTenantCredit = definePermission('accounts.tenant.read-credit', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: "See tenants' credit balance", id: 'Melihat saldo kredit tenant' },
});

export const readSubscriptions = definePermission('accounts.subscription.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See subscriptions', id: 'Melihat langganan' },
});

export const readSubscriptionPrices = definePermission('accounts.subscription.read-price', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See what subscriptions cost', id: 'Melihat harga langganan' },
});

export const readIntegrations = definePermission('accounts.integration.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See integrations and their health', id: 'Melihat integrasi dan kesehatannya' },
});

export const changeLimits = definePermission('accounts.limits.change', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Change plan limits', id: 'Mengubah batas paket' },
});

export const suspendTenants = definePermission('accounts.tenant.suspend', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Suspend tenants', id: 'Menangguhkan tenant' },
});

export const reinstateTenants = definePermission('accounts.tenant.reinstate', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Reinstate suspended tenants', id: 'Memulihkan tenant yang ditangguhkan' },
});
