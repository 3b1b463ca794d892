import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { tenant } from '../accounts/tenant.resource.ts';
import { dataExportOrdered } from './data-export.event.ts';
import { dataExport, SCOPES } from './data-export.resource.ts';
import { approveDataExports, orderDataExports } from './permissions.ts';

/** Orders an export from the product, which hands it to the customer's own administrators: nobody of the staff gets the file. */
export const orderDataExport = defineAction({
  name: 'orderDataExport',
  on: tenant,
  permission: orderDataExports,
  label: { en: 'Order data export', id: 'Pesan ekspor data' },
  description: {
    en: "Has the product prepare a copy of this customer's data and hand it to the customer's own administrators.",
    id: 'Meminta produk menyiapkan salinan data pelanggan ini dan menyerahkannya kepada administrator pelanggan sendiri.',
  },
  confirm: { en: 'Order a data export of {title}', id: 'Pesan ekspor data {title}' },
  done: { en: 'A data export of {title} is ordered.', id: 'Ekspor data {title} telah dipesan.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  approval: [
    {
      stated: { en: 'of everything, or of a tenant with a high risk tier', id: 'untuk semua data, atau tenant dengan tingkat risiko tinggi' },
      when: ({ input, tenants }) => input.scope === 'everything' || tenants.some(({ highRisk }) => highRisk),
      alternatives: [{ approver: approveDataExports, quorum: 2 }],
      expiresAfterMinutes: 3 * 24 * 60,
    },
    { stated: { en: 'always', id: 'selalu' }, when: () => true, alternatives: [{ approver: approveDataExports, quorum: 1 }] },
  ],
  refusedUnder: ['token', 'break-glass'],
  input: {
    scope: { type: 'enum', values: SCOPES, label: { en: 'Data', id: 'Data' } },
  },
  event: dataExportOrdered,
  async run(tx, { target, input, now }) {
    const { rows } = await sql<{ id: string; reference: string }>`
      insert into product.data_export (tenant_id, scope, ordered_at)
      select ${target.id}::uuid, ${input.scope}, ${now}::timestamptz
      where not exists (select from product.data_export where tenant_id = ${target.id}::uuid and scope = ${input.scope} and state in ('ordered', 'preparing'))
      returning id, reference`.execute(tx);
    const [ordered] = rows;
    if (!ordered) throw new GatewayError('CONFLICT', 'An export of the same data is under way for this customer.');
    return {
      changes: [{ resource: dataExport, id: ordered.id, before: null, after: { reference: ordered.reference, scope: input.scope, state: 'ordered', orderedAt: now } }],
      outbox: [{ job: 'deliver-message', payload: { template: 'data-export-ordered', dataExportId: ordered.id } }],
    };
  },
});
