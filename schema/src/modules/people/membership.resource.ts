import { sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { readMemberships } from './permissions.ts';

export const membership = defineResource({
  name: 'membership',
  plural: 'memberships',
  label: { en: 'Membership', id: 'Keanggotaan' },
  labelPlural: { en: 'Memberships', id: 'Keanggotaan' },
  description: { en: 'What a person may do in a customer company.', id: 'Peran seseorang di perusahaan pelanggan.' },
  table: { schema: 'product', name: 'membership' },
  key: { column: 'id', type: 'uuid' },
  tenant: { column: 'tenant_id' },
  read: readMemberships,
  title: 'personReference',
  state: 'orgRole',
  defaultSort: { field: 'joinedAt', direction: 'desc' },
  version: { column: 'version' },
  fields: {
    // A reference identifies a row as its ID does and says nothing about the person.
    personReference: {
      type: 'text',
      column: (row) => sql`(select p.reference from product.person p where p.id = ${sql.id(row, 'person_id')})`,
      access: readMemberships,
      class: 'public',
      label: { en: 'Person', id: 'Orang' },
      filter: true,
      inList: true,
    },
    orgRole: {
      type: 'enum',
      access: readMemberships,
      class: 'internal',
      label: { en: 'Role', id: 'Peran' },
      filter: true,
      inList: true,
      values: {
        owner: { label: { en: 'Owner', id: 'Pemilik' } },
        admin: { label: { en: 'Administrator', id: 'Administrator' } },
        billing: { label: { en: 'Billing', id: 'Penagihan' } },
        security: { label: { en: 'Security', id: 'Keamanan' } },
        member: { label: { en: 'Member', id: 'Anggota' } },
      },
    },
    joinedAt: { type: 'timestamp', access: readMemberships, class: 'internal', label: { en: 'Joined', id: 'Bergabung' }, filter: true, sort: true, inList: true },
  },
  relations: {
    tenant: { kind: 'one', resource: 'tenant', column: 'tenant_id', label: { en: 'Tenant', id: 'Tenant' } },
    person: { kind: 'one', resource: 'person', column: 'person_id', label: { en: 'Person', id: 'Orang' } },
  },
});
