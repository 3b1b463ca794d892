import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { Change } from '../actions/changes-between.ts';

export interface StoryStep {
  readonly id: string;
  readonly time: string;
  readonly sinceStartMilliseconds: number;
  readonly kind: string;
  readonly words: Text;
  readonly outcome: string;
  readonly reasonCode: string | null;
  readonly surface: string;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly subjectId: string | null;
  readonly subjectName: string | null;
  readonly role: string | null;
  readonly grantId: string | null;
  readonly secondFactor: string | null;
  readonly action: string | null;
  readonly permission: string | null;
  readonly tenantId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly approvalId: string | null;
  readonly stepUpId: string | null;
  readonly tokenId: string | null;
  readonly breakGlassId: string | null;
  readonly policyVersion: string;
  readonly fieldsRead: readonly string[];
  readonly changes: readonly Change[];
}

export interface Story {
  readonly correlationId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly answers: {
    readonly who: string | null;
    readonly what: Text;
    readonly tenant: string | null;
    readonly target: string | null;
    readonly why: string | null;
    readonly approvedUnder: Text;
  };
  readonly steps: readonly StoryStep[];
  /** Refusals, previews and readings of a very long story that are not among the steps. */
  readonly leftOut: number;
}

/** What is asked of a story. */
export const STORY_SELECTION = `correlationId startedAt endedAt leftOut
    answers { who what { en id } tenant target why approvedUnder { en id } }
    steps {
      id time sinceStartMilliseconds kind words { en id } outcome reasonCode surface actorId actorName subjectId subjectName role grantId
      secondFactor action permission tenantId targetType targetId reason ticket approvalId stepUpId tokenId breakGlassId policyVersion fieldsRead
      changes { resource id field before after masked }
    }`;

export const STORY_QUERY = `query Story($correlationId: ID!) { story: auditTrail(correlationId: $correlationId) { ${STORY_SELECTION} } }`;

/** Whether somebody acted for another person. */
export const isActingFor = (step: StoryStep): boolean => step.subjectId !== null && step.subjectId !== step.actorId;

interface TextWords {
  /** Name of the tenant, where the reader may read it. */
  readonly tenant: string | null;
  readonly pick: (text: Text) => string;
  readonly time: (iso: string) => string;
  readonly elapsed: (milliseconds: number) => string;
  readonly outcome: (outcome: string) => string;
  readonly field: (resource: string | null, field: string) => string;
  readonly value: (resource: string | null, field: string, value: string | null) => string;
  readonly masked: string;
  readonly labels: {
    readonly story: string;
    readonly who: string;
    readonly what: string;
    readonly tenant: string;
    readonly target: string;
    readonly why: string;
    readonly under: string;
  };
}

/** The story as plain text, for a ticket. */
export function storyText(story: Story, words: TextWords): string {
  const { answers, labels } = { answers: story.answers, labels: words.labels };
  const head = [
    `${labels.story} ${story.correlationId}`,
    `${labels.who}: ${answers.who ?? '—'}`,
    `${labels.what}: ${words.pick(answers.what)}`,
    `${labels.tenant}: ${[words.tenant, answers.tenant].filter(Boolean).join(' ') || '—'}`,
    `${labels.target}: ${answers.target ?? '—'}`,
    `${labels.why}: ${answers.why ?? '—'}`,
    `${labels.under}: ${words.pick(answers.approvedUnder)}`,
  ];
  const steps = story.steps.flatMap((step) => [
    '',
    `${words.time(step.time)}  ${words.elapsed(step.sinceStartMilliseconds)}  [${words.outcome(step.outcome)}${step.reasonCode ? ` ${step.reasonCode}` : ''}]  ${words.pick(step.words)}`,
    `  ${[step.actorName ?? step.actorId, isActingFor(step) ? `→ ${step.subjectName ?? step.subjectId}` : null, step.surface, step.targetType && step.targetId ? `${step.targetType} ${step.targetId}` : null].filter(Boolean).join(' · ')}`,
    ...step.changes.map(
      (change) =>
        `  ${words.field(change.resource, change.field)}: ${change.masked ? words.masked : `${words.value(change.resource, change.field, change.before)} → ${words.value(change.resource, change.field, change.after)}`}`,
    ),
  ]);
  return [...head, ...steps].join('\n');
}
