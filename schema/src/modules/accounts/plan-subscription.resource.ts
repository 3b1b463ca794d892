import { defineResource } from '../../vocabulary/define-resource.ts';
import { readSubscriptionPrices, readSubscriptions } from './permissions.ts';

// Not `subscription`: that is GraphQL's own name.
export const planSubscription = defineResource({
  name: 'planSubscription',
  plural: 'planSubscriptions',
  label: { en: 'Subscription', id: 'Langganan' },
  labelPlural: { en: 'Subscriptions', id: 'Langganan' },
  description: { en: 'What a tenant has subscribed to.', id: 'Yang dilanggani sebuah tenant.' },
  table: { schema: 'product', name: 'subscription' },
  key: { column: 'id', type: 'uuid' },
  tenant: { column: 'tenant_id' },
  read: readSubscriptions,
  title: 'reference',
  state: 'status',
  defaultSort: { field: 'startedAt', direction: 'desc' },
  version: { column: 'version' },
  fields: {
    reference: { type: 'text', access: readSubscriptions, class: 'public', label: { en: 'Reference', id: 'Referensi' }, filter: true, sort: true, search: true, inList: true },
    offering: {
      type: 'enum',
      access: readSubscriptions,
      class: 'internal',
      label: { en: 'Offering', id: 'Layanan' },
      filter: true,
      inList: true,
      values: {
        core: { label: { en: 'Core', id: 'Inti' } },
        analytics: { label: { en: 'Analytics', id: 'Analitik' } },
        payments: { label: { en: 'Payments', id: 'Pembayaran' } },
        premium_support: { label: { en: 'Premium support', id: 'Dukungan premium' } },
      },
    },
    status: {
      type: 'enum',
      access: readSubscriptions,
      class: 'internal',
      label: { en: 'Status', id: 'Status' },
      filter: true,
      inList: true,
      values: {
        trialing: { label: { en: 'Trial', id: 'Masa coba' } },
        active: { label: { en: 'Active', id: 'Aktif' }, tone: 'good' },
        past_due: { label: { en: 'Past due', id: 'Lewat jatuh tempo' }, tone: 'warning' },
        paused: { label: { en: 'Paused', id: 'Dijeda' }, tone: 'warning' },
        cancelled: { label: { en: 'Cancelled', id: 'Dibatalkan' } },
      },
    },
    seats: { type: 'integer', access: readSubscriptions, class: 'internal', label: { en: 'Seats', id: 'Kursi' }, filter: true, inList: true },
    monthlyPrice: {
      type: 'money',
      currency: { field: 'currency' },
      access: readSubscriptionPrices,
      class: 'internal',
      label: { en: 'Monthly price', id: 'Harga bulanan' },
      filter: true,
      sort: true,
      inList: true,
    },
    currency: { type: 'text', access: readSubscriptions, class: 'public', label: { en: 'Currency', id: 'Mata uang' } },
    startedAt: { type: 'timestamp', access: readSubscriptions, class: 'internal', label: { en: 'Started', id: 'Mulai' }, filter: true, sort: true, inList: true },
    renewsOn: { type: 'date', access: readSubscriptions, class: 'internal', label: { en: 'Renews on', id: 'Diperpanjang pada' }, filter: true, sort: true },
    cancelledAt: { type: 'timestamp', access: readSubscriptions, class: 'internal', label: { en: 'Cancelled', id: 'Dibatalkan' }, filter: true },
  },
  relations: {
    tenant: { kind: 'one', resource: 'tenant', column: 'tenant_id', label: { en: 'Tenant', id: 'Tenant' } },
  },
});
