import { defineResource } from '../../vocabulary/define-resource.ts';
import { READ_KEEPING } from './keeping-permissions.ts';
import { RETENTION_CLASSES } from './retention-classes.ts';

const plain = { access: READ_KEEPING, class: 'internal' } as const;

/** Years are counted from the end of the month. */
export const LEAST_YEARS = 2;
export const MOST_YEARS = 7;

/** How long events of a class are kept (L13). */
export const retentionPeriod = defineResource({
  name: 'retentionPeriod',
  plural: 'retentionPeriods',
  label: { en: 'Retention period', id: 'Masa simpan' },
  labelPlural: { en: 'Retention periods', id: 'Masa simpan' },
  description: { en: 'How long the log keeps events of each class.', id: 'Lama log menyimpan peristiwa setiap kelas.' },
  table: { schema: 'audit', name: 'retention_period' },
  key: { column: 'retention', type: 'text' },
  tenant: { none: true },
  read: READ_KEEPING,
  title: 'name',
  defaultSort: { field: 'name', direction: 'asc' },
  version: { column: 'xmin' },
  fields: {
    name: { ...plain, type: 'enum', column: 'retention', values: RETENTION_CLASSES, sort: true, inList: true, label: { en: 'Class', id: 'Kelas' } },
    years: { ...plain, type: 'integer', inList: true, label: { en: 'Years', id: 'Tahun' } },
  },
});
