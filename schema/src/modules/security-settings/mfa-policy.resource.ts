import { defineResource } from '../../vocabulary/define-resource.ts';
import { readMfaPolicies } from './permissions.ts';

export const mfaPolicy = defineResource({
  name: 'mfaPolicy',
  plural: 'mfaPolicies',
  label: { en: 'MFA policy', id: 'Kebijakan MFA' },
  labelPlural: { en: 'MFA policies', id: 'Kebijakan MFA' },
  description: { en: "What a customer asks of its people's sign-in.", id: 'Yang diwajibkan pelanggan saat penggunanya masuk.' },
  table: { schema: 'product', name: 'mfa_policy' },
  key: { column: 'id', type: 'uuid' },
  tenant: { column: 'tenant_id' },
  read: readMfaPolicies,
  title: 'reference',
  state: 'requirement',
  defaultSort: { field: 'changedAt', direction: 'desc' },
  version: { column: 'version' },
  fields: {
    reference: { type: 'text', access: readMfaPolicies, class: 'public', label: { en: 'Reference', id: 'Referensi' }, filter: true, sort: true, search: true, inList: true },
    requirement: {
      type: 'enum',
      access: readMfaPolicies,
      class: 'internal',
      label: { en: 'Required for', id: 'Wajib untuk' },
      filter: true,
      inList: true,
      values: {
        optional: { label: { en: 'Nobody', id: 'Tidak ada' }, tone: 'warning' },
        administrators: { label: { en: 'Administrators', id: 'Administrator' } },
        everyone: { label: { en: 'Everyone', id: 'Semua orang' }, tone: 'good' },
      },
    },
    smsAllowed: { type: 'boolean', access: readMfaPolicies, class: 'internal', label: { en: 'Text messages allowed', id: 'Pesan singkat diizinkan' }, filter: true, inList: true },
    gracePeriodDays: { type: 'integer', access: readMfaPolicies, class: 'internal', label: { en: 'Days to enrol', id: 'Hari untuk mendaftar' }, filter: true, inList: true },
    rememberDeviceDays: { type: 'integer', access: readMfaPolicies, class: 'internal', label: { en: 'Days a device is remembered', id: 'Hari perangkat diingat' }, filter: true },
    changedAt: { type: 'timestamp', access: readMfaPolicies, class: 'internal', label: { en: 'Last changed', id: 'Terakhir diubah' }, filter: true, sort: true, inList: true },
  },
  relations: {
    tenant: { kind: 'one', resource: 'tenant', column: 'tenant_id', label: { en: 'Tenant', id: 'Tenant' } },
  },
});
