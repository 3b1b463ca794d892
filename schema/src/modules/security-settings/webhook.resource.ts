import { defineResource } from '../../vocabulary/define-resource.ts';
import { readWebhookAddresses, readWebhooks } from './permissions.ts';

const secret = { en: 'Secret', id: 'Rahasia' };

export const webhook = defineResource({
  name: 'webhook',
  plural: 'webhooks',
  label: { en: 'Webhook', id: 'Webhook' },
  labelPlural: { en: 'Webhooks', id: 'Webhook' },
  description: {
    en: 'An address of a customer that the product sends events to, signed with a secret.',
    id: 'Alamat pelanggan yang dikirimi kejadian oleh produk, ditandatangani dengan rahasia.',
  },
  table: { schema: 'product', name: 'webhook' },
  key: { column: 'id', type: 'uuid' },
  tenant: { column: 'tenant_id' },
  read: readWebhooks,
  title: 'reference',
  state: 'status',
  defaultSort: { field: 'createdAt', direction: 'desc' },
  version: { column: 'version' },
  fields: {
    reference: { type: 'text', access: readWebhooks, class: 'public', label: { en: 'Reference', id: 'Referensi' }, filter: true, sort: true, search: true, inList: true },
    // Customers put tokens into addresses: apart from the webhook's health.
    url: { type: 'url', access: readWebhookAddresses, class: 'internal', label: { en: 'Address', id: 'Alamat' }, filter: true, search: true, inList: true },
    topic: {
      type: 'enum',
      access: readWebhooks,
      class: 'internal',
      label: { en: 'Topic', id: 'Topik' },
      filter: true,
      inList: true,
      values: {
        invoices: { label: { en: 'Invoices', id: 'Tagihan' } },
        people: { label: { en: 'People', id: 'Orang' } },
        usage: { label: { en: 'Usage', id: 'Pemakaian' } },
        security: { label: { en: 'Security', id: 'Keamanan' } },
      },
    },
    status: {
      type: 'enum',
      access: readWebhooks,
      class: 'internal',
      label: { en: 'Status', id: 'Status' },
      filter: true,
      inList: true,
      values: {
        active: { label: { en: 'Active', id: 'Aktif' }, tone: 'good' },
        failing: { label: { en: 'Failing', id: 'Gagal' }, tone: 'bad' },
        disabled: { label: { en: 'Disabled', id: 'Dinonaktifkan' } },
      },
    },
    failuresLastDay: { type: 'integer', access: readWebhooks, class: 'internal', label: { en: 'Failures, last day', id: 'Kegagalan, sehari terakhir' }, filter: true },
    lastDeliveryAt: { type: 'timestamp', access: readWebhooks, class: 'internal', label: { en: 'Last delivery', id: 'Pengiriman terakhir' }, filter: true, inList: true },
    secretGeneration: { type: 'integer', access: readWebhooks, class: 'internal', label: { en: 'Secret generation', id: 'Generasi rahasia' }, group: secret },
    secretRotatedAt: {
      type: 'timestamp',
      access: readWebhooks,
      class: 'internal',
      label: { en: 'Secret last rotated', id: 'Rahasia terakhir diganti' },
      filter: true,
      group: secret,
    },
    createdAt: { type: 'timestamp', access: readWebhooks, class: 'internal', label: { en: 'Added', id: 'Ditambahkan' }, filter: true, sort: true },
  },
  relations: {
    tenant: { kind: 'one', resource: 'tenant', column: 'tenant_id', label: { en: 'Tenant', id: 'Tenant' } },
  },
});
