import { covers, reachOf, type TenantReach, type Viewer } from '../../viewer.ts';
import type { Text } from '../../vocabulary/axes.ts';
import { READ_CHANGES } from './permissions.ts';
import { refusalWords } from './refusal-words.ts';

/** What a story is told from: one event of the log, absent facts null. */
export interface StoryEvent {
  readonly id: string;
  /** ISO 8601, UTC, microseconds. */
  readonly time: string;
  readonly kind: string;
  readonly outcome: 'ok' | 'denied' | 'failed' | 'previewed';
  readonly reasonCode: string | null;
  readonly surface: string;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly subjectId: string | null;
  readonly subjectName: string | null;
  readonly role: string | null;
  readonly grantId: string | null;
  readonly sessionId: string | null;
  readonly tokenId: string | null;
  readonly breakGlassId: string | null;
  readonly secondFactor: string | null;
  readonly action: string | null;
  readonly permission: string | null;
  readonly effect: string | null;
  readonly tenantId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly approvalId: string | null;
  readonly stepUpId: string | null;
  readonly policyVersion: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly fieldsRead: readonly string[] | null;
  /** Index in the Merkle tree; null while the event waits to be sealed. */
  readonly logIndex: number | null;
  /** Whether a signed checkpoint covers it. */
  readonly covered: boolean;
}

/** What the story has to know of the declarations. */
export interface StoryTexts {
  readonly labelOfKind: (kind: string) => Text | null;
  readonly labelOfAction: (action: string) => Text | null;
  readonly labelOfRole: (role: string) => Text | null;
  /** Where the viewer may read a field of a resource; null for a field that is not declared. */
  readonly fieldReach: (resource: string, field: string) => TenantReach | null;
}

export interface StoryChange {
  readonly resource: string | null;
  readonly id: string | null;
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly masked: boolean;
}

export interface StoryStep extends StoryEvent {
  /** Whole milliseconds since the story's first event that this viewer sees. */
  readonly sinceStartMilliseconds: number;
  readonly words: Text;
  readonly changes: readonly StoryChange[];
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
}

/**
 * Tells the story of one correlation ID from its events, in the order of the log. Pure. The events must be those
 * that the viewer may see; what a change held is shown only where they may read it, personal values never.
 * @returns null where there is nothing to tell.
 */
export function storyOf(correlationId: string, events: readonly StoryEvent[], viewer: Viewer, texts: StoryTexts): Story | null {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) return null;
  const act = mainEvent(events) ?? first;
  const person = [act, ...events].find((event) => event.actorName !== null || event.actorId !== null);
  return {
    correlationId,
    startedAt: first.time,
    endedAt: last.time,
    answers: {
      who: person ? nameOf(person) : null,
      what: wordsOf(act, texts),
      tenant: firstOf(act, events, (event) => event.tenantId),
      target: firstOf(act, events, (event) => (event.targetType && event.targetId ? `${event.targetType} ${event.targetId}` : null)),
      why: firstOf(act, events, (event) => [event.reason, event.ticket].filter((part) => part !== null).join(' · ') || null),
      approvedUnder: approvalOf(act, texts),
    },
    steps: events.map((event) => ({
      ...event,
      sinceStartMilliseconds: millisecondsBetween(first.time, event.time),
      words: wordsOf(event, texts),
      changes: changesOf(event, viewer, texts),
    })),
  };
}

/** The act that the story is about: the last write that was done, else the last that was tried. */
function mainEvent(events: readonly StoryEvent[]): StoryEvent | undefined {
  const writes = events.filter((event) => event.effect === 'write' && event.action !== null);
  return writes.findLast((event) => event.outcome === 'ok') ?? writes.at(-1) ?? events.findLast((event) => event.action !== null);
}

const firstOf = (act: StoryEvent, events: readonly StoryEvent[], read: (event: StoryEvent) => string | null): string | null =>
  read(act) ?? events.map(read).find((value) => value !== null) ?? null;

