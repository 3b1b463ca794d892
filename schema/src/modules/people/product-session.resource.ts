import { defineResource } from '../../vocabulary/define-resource.ts';
import { readSessionNetworks, readSessions, searchAllPeople } from './permissions.ts';

export const productSession = defineResource({
  name: 'productSession',
  plural: 'productSessions',
  label: { en: 'Session', id: 'Sesi' },
  labelPlural: { en: 'Sessions', id: 'Sesi' },
  description: { en: "An open sign-in of a customer's person to the product.", id: 'Sesi masuk pengguna pelanggan yang masih terbuka di produk.' },
  table: { schema: 'product', name: 'product_session' },
  key: { column: 'id', type: 'uuid' },
  tenant: { column: 'tenant_id' },
  read: readSessions,
  title: 'device',
  defaultSort: { field: 'lastSeenAt', direction: 'desc' },
  crossTenantSearch: searchAllPeople,
  fields: {
    device: { type: 'text', access: readSessions, class: 'internal', label: { en: 'Device', id: 'Perangkat' }, filter: true, inList: true },
    client: {
      type: 'enum',
      access: readSessions,
      class: 'internal',
      label: { en: 'Client', id: 'Klien' },
      filter: true,
      inList: true,
      values: {
        web: { label: { en: 'Web', id: 'Web' } },
        android: { label: { en: 'Android', id: 'Android' } },
        ios: { label: { en: 'iOS', id: 'iOS' } },
        api: { label: { en: 'API', id: 'API' } },
      },
    },
    ipAddress: { type: 'text', access: readSessionNetworks, class: 'personal', label: { en: 'IP address', id: 'Alamat IP' }, filter: true },
    startedAt: { type: 'timestamp', access: readSessions, class: 'internal', label: { en: 'Started', id: 'Mulai' }, filter: true },
    lastSeenAt: { type: 'timestamp', access: readSessions, class: 'internal', label: { en: 'Last seen', id: 'Terakhir terlihat' }, filter: true, sort: true, inList: true },
    expiresAt: { type: 'timestamp', access: readSessions, class: 'internal', label: { en: 'Expires', id: 'Berakhir' }, filter: true },
  },
  relations: {
    tenant: { kind: 'one', resource: 'tenant', column: 'tenant_id', label: { en: 'Tenant', id: 'Tenant' } },
    person: { kind: 'one', resource: 'person', column: 'person_id', label: { en: 'Person', id: 'Orang' } },
  },
});
