import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { reinstateTenants } from './permissions.ts';
import { planSubscription } from './plan-subscription.resource.ts';
import type { AccountsTables, SubscriptionTable, TenantTable } from './tables.ts';
import { tenantReinstated } from './tenant.event.ts';
import { tenant } from './tenant.resource.ts';

/** Returns a tenant and its paused subscriptions to the states they had before the suspension. */
export const reinstateTenant = defineAction({
  name: 'reinstateTenant',
  on: tenant,
  permission: reinstateTenants,
  label: { en: 'Reinstate tenant', id: 'Pulihkan tenant' },
  description: {
    en: 'Opens a suspended customer again: people may sign in and subscriptions go on as before.',
    id: 'Membuka kembali pelanggan yang ditangguhkan: orang dapat masuk lagi dan langganan berlanjut seperti semula.',
  },
  confirm: { en: 'Reinstate {title}', id: 'Pulihkan {title}' },
  done: { en: '{title} is open again.', id: '{title} telah dibuka kembali.' },
  sensitive: 'never',
  justification: 'reason-and-ticket',
  allowedIn: {
    field: 'status',
    values: ['suspended'],
    otherwise: { en: 'Only a suspended tenant can be reinstated.', id: 'Hanya tenant yang ditangguhkan yang dapat dipulihkan.' },
  },
  input: {},
  event: tenantReinstated,
  async run(transaction, { target }) {
    const tx = transaction.withTables<AccountsTables>();
    const reinstated = await tx
      .updateTable('product.tenant')
      .set({ status: sql<TenantTable['status']>`status_before_suspension`, status_before_suspension: null, suspended_at: null })
      .where('id', '=', target.id)
      .where('status', '=', 'suspended')
      .returning('id')
      .executeTakeFirst();
    if (!reinstated) throw new GatewayError('CONFLICT');
    const resumed = await tx
      .updateTable('product.subscription')
      .set({ status: sql<SubscriptionTable['status']>`status_before_pause`, status_before_pause: null })
      .where('tenant_id', '=', target.id)
      .where('status', '=', 'paused')
      .returning(['id', 'status'])
      .execute();
    return {
      changes: resumed.map(({ id, status }) => ({ resource: planSubscription, id, before: { status: 'paused' }, after: { status } })),
      outbox: [{ job: 'deliver-message', payload: { template: 'tenant-reinstated', tenantId: target.id } }],
    };
  },
});
