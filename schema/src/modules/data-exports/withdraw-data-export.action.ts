import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { dataExportWithdrawn } from './data-export.event.ts';
import { dataExport } from './data-export.resource.ts';
import { withdrawDataExports } from './permissions.ts';

export const withdrawDataExport = defineAction({
  name: 'withdrawDataExport',
  on: dataExport,
  permission: withdrawDataExports,
  label: { en: 'Withdraw', id: 'Tarik' },
  description: { en: 'Tells the product not to prepare or hand over this export.', id: 'Memberi tahu produk agar tidak menyiapkan atau menyerahkan ekspor ini.' },
  confirm: { en: 'Withdraw {title} of {tenant}', id: 'Tarik {title} milik {tenant}' },
  done: { en: '{title} is withdrawn.', id: '{title} telah ditarik.' },
  sensitive: 'never',
  justification: 'none',
  allowedIn: {
    field: 'state',
    values: ['ordered', 'preparing'],
    otherwise: { en: 'Only an export that has not ended can be withdrawn.', id: 'Hanya ekspor yang belum berakhir yang dapat ditarik.' },
  },
  input: {},
  event: dataExportWithdrawn,
  async run(tx, { target }) {
    const { rows } = await sql`update product.data_export set state = 'withdrawn' where id = ${target.id}::uuid and state in ('ordered', 'preparing') returning id`.execute(tx);
    if (rows.length === 0) throw new GatewayError('CONFLICT');
    return { outbox: [{ job: 'deliver-message', payload: { template: 'data-export-withdrawn', dataExportId: target.id } }] };
  },
});
