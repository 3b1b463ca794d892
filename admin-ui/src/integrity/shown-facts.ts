import type { GatewayRecord } from '../catalogue/documents.ts';
import type { StoryStep } from '../stories/story.ts';
import type { ShownFacts } from './check-event.ts';

const STEP_FACTS = [
  'id',
  'time',
  'kind',
  'outcome',
  'reasonCode',
  'surface',
  'actorId',
  'actorName',
  'subjectId',
  'subjectName',
  'role',
  'grantId',
  'secondFactor',
  'action',
  'permission',
  'tenantId',
  'targetType',
  'targetId',
  'reason',
  'ticket',
  'approvalId',
  'stepUpId',
  'tokenId',
  'breakGlassId',
  'policyVersion',
] as const satisfies readonly (keyof StoryStep)[];

/** What a story shows of an event, as the canonical form names it; masked values are left out. */
export function factsOfStep(step: StoryStep): ShownFacts {
  const plain = STEP_FACTS.map((name) => [name, step[name]] as const);
  const changes = step.changes
    .filter(({ masked }) => !masked)
    .flatMap(({ resource, id, field, before, after }) => {
      // A field of another record than the target is named with its record.
      const name = resource === step.targetType && id === step.targetId ? field : `${resource}/${id}.${field}`;
      return [
        [`before.${name}`, before],
        [`after.${name}`, after],
      ] as const;
    });
  return Object.fromEntries([...plain, ...changes, ['fieldsRead', step.fieldsRead.length === 0 ? null : JSON.stringify(step.fieldsRead)]]);
}

const RECORD_FACTS = [
  'id',
  'time',
  'kind',
  'outcome',
  'reasonCode',
  'correlationId',
  'surface',
  'environment',
  'actorId',
  'actorName',
  'subjectId',
  'subjectName',
  'sessionId',
  'role',
  'grantId',
  'secondFactor',
  'action',
  'permission',
  'targetType',
  'targetId',
  'reason',
  'ticket',
  'approvalId',
  'stepUpId',
  'tokenId',
  'breakGlassId',
  'policyVersion',
  'before',
  'after',
  'detail',
  'fieldsRead',
  'ip',
  'userAgent',
];

/** What the page of an event shows; what was not asked for, or is not this viewer's to read, is left out. */
export const factsOfRecord = (record: GatewayRecord): ShownFacts =>
  Object.fromEntries(
    RECORD_FACTS.flatMap((name) => {
      const value = record[name];
      if (value === undefined) return [];
      return [[name, value === null || typeof value === 'string' ? value : JSON.stringify(value)] as const];
    }),
  );
