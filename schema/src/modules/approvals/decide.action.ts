import { sql } from 'kysely';
import { defineAction } from '../../vocabulary/define-action.ts';
import { approvalRequest } from './approval-request.resource.ts';
import { CANCEL_REQUESTS, DECIDE_REQUESTS } from './permissions.ts';
import { requestApproved, requestCancelled, requestDenied } from './request.event.ts';
import { hasReviewed, isOwn, mayApprove } from './request-rows.ts';

const open = {
  field: 'state',
  values: ['pending'],
  otherwise: { en: 'This request has ended.', id: 'Permintaan ini sudah berakhir.' },
  codes: {
    executed: 'APPROVAL_STATE',
    denied: 'APPROVAL_STATE',
    cancelled: 'APPROVAL_STATE',
    expired: 'APPROVAL_EXPIRED',
    stale: 'APPROVAL_STATE',
    failed: 'APPROVAL_STATE',
  },
} as const;

// Offered where somebody else's request waits for them; who is excluded beyond that hears why when they try, or before on its page.
const waitsFor: NonNullable<Parameters<typeof defineAction>[0]['offeredOn']> = (row, viewer) =>
  sql`(not ${isOwn(row, viewer)} and ${mayApprove(row, viewer)} and not ${hasReviewed(row, viewer)})`;

// Requests may be decided on while the log lacks events, for that loss is acknowledged by one; what other acts would do is refused then.
const decided = {
  on: approvalRequest,
  permission: DECIDE_REQUESTS,
  sensitive: 'always',
  justification: 'reason',
  joins: 'correlationId',
  allowedIn: open,
  whileLogIsBehind: true,
} as const;

/** The last approval that it takes executes what was asked for, in the same transaction. */
export const approveRequest = defineAction({
  ...decided,
  name: 'approveRequest',
  label: { en: 'Approve', id: 'Setujui' },
  description: {
    en: 'Approves exactly what is shown. With the last approval that it takes, it is done at once.',
    id: 'Menyetujui persis yang ditampilkan. Dengan persetujuan terakhir yang diperlukan, tindakan langsung dijalankan.',
  },
  confirm: { en: 'Approve {title}', id: 'Setujui {title}' },
  done: { en: '{title} is approved.', id: '{title} telah disetujui.' },
  refusedUnder: ['token', 'break-glass'],
  offeredOn: waitsFor,
  input: {
    shownDigest: {
      type: 'text',
      minLength: 64,
      maxLength: 64,
      prefill: 'shownDigest',
      label: { en: 'Digest of what was shown', id: 'Sidik dari yang ditampilkan' },
      help: { en: 'As the request states it: another one approves nothing.', id: 'Seperti tertera pada permintaan: yang lain tidak menyetujui apa pun.' },
    },
  },
  event: requestApproved,
  run: (tx, { target, input, reason }, { approvals }) => approvals.approve(tx, target.id, input.shownDigest, reason),
});

export const denyRequest = defineAction({
  ...decided,
  name: 'denyRequest',
  label: { en: 'Deny', id: 'Tolak' },
  description: { en: 'Says no, with a reason that the requester reads.', id: 'Menolak, dengan alasan yang dibaca oleh peminta.' },
  confirm: { en: 'Deny {title}', id: 'Tolak {title}' },
  done: { en: '{title} is denied.', id: '{title} telah ditolak.' },
  refusedUnder: ['token', 'break-glass'],
  offeredOn: waitsFor,
  input: {},
  event: requestDenied,
  run: (tx, { target, reason }, { approvals }) => approvals.deny(tx, target.id, reason ?? ''),
});

export const cancelRequest = defineAction({
  name: 'cancelRequest',
  on: approvalRequest,
  permission: CANCEL_REQUESTS,
  label: { en: 'Cancel request', id: 'Batalkan permintaan' },
  description: { en: 'Withdraws your own request: nobody can approve it any more.', id: 'Menarik permintaan Anda: tidak ada lagi yang dapat menyetujuinya.' },
  confirm: { en: 'Cancel {title}', id: 'Batalkan {title}' },
  done: { en: '{title} is cancelled.', id: '{title} telah dibatalkan.' },
  sensitive: 'never',
  justification: 'none',
  joins: 'correlationId',
  refusedUnder: ['token'],
  allowedIn: open,
  onRows: isOwn,
  input: {},
  event: requestCancelled,
  run: (tx, { target }, { approvals }) => approvals.cancel(tx, target.id),
});
