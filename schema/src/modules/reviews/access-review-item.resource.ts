import { type RawBuilder, sql } from 'kysely';
import type { Viewer } from '../../viewer.ts';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { accountsOfHumans } from '../access/same-person.ts';
import { readItems, readOwnItems } from './permissions.ts';

const plain = { access: readOwnItems, class: 'internal' } as const;
const what = { en: 'What is reviewed', id: 'Yang ditinjau' };
const use = { en: 'Use', id: 'Pemakaian' };
const answer = { en: 'Answer', id: 'Jawaban' };

const nameOf = (column: string) => (row: string) => sql`(select named.display_name from gateway.staff named where named.id = ${sql.id(row, column)})`;
const ofReview = (column: string) => (row: string) => sql`(select asked.${sql.id(column)} from gateway.access_review asked where asked.id = ${sql.id(row, 'review_id')})`;
const snapshotText = (name: string) => (row: string) => sql`${sql.id(row, 'snapshot')} ->> ${sql.lit(name)}`;
const snapshotTime = (name: string) => (row: string) => sql`(${sql.id(row, 'snapshot')} ->> ${sql.lit(name)})::timestamptz`;
const snapshotJson = (name: string) => (row: string) => sql`nullif(${sql.id(row, 'snapshot')} -> ${sql.lit(name)}, 'null'::jsonb)`;

/** Every account of the human who asks (THREATS D02). */
const ownAccount = (row: string, viewer: Viewer): RawBuilder<unknown> => sql`${sql.id(row, 'staff_id')} in (${accountsOfHumans([viewer.actor.id, viewer.subject.id])})`;

/** The rows on which this viewer may decide: never on what one holds oneself, under whichever account. */
export const aboutSomebodyElse = (row: string, viewer: Viewer): RawBuilder<unknown> => sql`not (${ownAccount(row, viewer)})`;

