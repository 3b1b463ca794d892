import { defineModule } from '../../vocabulary/define-module.ts';
import { changePlanLimits } from './change-plan-limits.action.ts';
import { integration } from './integration.resource.ts';
import {
  changeLimits,
  readIntegrations,
  readSubscriptionPrices,
  readSubscriptions,
  readTenantCredit,
  readTenantNotes,
  readTenants,
  reinstateTenants,
  suspendTenants,
} from './permissions.ts';
import { reinstateTenant } from './reinstate-tenant.action.ts';
import { planSubscription } from './plan-subscription.resource.ts';
import { suspendTenant } from './suspend-tenant.action.ts';
import { limitsChanged, tenantReinstated, tenantSuspended } from './tenant.event.ts';
import { tenant } from './tenant.resource.ts';

const overview = [readTenants, readSubscriptions, readIntegrations];
const support = [...overview, readTenantNotes, readTenantCredit, readSubscriptionPrices];

export const accounts = defineModule({
  name: 'accounts',
  label: { en: 'Accounts', id: 'Akun' },
  description: { en: 'Customers, what they subscribe to and what they have connected.', id: 'Pelanggan, langganan, dan sambungan mereka.' },
  icon: 'Apartment',
  permissions: [readTenants, readTenantNotes, readTenantCredit, readSubscriptions, readSubscriptionPrices, readIntegrations, changeLimits, suspendTenants, reinstateTenants],
  resources: [tenant, planSubscription, integration],
  actions: [suspendTenant, reinstateTenant, changePlanLimits],
  events: [tenantSuspended, tenantReinstated, limitsChanged],
  roles: {
    'support-viewer': support,
    'support-operator': support,
    'billing-operator': [readTenants, readTenantCredit, readSubscriptions, readSubscriptionPrices],
    'security-operator': [...overview, readTenantNotes, suspendTenants, reinstateTenants],
    'production-engineer': [...overview, readTenantNotes, changeLimits],
    'platform-admin': [readTenants, readTenantCredit],
    'customer-success': [...overview, readTenantNotes],
    'compliance-auditor': [...overview, readTenantCredit, readSubscriptionPrices],
  },
  breakGlass: [...overview, readTenantNotes, suspendTenants, reinstateTenants, changeLimits],
  // Loaded on demand: the generator's word lists are no part of a running gateway.
  seed: async (db, options) => (await import('./seed.ts')).seedAccounts(db, options),
});
