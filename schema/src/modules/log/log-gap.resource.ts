import { defineResource } from '../../vocabulary/define-resource.ts';
import { READ_INTEGRITY } from './permissions.ts';

const plain = { access: READ_INTEGRITY, class: 'internal' } as const;

/** Losses that two people have acknowledged. */
export const logGap = defineResource({
  name: 'logGap',
  plural: 'logGaps',
  label: { en: 'Gap in the log', id: 'Celah dalam log' },
  labelPlural: { en: 'Gaps in the log', id: 'Celah dalam log' },
  description: { en: 'Where the database had lost events that others had seen.', id: 'Saat basis data kehilangan peristiwa yang telah dilihat pihak luar.' },
  table: { schema: 'audit', name: 'log_gap' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: READ_INTEGRITY,
  title: 'originAfter',
  defaultSort: { field: 'acknowledgedAt', direction: 'desc' },
  fields: {
    originBefore: { ...plain, type: 'text', column: 'origin_before', inList: true, label: { en: 'Name before', id: 'Nama sebelumnya' } },
    originAfter: { ...plain, type: 'text', column: 'origin_after', inList: true, label: { en: 'Name since', id: 'Nama sejak itu' } },
    seenSize: { ...plain, type: 'integer', column: 'seen_size', inList: true, label: { en: 'Events seen outside', id: 'Peristiwa terlihat di luar' } },
    databaseSize: { ...plain, type: 'integer', column: 'database_size', inList: true, label: { en: 'Events in the database', id: 'Peristiwa di basis data' } },
    acknowledgedAt: { ...plain, type: 'timestamp', column: 'acknowledged_at', sort: true, filter: true, inList: true, label: { en: 'Acknowledged', id: 'Diakui' } },
  },
});
