import { sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { READ_REQUESTS } from './permissions.ts';
import { concerns } from './request-rows.ts';

const plain = { access: READ_REQUESTS, class: 'internal' } as const;

export const approvalReview = defineResource({
  name: 'approvalReview',
  plural: 'approvalReviews',
  label: { en: 'Review', id: 'Ulasan' },
  labelPlural: { en: 'Reviews', id: 'Ulasan' },
  description: { en: 'What one person said to a request, and why.', id: 'Keputusan satu orang atas sebuah permintaan, beserta alasannya.' },
  table: { schema: 'gateway', name: 'approval_review' },
  key: { column: 'id', type: 'uuid' },
  tenant: { through: 'approvalRequest', column: 'request_id' },
  read: READ_REQUESTS,
  visibleTo: (row, viewer) => sql`exists (select from gateway.approval_request asked where asked.id = ${sql.id(row, 'request_id')} and ${concerns('asked', viewer)})`,
  title: 'reviewerName',
  state: 'decision',
  defaultSort: { field: 'reviewedAt', direction: 'desc' },
  fields: {
    reviewerName: {
      ...plain,
      type: 'text',
      column: (row) => sql`(select named.display_name from gateway.staff named where named.id = ${sql.id(row, 'reviewer_id')})`,
      inList: true,
      label: { en: 'Reviewer', id: 'Peninjau' },
    },
    reviewerId: { ...plain, type: 'id', filter: true, label: { en: 'Reviewer (ID)', id: 'Peninjau (ID)' } },
    requestId: { ...plain, type: 'id', filter: true, label: { en: 'Request (ID)', id: 'Permintaan (ID)' } },
    decision: {
      ...plain,
      type: 'enum',
      values: { approve: { label: { en: 'Approved', id: 'Disetujui' }, tone: 'good' }, deny: { label: { en: 'Denied', id: 'Ditolak' }, tone: 'bad' } },
      filter: true,
      inList: true,
      label: { en: 'Decision', id: 'Keputusan' },
    },
    comment: { ...plain, type: 'text', inList: true, label: { en: 'Reason', id: 'Alasan' } },
    reviewedAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Reviewed', id: 'Ditinjau' } },
  },
  relations: {
    request: { kind: 'one', resource: 'approvalRequest', column: 'request_id', label: { en: 'Request', id: 'Permintaan' } },
    reviewer: { kind: 'one', resource: 'staffMember', column: 'reviewer_id', label: { en: 'Reviewer', id: 'Peninjau' } },
  },
});