function nameOf(event: StoryEvent): string | null {
  const actor = event.actorName ?? event.actorId;
  const subject = event.subjectName ?? event.subjectId;
  return event.subjectId !== null && event.subjectId !== event.actorId ? `${actor} (as ${subject})` : actor;
}

const OUTCOMES = {
  failed: { en: 'failed', id: 'gagal' },
  previewed: { en: 'previewed, nothing was changed', id: 'dipratinjau, tidak ada yang diubah' },
} as const;

/** One event in words: what was done, or what was tried and how it ended. */
function wordsOf(event: StoryEvent, texts: StoryTexts): Text {
  const fallback: Text = { en: event.kind, id: event.kind };
  const done = texts.labelOfKind(event.kind);
  if (event.outcome === 'ok') return done ?? fallback;
  const tried = (event.action ? texts.labelOfAction(event.action) : null) ?? done ?? fallback;
  if (event.outcome === 'denied') return refusalWords(tried, event.reasonCode, event.action === null && event.kind.endsWith('refused'));
  const outcome = OUTCOMES[event.outcome];
  const code = event.reasonCode ? ` (${event.reasonCode})` : '';
  return { en: `${tried.en}: ${outcome.en}${code}`, id: `${tried.id}: ${outcome.id}${code}` };
}

const WAYS = {
  token: { en: 'by the token', id: 'melalui token' },
  breakGlass: { en: 'under break-glass', id: 'dengan akses darurat' },
} as const;

function approvalOf(act: StoryEvent, texts: StoryTexts): Text {
  const role = act.role ? (texts.labelOfRole(act.role) ?? { en: act.role, id: act.role }) : null;
  const say = (language: 'en' | 'id', policy: string, right: string, approval: string, stepUp: string): string =>
    [
      `${policy} ${act.policyVersion.slice(0, 12)}`,
      ...(role ? [`${right} ${role[language]}${act.permission ? ` (${act.permission})` : ''}`] : []),
      ...(act.approvalId ? [`${approval} ${act.approvalId}`] : []),
      ...(act.stepUpId ? [`${stepUp} ${act.stepUpId}`] : []),
      ...(act.tokenId ? [`${WAYS.token[language]} ${act.tokenId}`] : []),
      ...(act.breakGlassId ? [`${WAYS.breakGlass[language]} ${act.breakGlassId}`] : []),
    ].join(', ');
  return { en: say('en', 'Policy', 'by the role', 'approval', 'confirmed by step-up'), id: say('id', 'Kebijakan', 'dengan peran', 'persetujuan', 'dikonfirmasi dengan step-up') };
}

/** The door names a field of another record than the target `resource/id.field`. */
const SIDE_FIELD = /^([A-Za-z]+)\/(.+)\.([A-Za-z0-9]+)$/;

function changesOf(event: StoryEvent, viewer: Viewer, texts: StoryTexts): StoryChange[] {
  const names = [...new Set([...Object.keys(event.before ?? {}), ...Object.keys(event.after ?? {})])].sort();
  const place: TenantReach = event.tenantId === null ? 'global' : new Set([event.tenantId]);
  const mayReadAll = covers(reachOf(viewer, READ_CHANGES), place);
  return names.map((name) => {
    const side = SIDE_FIELD.exec(name);
    const resource = side?.[1] ?? event.targetType;
    const field = side?.[3] ?? name;
    const id = side?.[2] ?? event.targetId;
    const before = event.before?.[name];
    const after = event.after?.[name];
    const own = resource ? texts.fieldReach(resource, field) : null;
    const hidden = isConcealed(before) || isConcealed(after) || !(mayReadAll || (own !== null && covers(own, place)));
    return { resource, id, field, before: hidden ? null : render(before), after: hidden ? null : render(after), masked: hidden };
  });
}

/** A commitment to a personal value, or the mark of a replaced secret. */
const isConcealed = (value: unknown): boolean => typeof value === 'object' && value !== null && ('commitment' in value || 'replaced' in value);

const render = (value: unknown): string | null => (value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value));

const millisecondsBetween = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));
