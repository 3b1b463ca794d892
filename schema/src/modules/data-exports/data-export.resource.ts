import { defineResource } from '../../vocabulary/define-resource.ts';
import { readDataExports } from './permissions.ts';

const plain = { access: readDataExports, class: 'internal' } as const;

export const SCOPES = {
  people: { label: { en: 'People', id: 'Orang' } },
  billing: { label: { en: 'Billing', id: 'Penagihan' } },
  everything: { label: { en: 'Everything', id: 'Semuanya' }, tone: 'warning' },
} as const;

export const dataExport = defineResource({
  name: 'dataExport',
  plural: 'dataExports',
  label: { en: 'Data export', id: 'Ekspor data' },
  labelPlural: { en: 'Data exports', id: 'Ekspor data' },
  description: {
    en: "A copy of a customer's data, prepared by the product and handed to the customer's own administrators.",
    id: 'Salinan data pelanggan, disiapkan oleh produk dan diserahkan kepada administrator pelanggan sendiri.',
  },
  table: { schema: 'product', name: 'data_export' },
  key: { column: 'id', type: 'uuid' },
  tenant: { column: 'tenant_id' },
  read: readDataExports,
  title: 'reference',
  state: 'state',
  defaultSort: { field: 'orderedAt', direction: 'desc' },
  version: { column: 'version' },
  fields: {
    reference: { type: 'text', access: readDataExports, class: 'public', label: { en: 'Reference', id: 'Referensi' }, filter: true, sort: true, search: true, inList: true },
    scope: { ...plain, type: 'enum', values: SCOPES, filter: true, inList: true, label: { en: 'Data', id: 'Data' } },
    state: {
      ...plain,
      type: 'enum',
      filter: true,
      inList: true,
      label: { en: 'State', id: 'Keadaan' },
      values: {
        ordered: { label: { en: 'Ordered', id: 'Dipesan' } },
        preparing: { label: { en: 'Being prepared', id: 'Sedang disiapkan' } },
        delivered: { label: { en: 'Delivered', id: 'Diserahkan' }, tone: 'good' },
        failed: { label: { en: 'Failed', id: 'Gagal' }, tone: 'bad' },
        withdrawn: { label: { en: 'Withdrawn', id: 'Ditarik' } },
      },
    },
    orderedAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Ordered', id: 'Dipesan' } },
    deliveredAt: { ...plain, type: 'timestamp', filter: true, inList: true, label: { en: 'Delivered', id: 'Diserahkan' } },
    records: { ...plain, type: 'integer', filter: true, label: { en: 'Records in it', id: 'Jumlah rekaman' } },
  },
  relations: {
    tenant: { kind: 'one', resource: 'tenant', column: 'tenant_id', label: { en: 'Tenant', id: 'Tenant' } },
  },
});
