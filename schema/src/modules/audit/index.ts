import { defineModule } from '../../vocabulary/define-module.ts';
import {
  EVENTS_EXPORTED,
  EVENTS_READ,
  EVIDENCE_BEGUN,
  EVIDENCE_ENDED,
  EXPORT_ENDED,
  FIELD_REFUSED,
  MESSAGE_DELIVERED,
  MESSAGE_DELIVERY_FAILED,
  PERSONAL_FIELDS_READ,
  REPORT_READ,
} from './audit.event.ts';
import { auditEvent } from './audit-event.resource.ts';
import { addPolicyVersion } from './policy-version.query.ts';
import { EXPORT_EVENT, MAKE_EVIDENCE, READ_CHANGES, READ_EVENT, READ_NETWORK } from './permissions.ts';
import { addAuditReport } from './report/report.query.ts';
import { addStoryTypes } from './story-types.ts';
import { addAuditTrail } from './trail.query.ts';

/** The log as its readers see it. Nothing here writes: the server appends, and the database refuses everything else. */
export const audit = defineModule({
  name: 'audit',
  label: { en: 'Audit', id: 'Audit' },
  description: { en: 'Who did what, to whom, why, and under which policy.', id: 'Siapa melakukan apa, kepada siapa, mengapa, dan menurut kebijakan apa.' },
  icon: 'FactCheck',
  permissions: [READ_EVENT, READ_CHANGES, READ_NETWORK, EXPORT_EVENT, MAKE_EVIDENCE],
  resources: [auditEvent],
  actions: [],
  events: [
    EVENTS_READ,
    EVENTS_EXPORTED,
    EXPORT_ENDED,
    REPORT_READ,
    EVIDENCE_BEGUN,
    EVIDENCE_ENDED,
    PERSONAL_FIELDS_READ,
    FIELD_REFUSED,
    MESSAGE_DELIVERED,
    MESSAGE_DELIVERY_FAILED,
  ],
  roles: {
    'compliance-auditor': [READ_EVENT, READ_CHANGES, READ_NETWORK, EXPORT_EVENT, MAKE_EVIDENCE],
    'security-operator': [READ_EVENT, READ_CHANGES, READ_NETWORK],
    'platform-admin': [READ_EVENT, READ_CHANGES],
    'support-operator': [READ_EVENT],
    'billing-operator': [READ_EVENT],
    'production-engineer': [READ_EVENT],
  },
  extend: (builder, registry) => {
    const stories = addStoryTypes(builder);
    addAuditTrail(builder, registry, stories);
    addAuditReport(builder, registry, stories);
    addPolicyVersion(builder);
  },
});
