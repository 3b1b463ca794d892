import type { ModuleDeclaration } from '../../vocabulary/define-module.ts';
import { eraseLogSubject } from './erase-log-subject.action.ts';
import { erasureRepeated, legalHoldPlaced, legalHoldReleased, retentionPeriodSet, segmentPruned, subjectErased } from './keeping.event.ts';
import { APPROVE_KEEPING, ERASE_SUBJECTS, PLACE_HOLDS, PRUNE_SEGMENTS, READ_KEEPING, RELEASE_HOLDS, SET_PERIODS } from './keeping-permissions.ts';
import { legalHold } from './legal-hold.resource.ts';
import { logErasure } from './log-erasure.resource.ts';
import { logSegment } from './log-segment.resource.ts';
import { placeLegalHold } from './place-legal-hold.action.ts';
import { pruneLogSegment } from './prune-log-segment.action.ts';
import { releaseLegalHold } from './release-legal-hold.action.ts';
import { retentionPeriod } from './retention-period.resource.ts';
import { setRetentionPeriod } from './set-retention-period.action.ts';

/** What is kept for how long, what is kept longer, and what goes earlier: a part of the module `log`. */
export const keeping = {
  permissions: [READ_KEEPING, PRUNE_SEGMENTS, SET_PERIODS, PLACE_HOLDS, RELEASE_HOLDS, ERASE_SUBJECTS, APPROVE_KEEPING],
  resources: [logSegment, retentionPeriod, legalHold, logErasure],
  actions: [pruneLogSegment, setRetentionPeriod, placeLegalHold, releaseLegalHold, eraseLogSubject],
  events: [segmentPruned, retentionPeriodSet, legalHoldPlaced, legalHoldReleased, subjectErased, erasureRepeated],
  roles: {
    'compliance-auditor': [READ_KEEPING],
    'security-operator': [READ_KEEPING, PLACE_HOLDS, APPROVE_KEEPING],
    'platform-admin': [READ_KEEPING, PRUNE_SEGMENTS, SET_PERIODS, PLACE_HOLDS, RELEASE_HOLDS, ERASE_SUBJECTS],
  },
} as const satisfies Pick<ModuleDeclaration, 'permissions' | 'resources' | 'actions' | 'events' | 'roles'>;
