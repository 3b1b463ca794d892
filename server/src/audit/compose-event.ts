import type { RoleTable } from '@sallyport/schema/policy/rights.ts';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { v7 as makeUuid } from 'uuid';
import { concealValues, type PersonalValue } from './conceal-values.ts';
import { CANONICAL_BOUND, canonicalHalves, canonicalSize, type EventRecord, FORMAT_VERSION } from './event-record.ts';
import { grantUsed } from './grant-used.ts';
import { digestOf, type Json, plainJson } from './plain-json.ts';
import { plainText, TEXT_BOUNDS } from './plain-text.ts';

/** What is the same for every event of one running gateway. */
export interface LogSetting {
  /** Hash of the policy in force. */
  readonly policyVersion: string;
  /** `production`, `staging`, … */
  readonly environment: string;
  /** Role → permissions, to name the grant that was used. */
  readonly roles: RoleTable;
}

/** An event ready to be written; the database adds the time. */
export interface ComposedEvent {
  readonly record: Omit<EventRecord, 'time'>;
  readonly head: string;
  readonly tail: string;
  readonly personal: readonly PersonalValue[];
}

const MOST_FIELDS_READ = 200;
/** A single value of this many bytes of JSON or more is kept as size and digest. */
const VALUE_BOUND = 16 * 1024;

const text = (value: string | null | undefined, bound: number): string | undefined => (value === undefined || value === null ? undefined : plainText(value, bound));
const id = (value: string | null | undefined): string | undefined => text(value, TEXT_BOUNDS.id);
const name = (value: string | null | undefined): string | undefined => text(value, TEXT_BOUNDS.name);

type Values = { readonly [field: string]: Json };

/** Replaces the values whose JSON has `bound` bytes or more. */
const shrink = (values: Values | undefined, bound: number): Values | undefined =>
  values && Object.fromEntries(Object.entries(values).map(([field, value]) => [field, JSON.stringify(value).length >= bound ? digestOf(value) : value]));

function present<T extends object>(members: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  // Only members that are undefined go, so what stays has the type without undefined.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}

function readDetail(draft: AuditEventDraft): { readonly detail: Values | undefined; readonly userAgent: string | undefined } {
  const { userAgent, ...rest } = draft.detail ?? {};
  const many = (draft.fieldsRead?.length ?? 0) > MOST_FIELDS_READ ? { fieldsReadTotal: draft.fieldsRead?.length } : {};
  const facts = { ...rest, ...many };
  const cleaned = plainJson(facts, (value) => plainText(value, TEXT_BOUNDS.detail));
  return {
    detail: Object.keys(facts).length > 0 ? (cleaned as Values) : undefined,
    userAgent: typeof userAgent === 'string' ? plainText(userAgent, TEXT_BOUNDS.userAgent) : undefined,
  };
}

/**
 * Makes the event that a draft states: identity, grant used, cleaned and bounded texts, concealed values,
 * canonical halves. `detail.userAgent` becomes a column of its own, since network facts have a permission of their own.
 * Touches nothing outside.
 */
export function composeEvent(draft: AuditEventDraft, setting: LogSetting): ComposedEvent {
  const { viewer } = draft;
  const personal: PersonalValue[] = [];
  const grant = viewer && draft.permission ? grantUsed(viewer, draft.permission, draft.tenantId ?? null, setting.roles) : undefined;
  const { detail, userAgent } = readDetail(draft);
  const record = present({
    formatVersion: FORMAT_VERSION,
    id: draft.id ?? makeUuid(),
    correlationId: draft.correlationId.toLowerCase(),
    kind: plainText(draft.kind, TEXT_BOUNDS.name),
    outcome: draft.outcome,
    reasonCode: draft.reasonCode,
    surface: draft.surface,
    environment: plainText(setting.environment, TEXT_BOUNDS.name),
    policyVersion: setting.policyVersion,
    actorId: id(viewer?.actor.id ?? draft.actorId),
    actorName: name(viewer?.actor.displayName ?? draft.actorName),
    subjectId: id(viewer?.subject.id),
    subjectName: name(viewer?.subject.displayName),
    role: name(grant?.role),
    grantId: id(grant?.id),
    sessionId: id(viewer?.session.id ?? draft.sessionId),
    tokenId: id(viewer?.token?.id),
    breakGlassId: id(viewer?.breakGlass?.id ?? draft.breakGlassId),
    secondFactor: name(viewer?.session.secondFactor),
    ip: text(draft.ip, 64),
    userAgent,
    action: name(draft.action),
    permission: name(draft.permission),
    effect: draft.effect,
    reach: draft.reach,
    tier: draft.tier,
    tenantId: id(draft.tenantId),
    targetType: name(draft.target?.type),
    targetId: id(draft.target?.id),
    reason: text(draft.reason, TEXT_BOUNDS.reason),
    ticket: name(draft.ticket),
    approvalId: id(draft.approvalId),
    stepUpId: id(draft.stepUpId),
    before: shrink(draft.before && concealValues('before', draft.before, draft.classes, personal), VALUE_BOUND),
    after: shrink(draft.after && concealValues('after', draft.after, draft.classes, personal), VALUE_BOUND),
    fieldsRead: draft.fieldsRead?.length ? draft.fieldsRead.slice(0, MOST_FIELDS_READ).map((field) => plainText(field, 120)) : undefined,
    detail: shrink(detail, VALUE_BOUND),
  }) as Omit<EventRecord, 'time'>;
  return { ...bounded(record), personal };
}

/** Keeps the canonical bytes within the bound: ever smaller values become digests, at last each object as a whole. */
function bounded(record: Omit<EventRecord, 'time'>): Omit<ComposedEvent, 'personal'> {
  const whole = (values: Values | undefined): Values | undefined => values && { omitted: digestOf(values) };
  const attempts = [
    () => record,
    ...[2048, 256].map((bound) => () => ({ ...record, before: shrink(record.before, bound), after: shrink(record.after, bound), detail: shrink(record.detail, bound) })),
    () => ({ ...record, before: whole(record.before), after: whole(record.after), detail: whole(record.detail), fieldsRead: record.fieldsRead?.slice(0, 20) }),
  ];
  for (const attempt of attempts) {
    const fitting = present(attempt()) as Omit<EventRecord, 'time'>;
    const halves = canonicalHalves(fitting);
    if (canonicalSize(halves) <= CANONICAL_BOUND) return { record: fitting, ...halves };
  }
  throw new RangeError('An audit event does not fit its bound');
}
