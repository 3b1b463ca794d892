import { sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { nameOf } from '../access/names.ts';
import { READ_KEEPING } from './keeping-permissions.ts';

const plain = { access: READ_KEEPING, class: 'internal' } as const;
const release = { en: 'Release', id: 'Pelepasan' };
const released = (row: string, column: string) => sql`(select released.${sql.id(column)} from audit.legal_hold_release released where released.hold_id = ${sql.id(row, 'id')})`;

/** Keeps what it concerns from being pruned or erased, until two people release it. */
export const legalHold = defineResource({
  name: 'legalHold',
  plural: 'legalHolds',
  label: { en: 'Legal hold', id: 'Penahanan hukum' },
  labelPlural: { en: 'Legal holds', id: 'Penahanan hukum' },
  description: {
    en: 'What it concerns is neither pruned nor erased: a tenant, a record, or a stretch of time.',
    id: 'Yang dicakupnya tidak dipangkas atau dihapus: tenant, rekaman, atau rentang waktu.',
  },
  table: { schema: 'audit', name: 'legal_hold' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: READ_KEEPING,
  title: 'ticket',
  state: 'state',
  defaultSort: { field: 'placedAt', direction: 'desc' },
  version: { column: (row) => sql`coalesce(${released(row, 'released_at')}::text, '')` },
  fields: {
    state: {
      ...plain,
      type: 'enum',
      column: (row) => sql`case when ${released(row, 'released_at')} is null then 'in-force' else 'released' end`,
      values: { 'in-force': { label: { en: 'In force', id: 'Berlaku' }, tone: 'warning' }, released: { label: { en: 'Released', id: 'Dilepas' } } },
      filter: true,
      inList: true,
      label: { en: 'State', id: 'Status' },
    },
    ticket: { ...plain, type: 'text', filter: true, search: true, inList: true, label: { en: 'Case', id: 'Perkara' } },
    reason: { ...plain, type: 'text', label: { en: 'Reason', id: 'Alasan' } },
    tenantId: { ...plain, type: 'id', filter: true, inList: true, label: { en: 'Tenant', id: 'Tenant' } },
    recordType: { ...plain, type: 'text', filter: true, inList: true, label: { en: 'Kind of record', id: 'Jenis rekaman' } },
    recordId: { ...plain, type: 'id', filter: true, search: true, inList: true, label: { en: 'Record', id: 'Rekaman' } },
    firstDay: { ...plain, type: 'date', inList: true, label: { en: 'From', id: 'Dari' } },
    lastDay: { ...plain, type: 'date', inList: true, label: { en: 'Through', id: 'Hingga' } },
    placedBy: { ...plain, type: 'text', column: nameOf('placed_by'), label: { en: 'Placed by', id: 'Ditetapkan oleh' } },
    placedAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Placed', id: 'Ditetapkan' } },
    correlationId: { ...plain, type: 'id', filter: true, label: { en: 'Correlation ID', id: 'ID korelasi' } },
    releasedAt: { ...plain, type: 'timestamp', column: (row) => released(row, 'released_at'), label: { en: 'Released', id: 'Dilepas' }, group: release },
    releasedBy: {
      ...plain,
      type: 'text',
      column: (row) => sql`(select named.display_name from gateway.staff named where named.id = ${released(row, 'released_by')})`,
      label: { en: 'Released by', id: 'Dilepas oleh' },
      group: release,
    },
    releaseReason: { ...plain, type: 'text', column: (row) => released(row, 'reason'), label: { en: 'Why', id: 'Mengapa' }, group: release },
  },
});
