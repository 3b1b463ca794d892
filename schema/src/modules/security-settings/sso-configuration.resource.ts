import { defineResource } from '../../vocabulary/define-resource.ts';
import { readSsoConfigurations } from './permissions.ts';

export const ssoConfiguration = defineResource({
  name: 'ssoConfiguration',
  plural: 'ssoConfigurations',
  label: { en: 'Single sign-on', id: 'Masuk tunggal' },
  labelPlural: { en: 'Single sign-on', id: 'Masuk tunggal' },
  description: { en: "The identity provider that vouches for a customer's people.", id: 'Penyedia identitas yang menjamin pengguna pelanggan.' },
  table: { schema: 'product', name: 'sso_configuration' },
  key: { column: 'id', type: 'uuid' },
  tenant: { column: 'tenant_id' },
  read: readSsoConfigurations,
  title: 'reference',
  state: 'status',
  defaultSort: { field: 'changedAt', direction: 'desc' },
  version: { column: 'version' },
  fields: {
    reference: { type: 'text', access: readSsoConfigurations, class: 'public', label: { en: 'Reference', id: 'Referensi' }, filter: true, sort: true, search: true, inList: true },
    protocol: {
      type: 'enum',
      access: readSsoConfigurations,
      class: 'internal',
      label: { en: 'Protocol', id: 'Protokol' },
      filter: true,
      inList: true,
      values: { saml: { label: { en: 'SAML', id: 'SAML' } }, oidc: { label: { en: 'OpenID Connect', id: 'OpenID Connect' } } },
    },
    issuerUrl: { type: 'url', access: readSsoConfigurations, class: 'internal', label: { en: 'Issuer', id: 'Penerbit' }, filter: true, search: true, inList: true },
    entityId: { type: 'text', access: readSsoConfigurations, class: 'internal', label: { en: 'Entity or client ID', id: 'ID entitas atau klien' }, filter: true },
    enforced: {
      type: 'boolean',
      access: readSsoConfigurations,
      class: 'internal',
      label: { en: 'Enforced', id: 'Diwajibkan' },
      help: { en: 'Nobody signs in with a password.', id: 'Tidak ada yang masuk dengan kata sandi.' },
      filter: true,
      inList: true,
    },
    status: {
      type: 'enum',
      access: readSsoConfigurations,
      class: 'internal',
      label: { en: 'Status', id: 'Status' },
      filter: true,
      inList: true,
      values: {
        unverified: { label: { en: 'Not verified yet', id: 'Belum diverifikasi' }, tone: 'warning' },
        active: { label: { en: 'Active', id: 'Aktif' }, tone: 'good' },
        failing: { label: { en: 'Failing', id: 'Gagal' }, tone: 'bad' },
      },
    },
    lastVerifiedAt: { type: 'timestamp', access: readSsoConfigurations, class: 'internal', label: { en: 'Last verified', id: 'Terakhir diverifikasi' }, filter: true },
    changedAt: { type: 'timestamp', access: readSsoConfigurations, class: 'internal', label: { en: 'Last changed', id: 'Terakhir diubah' }, filter: true, sort: true },
  },
  relations: {
    tenant: { kind: 'one', resource: 'tenant', column: 'tenant_id', label: { en: 'Tenant', id: 'Tenant' } },
  },
});
