import { sql } from 'kysely';
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
    // While a loss stands nothing is signed, but reading goes on and is recorded: the last signed size tells what came back, the size at the acknowledgement does not.
    signedSize: {
      ...plain,
      type: 'integer',
      column: (row) => sql`(select max(signed.size) from audit.checkpoint signed where signed.origin = ${sql.id(row, 'origin_before')})`,
      inList: true,
      label: { en: 'Events signed in this database', id: 'Peristiwa tertandatangani di basis data ini' },
    },
    databaseSize: { ...plain, type: 'integer', column: 'database_size', label: { en: 'Events when acknowledged', id: 'Peristiwa saat diakui' } },
    acknowledgedAt: { ...plain, type: 'timestamp', column: 'acknowledged_at', sort: true, filter: true, inList: true, label: { en: 'Acknowledged', id: 'Diakui' } },
  },
});
