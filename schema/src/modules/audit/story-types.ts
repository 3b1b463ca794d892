import type { Builder } from '../../builder.ts';
import type { Text } from '../../vocabulary/axes.ts';
import { READ_EVENT } from './permissions.ts';
import type { Story, StoryChange, StoryStep } from './story.ts';

/** A story with the number of events that were too many to tell. */
export interface ToldStory extends Story {
  readonly leftOut: number;
}

/** GraphQL types of a story, for the trail of one correlation ID and for reports. */
export function addStoryTypes(builder: Builder) {
  const access = READ_EVENT;
  const words = builder.objectRef<Text>('AuditWords').implement({
    description: 'One sentence in the languages of the console.',
    fields: (t) => ({ en: t.exposeString('en', { access, nullable: false }), id: t.exposeString('id', { access, nullable: false }) }),
  });
  const change = builder.objectRef<StoryChange>('AuditChange').implement({
    description: 'One field before and after; personal and secret values, and what this viewer may not read, are masked.',
    fields: (t) => ({
      resource: t.exposeString('resource', { access }),
      id: t.exposeID('id', { access }),
      field: t.exposeString('field', { access, nullable: false }),
      before: t.exposeString('before', { access }),
      after: t.exposeString('after', { access }),
      masked: t.exposeBoolean('masked', { access, nullable: false }),
    }),
  });
  const step = builder.objectRef<StoryStep>('AuditStep').implement({
    description: 'One event of the story.',
    fields: (t) => ({
      id: t.exposeID('id', { access, nullable: false }),
      time: t.field({ type: 'DateTime', access, nullable: false, resolve: (event) => event.time }),
      sinceStartMilliseconds: t.exposeInt('sinceStartMilliseconds', { access, nullable: false }),
      kind: t.exposeString('kind', { access, nullable: false }),
      words: t.field({ type: words, access, nullable: false, resolve: (event) => event.words }),
      outcome: t.exposeString('outcome', { access, nullable: false }),
      reasonCode: t.exposeString('reasonCode', { access }),
      surface: t.exposeString('surface', { access, nullable: false }),
      actorId: t.exposeID('actorId', { access }),
      actorName: t.exposeString('actorName', { access }),
      subjectId: t.exposeID('subjectId', { access }),
      subjectName: t.exposeString('subjectName', { access }),
      role: t.exposeString('role', { access }),
      grantId: t.exposeID('grantId', { access }),
      sessionId: t.exposeID('sessionId', { access }),
      tokenId: t.exposeID('tokenId', { access }),
      breakGlassId: t.exposeID('breakGlassId', { access }),
      secondFactor: t.exposeString('secondFactor', { access }),
      action: t.exposeString('action', { access }),
      permission: t.exposeString('permission', { access }),
      tenantId: t.exposeID('tenantId', { access }),
      targetType: t.exposeString('targetType', { access }),
      targetId: t.exposeID('targetId', { access }),
      reason: t.exposeString('reason', { access }),
      ticket: t.exposeString('ticket', { access }),
      approvalId: t.exposeID('approvalId', { access }),
      stepUpId: t.exposeID('stepUpId', { access }),
      policyVersion: t.exposeString('policyVersion', { access, nullable: false }),
      fieldsRead: t.field({ type: ['String'], access, nullable: false, resolve: (event) => event.fieldsRead ?? [] }),
      changes: t.field({ type: [change], access, nullable: false, resolve: (event) => event.changes }),
      logIndex: t.exposeFloat('logIndex', { access, description: 'Index in the Merkle tree; null while the event waits to be sealed.' }),
      covered: t.exposeBoolean('covered', { access, nullable: false, description: 'Whether a signed checkpoint covers the event.' }),
    }),
  });
  const answers = builder.objectRef<Story['answers']>('AuditAnswers').implement({
    description: 'The questions that a log has to answer.',
    fields: (t) => ({
      who: t.exposeString('who', { access }),
      what: t.field({ type: words, access, nullable: false, resolve: (told) => told.what }),
      tenant: t.exposeID('tenant', { access }),
      target: t.exposeString('target', { access }),
      why: t.exposeString('why', { access }),
      approvedUnder: t.field({ type: words, access, nullable: false, resolve: (told) => told.approvedUnder }),
    }),
  });
  const trail = builder.objectRef<ToldStory>('AuditTrail').implement({
    description: 'Everything on the log under one correlation ID that this viewer may see, told in order.',
    fields: (t) => ({
      correlationId: t.exposeID('correlationId', { access, nullable: false }),
      startedAt: t.field({ type: 'DateTime', access, nullable: false, resolve: (story) => story.startedAt }),
      endedAt: t.field({ type: 'DateTime', access, nullable: false, resolve: (story) => story.endedAt }),
      answers: t.field({ type: answers, access, nullable: false, resolve: (story) => story.answers }),
      steps: t.field({ type: [step], access, nullable: false, resolve: (story) => story.steps }),
      leftOut: t.exposeInt('leftOut', { access, nullable: false, description: 'Refusals, previews and readings that are not among the steps, because there are too many.' }),
    }),
  });
  return { words, trail };
}

export type StoryTypes = ReturnType<typeof addStoryTypes>;
