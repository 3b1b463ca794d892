import { defineModule } from '../../vocabulary/define-module.ts';
import { addApprovalQueries } from './approval.query.ts';
import { approvalRequest } from './approval-request.resource.ts';
import { approvalReview } from './approval-review.resource.ts';
import { approveRequest, cancelRequest, denyRequest } from './decide.action.ts';
import { CANCEL_REQUESTS, DECIDE_REQUESTS, READ_ALL_REQUESTS, READ_REQUESTS } from './permissions.ts';
import { requestApproved, requestCancelled, requestDenied, requestExpired, requestFiled } from './request.event.ts';

/** The second person: what waits for them, and what they said. */
export const approvals = defineModule({
  name: 'approvals',
  label: { en: 'Approvals', id: 'Persetujuan' },
  description: { en: 'Acts that wait for a second person.', id: 'Tindakan yang menunggu orang kedua.' },
  icon: 'HowToReg',
  permissions: [READ_REQUESTS, READ_ALL_REQUESTS, DECIDE_REQUESTS, CANCEL_REQUESTS],
  resources: [approvalRequest, approvalReview],
  actions: [approveRequest, denyRequest, cancelRequest],
  events: [requestFiled, requestApproved, requestDenied, requestCancelled, requestExpired],
  // A request tells what is asked for, amounts and all: for those who read these anyway.
  roles: { 'platform-admin': [READ_ALL_REQUESTS], 'compliance-auditor': [READ_ALL_REQUESTS] },
  everyone: [READ_REQUESTS, DECIDE_REQUESTS, CANCEL_REQUESTS],
  extend: addApprovalQueries,
});
