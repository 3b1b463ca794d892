import { type RawBuilder, sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { readCampaigns } from './permissions.ts';

const plain = { access: readCampaigns, class: 'internal' } as const;
const answers = { en: 'Answers', id: 'Jawaban' };
const scope = { en: 'Scope', id: 'Cakupan' };

const nameOf = (column: string) => (row: string) => sql`(select named.display_name from gateway.staff named where named.id = ${sql.id(row, column)})`;
const countOf = (condition: RawBuilder<unknown>) => (row: string) =>
  sql`(select count(*)::int from gateway.access_review_item counted where counted.review_id = ${sql.id(row, 'id')} and ${condition})`;

export const REVIEW_KINDS = {
  grants: { label: { en: 'Who may do what', id: 'Siapa boleh apa' } },
  approvers: { label: { en: 'Who may approve', id: 'Siapa boleh menyetujui' } },
  tokens: { label: { en: 'Tokens and their use', id: 'Token dan pemakaiannya' } },
  'break-glass': { label: { en: 'Emergency access and its use', id: 'Akses darurat dan pemakaiannya' } },
} as const;
export type ReviewKind = keyof typeof REVIEW_KINDS;

export const CADENCES = {
  once: { label: { en: 'Once', id: 'Sekali' } },
  monthly: { label: { en: 'Every month', id: 'Setiap bulan' } },
  quarterly: { label: { en: 'Every three months', id: 'Setiap tiga bulan' } },
} as const;
export type Cadence = keyof typeof CADENCES;

/** A campaign: whose access is looked at, by when, under whose responsibility. What it found stands in its items. */
export const accessReview = defineResource({
  name: 'accessReview',
  plural: 'accessReviews',
  label: { en: 'Access review', id: 'Tinjauan akses' },
  labelPlural: { en: 'Access reviews', id: 'Tinjauan akses' },
  description: {
    en: "A look at people's access by somebody else. What is unanswered at the deadline is revoked.",
    id: 'Peninjauan akses oleh orang lain. Yang tidak dijawab sampai tenggat dicabut.',
  },
  table: { schema: 'gateway', name: 'access_review' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: readCampaigns,
  title: 'title',
  state: 'state',
  defaultSort: { field: 'createdAt', direction: 'desc' },
  version: { column: 'xmin' },
  fields: {
    title: { ...plain, type: 'text', filter: true, search: true, inList: true, label: { en: 'Title', id: 'Judul' } },
    kind: { ...plain, type: 'enum', values: REVIEW_KINDS, filter: true, inList: true, label: { en: 'About', id: 'Tentang' } },
    state: {
      ...plain,
      type: 'enum',
      column: (row) => sql`case when ${sql.id(row, 'closed_at')} is not null then 'closed' when ${sql.id(row, 'deadline')} <= clock_timestamp() then 'overdue' else 'open' end`,
      values: {
        open: { label: { en: 'Open', id: 'Terbuka' }, tone: 'neutral' },
        overdue: { label: { en: 'Overdue', id: 'Lewat tenggat' }, tone: 'bad' },
        closed: { label: { en: 'Closed', id: 'Ditutup' }, tone: 'good' },
      },
      filter: true,
      inList: true,
      label: { en: 'State', id: 'Status' },
    },
    ownerId: { ...plain, type: 'id', column: 'owner_id', filter: true, label: { en: 'Owner (ID)', id: 'Penanggung jawab (ID)' } },
    ownerName: { ...plain, type: 'text', column: nameOf('owner_id'), inList: true, label: { en: 'Owner', id: 'Penanggung jawab' } },
    startedBy: {
      ...plain,
      type: 'text',
      column: nameOf('started_by'),
      label: { en: 'Started by', id: 'Dimulai oleh' },
      help: { en: 'Empty where it followed the one before by itself.', id: 'Kosong bila mengikuti yang sebelumnya dengan sendirinya.' },
    },
    createdAt: { ...plain, type: 'timestamp', filter: true, sort: true, label: { en: 'Started', id: 'Dimulai' } },
    deadline: {
      ...plain,
      type: 'timestamp',
      filter: true,
      sort: true,
      inList: true,
      label: { en: 'Deadline', id: 'Tenggat' },
      help: { en: 'What is unanswered then is revoked within a minute.', id: 'Yang belum dijawab saat itu dicabut dalam satu menit.' },
    },
    closedAt: { ...plain, type: 'timestamp', filter: true, sort: true, label: { en: 'Closed', id: 'Ditutup' } },
    closedBy: {
      ...plain,
      type: 'text',
      column: nameOf('closed_by'),
      label: { en: 'Closed by', id: 'Ditutup oleh' },
      help: { en: 'Empty where the deadline closed it.', id: 'Kosong bila ditutup oleh tenggat.' },
    },
    items: { ...plain, type: 'integer', column: countOf(sql`true`), inList: true, label: { en: 'Items', id: 'Butir' }, group: answers },
    unanswered: { ...plain, type: 'integer', column: countOf(sql`counted.outcome is null`), inList: true, label: { en: 'Unanswered', id: 'Belum dijawab' }, group: answers },
    kept: { ...plain, type: 'integer', column: countOf(sql`counted.outcome = 'kept'`), label: { en: 'Kept', id: 'Dipertahankan' }, group: answers },
    revoked: { ...plain, type: 'integer', column: countOf(sql`counted.outcome in ('revoked', 'revoked-at-deadline')`), label: { en: 'Revoked', id: 'Dicabut' }, group: answers },
    alreadyEnded: { ...plain, type: 'integer', column: countOf(sql`counted.outcome = 'already-ended'`), label: { en: 'Had ended by then', id: 'Sudah berakhir' }, group: answers },
    guarded: {
      ...plain,
      type: 'integer',
      column: countOf(sql`counted.outcome = 'guarded'`),
      label: { en: 'Kept as last administrator', id: 'Dipertahankan sebagai administrator terakhir' },
      group: answers,
    },
    scopeRoles: { ...plain, type: 'json', column: (row) => sql`nullif(${sql.id(row, 'scope')} -> 'roles', 'null'::jsonb)`, label: { en: 'Roles', id: 'Peran' }, group: scope },
    scopeTenants: {
      ...plain,
      type: 'json',
      column: (row) => sql`nullif(${sql.id(row, 'scope')} -> 'tenants', 'null'::jsonb)`,
      label: { en: 'Tenants', id: 'Tenant' },
      group: scope,
    },
    cadence: { ...plain, type: 'enum', values: CADENCES, filter: true, label: { en: 'Repeats', id: 'Diulang' } },
    seriesEndedAt: { ...plain, type: 'timestamp', label: { en: 'Series ended', id: 'Rangkaian diakhiri' } },
    previousId: { ...plain, type: 'id', column: 'previous_id', filter: true, label: { en: 'The one before', id: 'Yang sebelumnya' } },
    correlationId: { ...plain, type: 'id', column: 'correlation_id', filter: true, label: { en: 'Correlation ID', id: 'ID korelasi' } },
  },
  relations: {
    reviewed: { kind: 'many', resource: 'accessReviewItem', column: 'review_id', orderBy: 'title', label: { en: 'Under review', id: 'Ditinjau' } },
    owner: { kind: 'one', resource: 'staffMember', column: 'owner_id', label: { en: 'Owner', id: 'Penanggung jawab' } },
  },
});
