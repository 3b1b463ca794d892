/** Permissions by their names in the catalogue: to read events, and all that making a pack of them takes. */
export const REPORTING = 'audit.event.read';
export const PACKING = ['audit.evidence.make', REPORTING, 'audit.event.read-changes', 'audit.event.read-network', 'audit.event.export'] as const;

/** What a report is about, as the gateway takes it. All that is given holds at once. */
export interface Selection {
  readonly correlationId?: string;
  readonly tenantId?: string;
  readonly actorId?: string;
  readonly control?: string;
  /** The first instant, ISO 8601 in UTC. */
  readonly from?: string;
  /** The instant at which the period is over. */
  readonly to?: string;
}

const NAMES = ['correlationId', 'tenantId', 'actorId', 'control', 'from', 'to'] as const satisfies readonly (keyof Selection)[];

/** The selection that an address holds; a report is shared by its address. */
export function selectionFrom(search: URLSearchParams): Selection {
  return Object.fromEntries(NAMES.map((name) => [name, search.get(name)?.trim() ?? ''] as const).filter(([, value]) => value !== ''));
}

export const toSearch = (selection: Selection): URLSearchParams =>
  new URLSearchParams(NAMES.flatMap((name) => (selection[name] === undefined || selection[name] === '' ? [] : [[name, selection[name]]])));

export const isEmpty = (selection: Selection): boolean => toSearch(selection).size === 0;

/** The address of the pack over the same selection. */
export function packPath(selection: Selection, language: string): string {
  const search = toSearch(selection);
  search.set('language', language === 'id' ? 'id' : 'en');
  return `/log/evidence?${search}`;
}

const DAY = 86_400_000;

/** Periods that people ask for by name; `days` counted back from `now` to the millisecond, the year's quarter in UTC. */
export function periodOf(name: 'day' | 'week' | 'month' | 'quarter', now: number): Required<Pick<Selection, 'from' | 'to'>> {
  const to = new Date(now);
  const days = { day: 1, week: 7, month: 30 } as const;
  const from = name === 'quarter' ? new Date(Date.UTC(to.getUTCFullYear(), Math.floor(to.getUTCMonth() / 3) * 3, 1)) : new Date(now - days[name] * DAY);
  return { from: from.toISOString(), to: to.toISOString() };
}
