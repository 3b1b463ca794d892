import { type RawBuilder, sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { READ_REQUESTS } from './permissions.ts';
import { concerns, stateOf } from './request-rows.ts';

const plain = { access: READ_REQUESTS, class: 'internal' } as const;
const asked = { en: 'What is asked', id: 'Yang diminta' };
const decision = { en: 'Decision', id: 'Keputusan' };

const nameOf = (column: string) => (row: string) => sql`(select named.display_name from gateway.staff named where named.id = ${sql.id(row, column)})`;
const ofEnding = (column: string) => (row: string) => sql`(select ending.${sql.id(column)} from gateway.approval_ending ending where ending.request_id = ${sql.id(row, 'id')})`;
const reviews = (row: string, decided: string): RawBuilder<unknown> =>
  sql`(select count(*)::int from gateway.approval_review review where review.request_id = ${sql.id(row, 'id')} and review.decision = ${decided})`;

/** What waits for a second person, or has waited: it is written once, never changes and never goes (D17). */
export const approvalRequest = defineResource({
  name: 'approvalRequest',
  plural: 'approvalRequests',
  label: { en: 'Request', id: 'Permintaan' },
  labelPlural: { en: 'Requests', id: 'Permintaan' },
  description: {
    en: 'An act that waits for a second person, or has waited, with all that was known of it.',
    id: 'Tindakan yang menunggu atau telah menunggu orang kedua, beserta semua yang diketahui tentangnya.',
  },
  table: { schema: 'gateway', name: 'approval_request' },
  key: { column: 'id', type: 'uuid' },
  tenant: { column: 'tenant_id', type: 'text' },
  read: READ_REQUESTS,
  visibleTo: concerns,
  title: 'summary',
  state: 'state',
  defaultSort: { field: 'requestedAt', direction: 'desc' },
  version: {
    column: (row) => sql`${reviews(row, 'approve')} || '-' || ${reviews(row, 'deny')} || '-' || ${stateOf(row)}`,
  },
  fields: {
    summary: {
      ...plain,
      type: 'text',
      column: (row) => sql`${sql.id(row, 'action')} || coalesce(' · ' || ${sql.id(row, 'target_title')}, '')`,
      inList: true,
      label: { en: 'Request', id: 'Permintaan' },
      group: asked,
    },
    state: {
      ...plain,
      type: 'enum',
      column: stateOf,
      values: {
        pending: { label: { en: 'Waiting', id: 'Menunggu' }, tone: 'warning' },
        executed: { label: { en: 'Approved and done', id: 'Disetujui dan dijalankan' }, tone: 'good' },
        denied: { label: { en: 'Denied', id: 'Ditolak' }, tone: 'bad' },
        cancelled: { label: { en: 'Cancelled', id: 'Dibatalkan' }, tone: 'neutral' },
        expired: { label: { en: 'Expired', id: 'Kedaluwarsa' }, tone: 'neutral' },
        stale: { label: { en: 'Overtaken by changes', id: 'Tidak berlaku karena perubahan' }, tone: 'warning' },
        failed: { label: { en: 'Approved, could not be done', id: 'Disetujui, gagal dijalankan' }, tone: 'bad' },
      },
      filter: true,
      inList: true,
      label: { en: 'State', id: 'Status' },
    },
    action: { ...plain, type: 'text', filter: true, sort: true, search: true, label: { en: 'Act', id: 'Tindakan' }, group: asked },
    permission: { ...plain, type: 'text', label: { en: 'Permission', id: 'Izin' }, group: asked },
    targetType: { ...plain, type: 'text', filter: true, label: { en: 'Kind of record', id: 'Jenis data' }, group: asked },
    targetId: { ...plain, type: 'id', filter: true, search: true, label: { en: 'Record', id: 'Data' }, group: asked },
    targetTitle: { ...plain, type: 'text', filter: true, search: true, label: { en: 'Name of the record', id: 'Nama data' }, group: asked },
    reason: { ...plain, type: 'text', search: true, label: { en: 'Reason', id: 'Alasan' }, group: asked },
    ticket: { ...plain, type: 'text', filter: true, search: true, label: { en: 'Ticket', id: 'Tiket' }, group: asked },
    arguments: {
      ...plain,
      type: 'json',
      label: { en: 'Input', id: 'Masukan' },
      help: { en: 'Personal values stand here as commitments.', id: 'Nilai pribadi ditampilkan sebagai komitmen.' },
      group: asked,
    },
    requesterId: { ...plain, type: 'id', filter: true, label: { en: 'Asked by (ID)', id: 'Diminta oleh (ID)' } },
    requesterName: { ...plain, type: 'text', column: nameOf('requester_id'), inList: true, label: { en: 'Asked by', id: 'Diminta oleh' } },
    requestedAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Asked', id: 'Diminta' } },
    expiresAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Decide until', id: 'Putuskan sebelum' } },
    rule: { ...plain, type: 'json', label: { en: 'Rule', id: 'Aturan' }, group: decision },
    oddities: { ...plain, type: 'json', label: { en: 'What is odd', id: 'Yang janggal' }, group: asked },
    approvals: { ...plain, type: 'integer', column: (row) => reviews(row, 'approve'), label: { en: 'Approvals', id: 'Persetujuan' }, group: decision },
    denials: { ...plain, type: 'integer', column: (row) => reviews(row, 'deny'), label: { en: 'Denials', id: 'Penolakan' }, group: decision },
    shownDigest: {
      ...plain,
      type: 'text',
      label: { en: 'Digest of what is shown', id: 'Sidik dari yang ditampilkan' },
      help: { en: 'An approval names it, so that it holds for exactly this.', id: 'Persetujuan menyebutnya sehingga berlaku persis untuk ini.' },
      group: decision,
    },
    policyVersion: { ...plain, type: 'text', label: { en: 'Policy version', id: 'Versi kebijakan' }, group: decision },
    endedAt: { ...plain, type: 'timestamp', column: ofEnding('ended_at'), label: { en: 'Ended', id: 'Berakhir' }, group: decision },
    endedById: { ...plain, type: 'id', column: ofEnding('ended_by'), label: { en: 'Ended by (ID)', id: 'Diakhiri oleh (ID)' }, group: decision },
    endedBy: {
      ...plain,
      type: 'text',
      column: (row) =>
        sql`(select named.display_name from gateway.approval_ending ending join gateway.staff named on named.id = ending.ended_by where ending.request_id = ${sql.id(row, 'id')})`,
      label: { en: 'Ended by', id: 'Diakhiri oleh' },
      group: decision,
    },
    cause: {
      ...plain,
      type: 'text',
      column: ofEnding('cause'),
      label: { en: 'Cause', id: 'Penyebab' },
      help: { en: 'What had changed, or what the act was refused with.', id: 'Yang telah berubah, atau penolakan atas tindakan.' },
      group: decision,
    },
    auditEventId: { ...plain, type: 'id', column: ofEnding('audit_event_id'), label: { en: 'Event of the act', id: 'Peristiwa tindakan' }, group: decision },
    correlationId: { ...plain, type: 'id', filter: true, search: true, label: { en: 'Correlation ID', id: 'ID korelasi' } },
  },
  relations: {
    requester: { kind: 'one', resource: 'staffMember', column: 'requester_id', label: { en: 'Asked by', id: 'Diminta oleh' } },
    reviews: { kind: 'many', resource: 'approvalReview', column: 'request_id', orderBy: 'reviewedAt', label: { en: 'Reviews', id: 'Ulasan' } },
  },
});
