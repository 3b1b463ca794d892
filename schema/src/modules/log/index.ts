import { defineModule } from '../../vocabulary/define-module.ts';
import { acknowledgeLogGap } from './acknowledge-log-gap.action.ts';
import { logEntriesRead, logGapAcknowledged, logGapFound, logKeyAdded, logKeyRetired, logVerificationAsked, logVerified } from './log.event.ts';
import { logGap } from './log-gap.resource.ts';
import { keeping } from './keeping.ts';
import { addLogIntegrity } from './log-integrity.query.ts';
import { logStreamFailing, logStreamRecovered, logStreamStarted } from './log-stream.event.ts';
import { logClockJumped, logClocksAgree, logClocksDiffer, logStoreLevel } from './log-surroundings.event.ts';
import { logVerification } from './log-verification.resource.ts';
import { ACKNOWLEDGE_GAP, APPROVE_GAP, READ_INTEGRITY, VERIFY_LOG } from './permissions.ts';
import { verifyLog } from './verify-log.action.ts';

/** How the log itself fares: what is signed of it, who outside has seen it, and what is kept for how long. */
export const log = defineModule({
  name: 'log',
  label: { en: 'Log integrity', id: 'Integritas log' },
  description: { en: 'Whether the audit log is whole, and who outside could tell.', id: 'Apakah log audit utuh, dan siapa di luar yang dapat memastikannya.' },
  icon: 'VerifiedUser',
  permissions: [READ_INTEGRITY, VERIFY_LOG, ACKNOWLEDGE_GAP, APPROVE_GAP, ...keeping.permissions],
  resources: [logVerification, logGap, ...keeping.resources],
  actions: [verifyLog, acknowledgeLogGap, ...keeping.actions],
  events: [
    ...keeping.events,
    logKeyAdded,
    logKeyRetired,
    logVerificationAsked,
    logVerified,
    logGapFound,
    logGapAcknowledged,
    logEntriesRead,
    logStreamStarted,
    logStreamFailing,
    logStreamRecovered,
    logClockJumped,
    logClocksDiffer,
    logClocksAgree,
    logStoreLevel,
  ],
  roles: {
    'compliance-auditor': [READ_INTEGRITY, VERIFY_LOG, APPROVE_GAP, ...keeping.roles['compliance-auditor']],
    'security-operator': [READ_INTEGRITY, VERIFY_LOG, APPROVE_GAP, ...keeping.roles['security-operator']],
    'platform-admin': [READ_INTEGRITY, ACKNOWLEDGE_GAP, ...keeping.roles['platform-admin']],
    'production-engineer': [READ_INTEGRITY, VERIFY_LOG],
  },
  extend: addLogIntegrity,
});
