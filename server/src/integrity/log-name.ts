import { randomBytes } from 'node:crypto';

const GAP = /\/gap\/(\d{1,6})$/;

/** The name that a log was born with, from the name that it has now. */
export const bornAs = (origin: string): string => origin.replace(GAP, '');

/** How many gaps have been acknowledged on the way to this name. */
export const gapsOf = (origin: string): number => Number(GAP.exec(origin)?.[1] ?? 0);

/** The name under which a log goes on after a gap: a name of its own, since what it signs does not continue what others have seen. */
export const nameAfterGap = (origin: string): string => `${bornAs(origin)}/gap/${gapsOf(origin) + 1}`;

/**
 * Names under which others may have seen a log: its own, each later one of which something was seen, and the one after the last. Where an older
 * copy of the database was put back more than once, several later names are known outside that it has never heard of.
 */
export function namesToAsk(origin: string, seen: readonly string[]): readonly string[] {
  const later = seen.filter((name) => bornAs(name) === bornAs(origin) && gapsOf(name) > gapsOf(origin)).toSorted((one, other) => gapsOf(one) - gapsOf(other));
  return [...new Set([origin, ...later, nameAfterGap(later.at(-1) ?? origin)])];
}

/** A name for a new log where none was given: host, installation, and enough that no other log has it. */
export function inventLogName(publicUrl: string, environment: string): string {
  return `${URL.parse(publicUrl)?.hostname ?? 'localhost'}/${environment}/${randomBytes(4).toString('hex')}`;
}
