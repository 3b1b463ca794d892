import type { GatewayRecord } from '../catalogue/documents.ts';
import { namesOf, textOf } from '../catalogue/use-records.ts';

/** Resources and acts of access reviews, by their names in the catalogue. */
export const CAMPAIGN = 'accessReview';
export const LINE = 'accessReviewItem';
export const START = 'startAccessReview';
export const CLOSE = 'closeAccessReview';
export const KEEP = 'keepAccess';
export const REVOKE = 'revokeAccess';
export type Decision = typeof KEEP | typeof REVOKE;

export const OPEN = 'OPEN';
export const CLOSED = 'CLOSED';

/** Lines that the workbench draws at once, at most. */
export const MOST_LINES = 1000;

const count = (campaign: GatewayRecord, field: string): number => Number(campaign[field] ?? 0);

export interface Progress {
  readonly all: number;
  readonly answered: number;
  readonly kept: number;
  readonly revoked: number;
  /** 0 to 100; a review of nothing is done. */
  readonly percent: number;
}

export function progressOf(campaign: GatewayRecord): Progress {
  const all = count(campaign, 'items');
  const answered = Math.max(0, all - count(campaign, 'unanswered'));
  return {
    all,
    answered,
    kept: count(campaign, 'kept') + count(campaign, 'guarded'),
    revoked: count(campaign, 'revoked'),
    percent: all === 0 ? 100 : Math.floor((100 * answered) / all),
  };
}

/** Lines of one person, in the order in which they came. */
export interface Holder {
  readonly id: string;
  readonly name: string;
  readonly lastSeenAt: string | null;
  readonly lines: readonly GatewayRecord[];
}

export const byHolder = (lines: readonly GatewayRecord[]): readonly Holder[] =>
  [...Map.groupBy(lines, (line) => textOf(line, 'holderId') ?? '')]
    .map(([id, own]) => ({ id, name: (own[0] && textOf(own[0], 'holderName')) ?? id, lastSeenAt: (own[0] && textOf(own[0], 'holderLastSeenAt')) ?? null, lines: own }))
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));

const offers = (line: GatewayRecord, decision: Decision): boolean => line.actions?.some(({ name, enabled }) => name === decision && enabled) ?? false;

/** Why a line takes no answer from this viewer; null where it does. */
export function lockOf(line: GatewayRecord, viewerId: string): 'own' | 'answered' | 'notYours' | null {
  if (line['state'] !== OPEN) return 'answered';
  if (offers(line, KEEP) || offers(line, REVOKE)) return null;
  // Another account of the same human is not known here; the gateway offers nothing on its lines either.
  return line['holderId'] === viewerId ? 'own' : 'notYours';
}

export type Shown = 'open' | 'answered' | 'all';
export const linesShown = (lines: readonly GatewayRecord[], shown: Shown): readonly GatewayRecord[] =>
  shown === 'all' ? lines : lines.filter((line) => (line['state'] === OPEN) === (shown === 'open'));

/** What of the acts that a line allows was used, by the log. */
export function useOf(line: GatewayRecord): { readonly used: number; readonly all: number; readonly never: readonly string[] } {
  const used = namesOf(line, 'usedPermissions');
  const never = namesOf(line, 'unusedPermissions');
  return { used: used.length, all: used.length + never.length, never };
}
