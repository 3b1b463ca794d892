import type { Builder } from '../../../builder.ts';
import type { ControlType } from '../controls/controls.query.ts';
import { READ_EVENT } from '../permissions.ts';
import type { ReportApproval, ReportDecision, ReportDelivery, ReportPolicy, ReportReading, ReportRefusal } from './read-context.ts';
import type { ReportControl } from './read-controls.ts';
import type { ReportCounts, ReportLog } from './read-counts.ts';
import type { ReportPerson, ReportSession, ReportTenant } from './read-people.ts';

const access = READ_EVENT;
const filled = { access, nullable: false } as const;

/** GraphQL types of a report's parts. */
export function addReportTypes(builder: Builder, control: ControlType) {
  const counts = builder.objectRef<ReportCounts>('AuditReportCounts').implement({
    description: 'The report in figures.',
    fields: (t) => ({
      events: t.exposeInt('events', filled),
      done: t.exposeInt('done', filled),
      refused: t.exposeInt('refused', filled),
      failed: t.exposeInt('failed', filled),
      previewed: t.exposeInt('previewed', filled),
      readings: t.exposeInt('readings', { ...filled, description: 'Events that tell of personal fields having been answered.' }),
      stories: t.exposeInt('stories', filled),
      people: t.exposeInt('people', filled),
      tenants: t.exposeInt('tenants', filled),
      sessions: t.exposeInt('sessions', filled),
      approvals: t.exposeInt('approvals', filled),
      policies: t.exposeInt('policies', filled),
      covered: t.exposeInt('covered', { ...filled, description: 'Events that a signed checkpoint covers.' }),
      firstAt: t.field({ type: 'DateTime', access, resolve: (told) => told.firstAt }),
      lastAt: t.field({ type: 'DateTime', access, resolve: (told) => told.lastAt }),
      isComplete: t.exposeBoolean('isComplete', { ...filled, description: 'False where the selection holds more events than a report counts; it then tells of the first ones.' }),
    }),
  });
  const log = builder.objectRef<ReportLog>('AuditReportLog').implement({
    description: 'How the log stands as the report is read.',
    fields: (t) => ({
      origin: t.exposeString('origin', { access }),
      size: t.exposeFloat('size', filled),
      checkpointSize: t.exposeFloat('checkpointSize', filled),
      checkpointAt: t.field({ type: 'DateTime', access, resolve: (told) => told.checkpointAt }),
    }),
  });
  const policy = builder.objectRef<ReportPolicy>('AuditReportPolicy').implement({
    description: 'A policy under which events of the report happened; `policyVersion(hash)` answers the whole text.',
    fields: (t) => ({
      hash: t.exposeString('hash', filled),
      firstSeenAt: t.field({ type: 'DateTime', access, resolve: (told) => told.firstSeenAt }),
      events: t.exposeInt('events', filled),
      firstAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.firstAt }),
      lastAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.lastAt }),
      parts: t.field({
        type: 'Json',
        ...filled,
        description: 'The permissions, roles and actions that events of the report name, and the settings, word for word.',
        resolve: (told) => told.parts,
      }),
    }),
  });
  const decision = builder.objectRef<ReportDecision>('AuditReportDecision').implement({
    description: 'What one person said to a request.',
    fields: (t) => ({
      reviewerId: t.exposeID('reviewerId', filled),
      reviewerName: t.exposeString('reviewerName', { access }),
      decision: t.exposeString('decision', filled),
      comment: t.exposeString('comment', { access }),
      reviewedAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.reviewedAt }),
      shownDigest: t.exposeString('shownDigest', { ...filled, description: 'SHA-256, hex, over what they were shown.' }),
    }),
  });
  const approval = builder.objectRef<ReportApproval>('AuditReportApproval').implement({
    description: 'A request for a second person that events of the report belong to.',
    fields: (t) => ({
      id: t.exposeID('id', filled),
      state: t.exposeString('state', filled),
      action: t.exposeString('action', filled),
      permission: t.exposeString('permission', filled),
      tenantId: t.exposeID('tenantId', { access }),
      targetType: t.exposeString('targetType', filled),
      targetId: t.exposeID('targetId', { access }),
      reason: t.exposeString('reason', filled),
      ticket: t.exposeString('ticket', { access }),
      requesterId: t.exposeID('requesterId', filled),
      requesterName: t.exposeString('requesterName', { access }),
      requestedAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.requestedAt }),
      expiresAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.expiresAt }),
      endedAt: t.field({ type: 'DateTime', access, resolve: (told) => told.endedAt }),
      auditEventId: t.exposeID('auditEventId', { access, description: 'Event of the act that was carried out.' }),
      correlationId: t.exposeID('correlationId', filled),
      policyVersion: t.exposeString('policyVersion', filled),
      argumentDigest: t.exposeString('argumentDigest', filled),
      shownDigest: t.exposeString('shownDigest', filled),
      rule: t.field({ type: 'Json', ...filled, resolve: (told) => told.rule }),
      decisions: t.field({ type: [decision], ...filled, resolve: (told) => told.decisions }),
    }),
  });
  const session = builder.objectRef<ReportSession>('AuditReportSession').implement({
    description: 'A session in which events of the report happened; its start and end as the log has them.',
    fields: (t) => ({
      id: t.exposeID('id', filled),
      actorId: t.exposeID('actorId', { access }),
      actorName: t.exposeString('actorName', { access }),
      secondFactor: t.exposeString('secondFactor', { access }),
      events: t.exposeInt('events', filled),
      firstAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.firstAt }),
      lastAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.lastAt }),
      startedAt: t.field({ type: 'DateTime', access, resolve: (told) => told.startedAt }),
      endedAt: t.field({ type: 'DateTime', access, resolve: (told) => told.endedAt }),
      stepUps: t.exposeInt('stepUps', { ...filled, description: 'Confirmations with a second factor in the session.' }),
    }),
  });
  const delivery = builder.objectRef<ReportDelivery>('AuditReportDelivery').implement({
    description: 'A message that went out, or waits to, because of an act.',
    fields: (t) => ({
      id: t.exposeID('id', filled),
      correlationId: t.exposeID('correlationId', filled),
      tenantId: t.exposeID('tenantId', { access }),
      template: t.exposeString('template', filled),
      createdAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.createdAt }),
      deliveredAt: t.field({ type: 'DateTime', access, resolve: (told) => told.deliveredAt }),
      failedAttempts: t.exposeInt('failedAttempts', filled),
    }),
  });
  const reading = builder.objectRef<ReportReading>('AuditReportReading').implement({
    description: 'Personal fields that somebody was shown: names, never values.',
    fields: (t) => ({
      eventId: t.exposeID('eventId', filled),
      time: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.time }),
      actorId: t.exposeID('actorId', { access }),
      actorName: t.exposeString('actorName', { access }),
      tenantId: t.exposeID('tenantId', { access }),
      targetType: t.exposeString('targetType', { access }),
      targetId: t.exposeID('targetId', { access }),
      fields: t.field({ type: ['String'], ...filled, resolve: (told) => told.fields }),
      correlationId: t.exposeID('correlationId', filled),
    }),
  });
  const refusal = builder.objectRef<ReportRefusal>('AuditReportRefusal').implement({
    description: 'An attempt that was refused or failed.',
    fields: (t) => ({
      eventId: t.exposeID('eventId', filled),
      time: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.time }),
      kind: t.exposeString('kind', filled),
      outcome: t.exposeString('outcome', filled),
      reasonCode: t.exposeString('reasonCode', { access }),
      action: t.exposeString('action', { access }),
      actorId: t.exposeID('actorId', { access }),
      actorName: t.exposeString('actorName', { access }),
      tenantId: t.exposeID('tenantId', { access }),
      correlationId: t.exposeID('correlationId', filled),
    }),
  });
  const person = builder.objectRef<ReportPerson>('AuditReportPerson').implement({
    description: 'Somebody who acted, or tried to.',
    fields: (t) => ({
      id: t.exposeID('id', filled),
      name: t.exposeString('name', { access }),
      roles: t.field({ type: ['String'], ...filled, resolve: (told) => told.roles }),
      events: t.exposeInt('events', filled),
      done: t.exposeInt('done', filled),
      refused: t.exposeInt('refused', filled),
      firstAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.firstAt }),
      lastAt: t.field({ type: 'DateTime', ...filled, resolve: (told) => told.lastAt }),
    }),
  });
  const tenant = builder.objectRef<ReportTenant>('AuditReportTenant').implement({
    description: 'A tenant that events of the report are about.',
    fields: (t) => ({
      id: t.exposeID('id', filled),
      events: t.exposeInt('events', filled),
      done: t.exposeInt('done', filled),
      refused: t.exposeInt('refused', filled),
      changes: t.exposeInt('changes', filled),
    }),
  });
  const helping = builder.objectRef<ReportControl>('AuditReportControl').implement({
    description: 'A control that events of the report help with.',
    fields: (t) => ({
      control: t.field({ type: control, ...filled, resolve: (told) => told.control }),
      events: t.exposeInt('events', filled),
    }),
  });
  return { counts, log, helping, policy, approval, session, delivery, reading, refusal, person, tenant };
}