/** One grant, token or emergency in a campaign: what it is, how it was used by the log, what somebody said to it. */
export const accessReviewItem = defineResource({
  name: 'accessReviewItem',
  plural: 'accessReviewItems',
  label: { en: 'Access under review', id: 'Akses yang ditinjau' },
  labelPlural: { en: 'Access under review', id: 'Akses yang ditinjau' },
  description: {
    en: 'What a person may do, how it was used, and whether somebody else thinks it right.',
    id: 'Yang boleh dilakukan seseorang, pemakaiannya, dan penilaian orang lain.',
  },
  table: { schema: 'gateway', name: 'access_review_item' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: readOwnItems,
  visibleTo: (row, viewer) =>
    viewer.rights.get(readItems.name) === 'global' ? sql`true` : sql`(${ownAccount(row, viewer)} or ${ofReview('owner_id')(row)} = ${viewer.actor.id}::uuid)`,
  title: 'title',
  state: 'state',
  defaultSort: { field: 'title', direction: 'asc' },
  version: { column: 'xmin' },
  fields: {
    title: { ...plain, type: 'text', filter: true, sort: true, search: true, inList: true, label: { en: 'Access', id: 'Akses' } },
    state: {
      ...plain,
      type: 'enum',
      column: (row) => sql`coalesce(${sql.id(row, 'outcome')}, 'open')`,
      values: {
        open: { label: { en: 'Unanswered', id: 'Belum dijawab' }, tone: 'warning' },
        kept: { label: { en: 'Kept', id: 'Dipertahankan' }, tone: 'good' },
        revoked: { label: { en: 'Revoked', id: 'Dicabut' }, tone: 'bad' },
        'revoked-at-deadline': { label: { en: 'Revoked unanswered', id: 'Dicabut tanpa jawaban' }, tone: 'bad' },
        'already-ended': { label: { en: 'Had ended by then', id: 'Sudah berakhir' }, tone: 'neutral' },
        guarded: { label: { en: 'Kept as last administrator', id: 'Dipertahankan sebagai administrator terakhir' }, tone: 'warning' },
      },
      filter: true,
      inList: true,
      label: { en: 'State', id: 'Status' },
    },
    reviewId: { ...plain, type: 'id', column: 'review_id', filter: true, label: { en: 'Access review', id: 'Tinjauan akses' } },
    reviewTitle: { ...plain, type: 'text', column: ofReview('title'), label: { en: 'Title of the review', id: 'Judul tinjauan' } },
    deadline: { ...plain, type: 'timestamp', column: ofReview('deadline'), label: { en: 'Deadline', id: 'Tenggat' } },
    subjectType: {
      ...plain,
      type: 'enum',
      column: 'subject_type',
      values: {
        grant: { label: { en: 'Grant', id: 'Pemberian akses' } },
        token: { label: { en: 'Token', id: 'Token' } },
        'break-glass': { label: { en: 'Emergency', id: 'Akses darurat' } },
      },
      filter: true,
      inList: true,
      label: { en: 'Kind', id: 'Jenis' },
      group: what,
    },
    subjectId: { ...plain, type: 'id', column: 'subject_id', filter: true, label: { en: 'ID', id: 'ID' }, group: what },
    holderId: { ...plain, type: 'id', column: 'staff_id', filter: true, label: { en: 'Held by (ID)', id: 'Dipegang oleh (ID)' }, group: what },
    holderName: { ...plain, type: 'text', column: nameOf('staff_id'), label: { en: 'Held by', id: 'Dipegang oleh' }, group: what },
    role: { ...plain, type: 'text', column: snapshotText('role'), filter: true, label: { en: 'Role', id: 'Peran' }, group: what },
    permissions: {
      ...plain,
      type: 'json',
      column: snapshotJson('permissions'),
      label: { en: 'Permissions', id: 'Izin' },
      help: { en: 'What it carried when the review was started.', id: 'Isinya ketika tinjauan dimulai.' },
      group: what,
    },
    everywhere: {
      ...plain,
      type: 'boolean',
      column: (row) => sql`(${sql.id(row, 'snapshot')} ->> 'everywhere')::boolean`,
      filter: true,
      label: { en: 'For all tenants', id: 'Untuk semua tenant' },
      group: what,
    },
    tenantIds: { ...plain, type: 'json', column: snapshotJson('tenantIds'), label: { en: 'Tenants', id: 'Tenant' }, group: what },
    grantedBy: { ...plain, type: 'text', column: snapshotText('grantedBy'), label: { en: 'Given by', id: 'Diberikan oleh' }, group: what },
    grantReason: { ...plain, type: 'text', column: snapshotText('reason'), label: { en: 'Given because', id: 'Alasan pemberian' }, group: what },
    grantedAt: { ...plain, type: 'timestamp', column: snapshotTime('grantedAt'), label: { en: 'Given', id: 'Diberikan' }, group: what },
    expiresAt: { ...plain, type: 'timestamp', column: snapshotTime('expiresAt'), label: { en: 'Ends', id: 'Berakhir' }, group: what },
    lastUsedAt: {
      ...plain,
      type: 'timestamp',
      column: 'last_used_at',
      filter: true,
      sort: true,
      inList: true,
      label: { en: 'Last act', id: 'Tindakan terakhir' },
      help: {
        en: 'By the log, when the review was started. Plain reading leaves no event: see when the person was last here.',
        id: 'Menurut log, ketika tinjauan dimulai. Sekadar membaca tidak dicatat: lihat kapan orang itu terakhir hadir.',
      },
      group: use,
    },
    holderLastSeenAt: { ...plain, type: 'timestamp', column: snapshotTime('holderLastSeenAt'), label: { en: 'Person last here', id: 'Orang terakhir hadir' }, group: use },
    usedPermissions: { ...plain, type: 'json', column: (row) => sql`to_jsonb(${sql.id(row, 'used_permissions')})`, label: { en: 'Used', id: 'Dipakai' }, group: use },
    unusedPermissions: {
      ...plain,
      type: 'json',
      column: (row) => sql`to_jsonb(${sql.id(row, 'unused_permissions')})`,
      label: { en: 'Never used', id: 'Tidak pernah dipakai' },
      help: { en: 'Acts that it allows and of which the log names none.', id: 'Tindakan yang diizinkan dan tidak satu pun ada di log.' },
      group: use,
    },
    decision: {
      ...plain,
      type: 'enum',
      values: { keep: { label: { en: 'Keep', id: 'Pertahankan' } }, revoke: { label: { en: 'Revoke', id: 'Cabut' } } },
      filter: true,
      label: { en: 'Decision', id: 'Keputusan' },
      group: answer,
    },
    decidedBy: { ...plain, type: 'text', column: nameOf('decided_by'), label: { en: 'Decided by', id: 'Diputuskan oleh' }, group: answer },
    decidedAt: { ...plain, type: 'timestamp', column: 'decided_at', label: { en: 'Decided', id: 'Diputuskan' }, group: answer },
    reason: { ...plain, type: 'text', label: { en: 'Because', id: 'Karena' }, group: answer },
    outcomeAt: { ...plain, type: 'timestamp', column: 'outcome_at', label: { en: 'Took effect', id: 'Berlaku' }, group: answer },
    correlationId: { ...plain, type: 'id', column: ofReview('correlation_id'), label: { en: 'Correlation ID', id: 'ID korelasi' } },
  },
  relations: {
    review: { kind: 'one', resource: 'accessReview', column: 'review_id', label: { en: 'Access review', id: 'Tinjauan akses' } },
    holder: { kind: 'one', resource: 'staffMember', column: 'staff_id', label: { en: 'Held by', id: 'Dipegang oleh' } },
  },
});

export type AccessReviewItemFields = (typeof accessReviewItem)['fields'];
