import { sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { READ_INTEGRITY } from './permissions.ts';

const plain = { access: READ_INTEGRITY, class: 'internal' } as const;

/** Whole checks of the log by the gateway itself. They find faults early; proof for a stranger is the offline verifier's. */
export const logVerification = defineResource({
  name: 'logVerification',
  plural: 'logVerifications',
  label: { en: 'Verification of the log', id: 'Verifikasi log' },
  labelPlural: { en: 'Verifications of the log', id: 'Verifikasi log' },
  description: { en: 'When the whole log was checked, and what was found.', id: 'Kapan seluruh log diperiksa dan apa hasilnya.' },
  table: { schema: 'gateway', name: 'log_verification' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: READ_INTEGRITY,
  title: 'startedAt',
  state: 'state',
  defaultSort: { field: 'startedAt', direction: 'desc' },
  fields: {
    state: {
      ...plain,
      type: 'enum',
      values: {
        running: { label: { en: 'Running', id: 'Berjalan' }, tone: 'neutral' },
        intact: { label: { en: 'Intact', id: 'Utuh' }, tone: 'good' },
        damaged: { label: { en: 'Damaged', id: 'Rusak' }, tone: 'bad' },
        interrupted: { label: { en: 'Cut short', id: 'Terputus' }, tone: 'warning' },
      },
      column: (row) =>
        sql`case when ${sql.id(row, 'intact')} then 'intact' when not ${sql.id(row, 'intact')} then 'damaged' when ${sql.id(row, 'ended_at')} is not null then 'interrupted' else 'running' end`,
      filter: true,
      inList: true,
      label: { en: 'Result', id: 'Hasil' },
    },
    startedAt: { ...plain, type: 'timestamp', column: 'started_at', sort: true, filter: true, inList: true, label: { en: 'Begun', id: 'Mulai' } },
    endedAt: { ...plain, type: 'timestamp', column: 'ended_at', inList: true, label: { en: 'Ended', id: 'Selesai' } },
    size: { ...plain, type: 'integer', column: 'size', inList: true, label: { en: 'Events in the log', id: 'Peristiwa dalam log' } },
    checked: { ...plain, type: 'integer', column: 'checked', inList: true, label: { en: 'Checked so far', id: 'Telah diperiksa' } },
    firstBad: { ...plain, type: 'integer', column: 'first_bad', label: { en: 'First bad index', id: 'Indeks rusak pertama' } },
    problem: { ...plain, type: 'text', column: 'problem', label: { en: 'What was found', id: 'Temuan' } },
  },
});
