import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { changeLimits } from './permissions.ts';
import type { AccountsTables } from './tables.ts';
import { limitsChanged } from './tenant.event.ts';
import { tenant } from './tenant.resource.ts';

/** Changes any of the three limits; what is left out stays. Seats never fall below those in use. */
export const changePlanLimits = defineAction({
  name: 'changePlanLimits',
  on: tenant,
  permission: changeLimits,
  label: { en: 'Change plan limits', id: 'Ubah batas paket' },
  description: {
    en: 'Raises or lowers how many seats, how much storage and how many API calls this customer may use.',
    id: 'Menaikkan atau menurunkan jumlah kursi, penyimpanan, dan panggilan API yang boleh digunakan pelanggan ini.',
  },
  confirm: { en: 'Change limits of {title}', id: 'Ubah batas {title}' },
  done: { en: 'The limits of {title} are changed.', id: 'Batas {title} telah diubah.' },
  sensitive: 'never',
  justification: 'reason-and-ticket',
  allowedIn: {
    field: 'status',
    values: ['active', 'trial', 'suspended'],
    otherwise: { en: 'A closed tenant has no limits to change.', id: 'Tenant yang sudah ditutup tidak memiliki batas untuk diubah.' },
  },
  input: {
    seatLimit: { type: 'integer', min: 1, max: 100_000, optional: true, prefill: 'seatLimit', label: { en: 'Seats', id: 'Kursi' } },
    storageLimitGb: { type: 'integer', min: 1, max: 1_000_000, optional: true, prefill: 'storageLimitGb', label: { en: 'Storage (GB)', id: 'Penyimpanan (GB)' } },
    apiCallsPerDay: { type: 'integer', min: 0, max: 1_000_000_000, optional: true, prefill: 'apiCallsPerDay', label: { en: 'API calls per day', id: 'Panggilan API per hari' } },
  },
  event: limitsChanged,
  async run(transaction, { target, input }) {
    const seatLimit = input.seatLimit ?? target.seatLimit;
    const storageLimitGb = input.storageLimitGb ?? target.storageLimitGb;
    const apiCallsPerDay = input.apiCallsPerDay ?? target.apiCallsPerDay;
    if (seatLimit === target.seatLimit && storageLimitGb === target.storageLimitGb && apiCallsPerDay === target.apiCallsPerDay) {
      throw new GatewayError('BAD_INPUT', undefined, {
        issues: ['seatLimit', 'storageLimitGb', 'apiCallsPerDay'].map((name) => ({ path: `input.${name}`, message: 'at least one limit must differ from the present one' })),
      });
    }
    const tx = transaction.withTables<AccountsTables>();
    const changed = await tx
      .updateTable('product.tenant')
      .set({
        seat_limit: sql`coalesce(${input.seatLimit ?? null}, seat_limit)`,
        storage_limit_gb: sql`coalesce(${input.storageLimitGb ?? null}, storage_limit_gb)`,
        api_calls_per_day: sql`coalesce(${input.apiCallsPerDay ?? null}, api_calls_per_day)`,
      })
      .where('id', '=', target.id)
      .where('status', '<>', 'closed')
      .returning(['seat_limit', sql<number>`(select count(*)::integer from product.membership m where m.tenant_id = product.tenant.id)`.as('seats_in_use')])
      .executeTakeFirst();
    if (!changed) throw new GatewayError('CONFLICT');
    // Thrown after the UPDATE on purpose: its row lock holds the limit still while seats are counted.
    if (changed.seat_limit !== target.seatLimit && changed.seat_limit < changed.seats_in_use) {
      throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'input.seatLimit', message: 'fewer seats than are in use' }] });
    }
    return { outbox: [{ job: 'deliver-message', payload: { template: 'plan-limits-changed', tenantId: target.id } }] };
  },
});
