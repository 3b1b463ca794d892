import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { suspendTenants } from './permissions.ts';
import { planSubscription } from './plan-subscription.resource.ts';
import type { AccountsTables } from './tables.ts';
import { tenantSuspended } from './tenant.event.ts';
import { tenant } from './tenant.resource.ts';

/** The product refuses sign-ins and sessions of a suspended tenant; its running subscriptions pause. */
export const suspendTenant = defineAction({
  name: 'suspendTenant',
  on: tenant,
  permission: suspendTenants,
  label: { en: 'Suspend tenant', id: 'Tangguhkan tenant' },
  description: {
    en: 'Shuts all people of this customer out and pauses its subscriptions until the tenant is reinstated.',
    id: 'Menutup akses semua orang dari pelanggan ini dan menjeda langganannya sampai tenant dipulihkan.',
  },
  confirm: { en: 'Suspend {title}', id: 'Tangguhkan {title}' },
  done: { en: '{title} is suspended.', id: '{title} telah ditangguhkan.' },
  sensitive: 'never',
  justification: 'reason-and-ticket',
  allowedIn: {
    field: 'status',
    values: ['active', 'trial'],
    otherwise: { en: 'Only an active or trial tenant can be suspended.', id: 'Hanya tenant aktif atau dalam masa coba yang dapat ditangguhkan.' },
  },
  input: {},
  event: tenantSuspended,
  async run(transaction, { target, now }) {
    const tx = transaction.withTables<AccountsTables>();
    const suspended = await tx
      .updateTable('product.tenant')
      .set({ status: 'suspended', status_before_suspension: sql`status`, suspended_at: now })
      .where('id', '=', target.id)
      .where('status', 'in', ['active', 'trial'])
      .returning('id')
      .executeTakeFirst();
    if (!suspended) throw new GatewayError('CONFLICT');
    const paused = await tx
      .updateTable('product.subscription')
      .set({ status: 'paused', status_before_pause: sql`status` })
      .where('tenant_id', '=', target.id)
      .where('status', 'in', ['trialing', 'active', 'past_due'])
      .returning(['id', 'status_before_pause'])
      .execute();
    return {
      changes: paused.map(({ id, status_before_pause }) => ({
        resource: planSubscription,
        id,
        before: { status: status_before_pause },
        after: { status: 'paused' },
      })),
      outbox: [{ job: 'deliver-message', payload: { template: 'tenant-suspended', tenantId: target.id } }],
    };
  },
});
