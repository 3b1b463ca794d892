import { sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { READ_KEEPING } from './keeping-permissions.ts';
import { RETENTION_CLASSES } from './retention-classes.ts';

const plain = { access: READ_KEEPING, class: 'internal' } as const;
const gone = { en: 'What went', id: 'Yang dipangkas' };
/** A count of a segment that has been pruned: null before, so that a request to prune it shows how much would go. */
const ofPruned = (column: string) => (row: string) => sql`case when ${sql.id(row, 'pruned_at')} is not null then ${sql.id(row, column)}::numeric end`;
const due = (row: string) => sql`audit.segment_due(${sql.id(row, 'month')}, ${sql.id(row, 'retention')})`;

/** A month of events of one class: what is kept or goes as a whole. */
export const logSegment = defineResource({
  name: 'logSegment',
  plural: 'logSegments',
  label: { en: 'Log segment', id: 'Segmen log' },
  labelPlural: { en: 'Log segments', id: 'Segmen log' },
  description: {
    en: 'A month of events of one class. They are kept together and pruned together.',
    id: 'Peristiwa satu kelas dalam satu bulan. Disimpan dan dipangkas bersama.',
  },
  table: { schema: 'audit', name: 'segment' },
  key: { column: 'id', type: 'text' },
  tenant: { none: true },
  read: READ_KEEPING,
  title: 'name',
  state: 'state',
  defaultSort: { field: 'month', direction: 'desc' },
  version: { column: 'xmin' },
  fields: {
    name: { ...plain, type: 'text', column: 'id', filter: true, search: true, label: { en: 'Segment', id: 'Segmen' } },
    month: { ...plain, type: 'date', filter: true, sort: true, inList: true, label: { en: 'Month from', id: 'Bulan mulai' } },
    retention: { ...plain, type: 'enum', values: RETENTION_CLASSES, filter: true, inList: true, label: { en: 'Class', id: 'Kelas' } },
    state: {
      ...plain,
      type: 'enum',
      column: (row) => sql`case when ${sql.id(row, 'pruned_at')} is not null then 'pruned' when ${sql.id(row, 'sealed_at')} is null then 'open'
        when ${sql.id(row, 'events')} = 0 then 'empty' when audit.segment_holds(${sql.id(row, 'id')}) > 0 then 'held' when ${due(row)} <= clock_timestamp() then 'due' else 'sealed' end`,
      values: {
        open: { label: { en: 'Open', id: 'Terbuka' } },
        sealed: { label: { en: 'Sealed', id: 'Tersegel' }, tone: 'good' },
        due: { label: { en: 'May be pruned', id: 'Dapat dipangkas' }, tone: 'warning' },
        held: { label: { en: 'Under legal hold', id: 'Dalam penahanan hukum' }, tone: 'warning' },
        pruned: { label: { en: 'Pruned', id: 'Dipangkas' } },
        empty: { label: { en: 'Empty', id: 'Kosong' } },
      },
      filter: true,
      inList: true,
      label: { en: 'State', id: 'Status' },
      help: {
        en: 'Sealed within two hours after its month, once a signed checkpoint covers every event of it.',
        id: 'Disegel dalam dua jam setelah bulannya usai, begitu checkpoint bertanda tangan mencakup semua peristiwanya.',
      },
    },
    dueAt: { ...plain, type: 'timestamp', column: due, inList: true, label: { en: 'Kept until', id: 'Disimpan sampai' } },
    events: { ...plain, type: 'decimal', column: (row) => sql`${sql.id(row, 'events')}::numeric`, inList: true, label: { en: 'Events', id: 'Peristiwa' } },
    bytes: { ...plain, type: 'decimal', column: (row) => sql`${sql.id(row, 'bytes')}::numeric`, label: { en: 'Bytes of events', id: 'Byte peristiwa' } },
    firstIndex: { ...plain, type: 'decimal', column: (row) => sql`${sql.id(row, 'first_index')}::numeric`, label: { en: 'First index', id: 'Indeks pertama' } },
    lastIndex: { ...plain, type: 'decimal', column: (row) => sql`${sql.id(row, 'last_index')}::numeric`, label: { en: 'Last index', id: 'Indeks terakhir' } },
    sealedAt: { ...plain, type: 'timestamp', label: { en: 'Sealed', id: 'Disegel' } },
    prunedAt: { ...plain, type: 'timestamp', filter: true, label: { en: 'Pruned', id: 'Dipangkas' }, group: gone },
    prunedEvents: { ...plain, type: 'decimal', column: ofPruned('events'), label: { en: 'Events that went', id: 'Peristiwa yang dipangkas' }, group: gone },
    prunedFirstIndex: { ...plain, type: 'decimal', column: ofPruned('first_index'), label: { en: 'First index that went', id: 'Indeks pertama yang dipangkas' }, group: gone },
    prunedLastIndex: { ...plain, type: 'decimal', column: ofPruned('last_index'), label: { en: 'Last index that went', id: 'Indeks terakhir yang dipangkas' }, group: gone },
    prunedValues: { ...plain, type: 'decimal', column: ofPruned('pruned_values'), label: { en: 'Personal values that went', id: 'Nilai pribadi yang dipangkas' }, group: gone },
    prunedDigest: {
      ...plain,
      type: 'text',
      column: (row) => sql`encode(${sql.id(row, 'pruned_digest')}, 'hex')`,
      label: { en: 'SHA-256 over the hashes of what went', id: 'SHA-256 atas hash yang dihapus' },
      group: gone,
    },
  },
});
