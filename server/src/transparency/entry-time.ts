/**
 * Seconds that an entry may be earlier than the one before it. An event gets its time at its append and its place at its sealing, after the commit: events
 * that were written side by side may change places by as long as a transaction stays open after an append. The gateway's statements are cut off
 * after ten seconds and idle transactions after thirty; what goes back by more than a minute is the work of a clock.
 */
export const MOST_BACK_SECONDS = 60;

const MEMBER = Buffer.from('"time":"');
const LENGTH = 'yyyy-mm-ddThh:mm:ss.uuuuuuZ'.length;

/**
 * The time that an entry states of itself, in UTC and always of one width, so that texts compare as times do; null where it states none. The bytes are RFC 8785 JSON,
 * whose members are sorted, so that the last one of this name is the event's own; within a text the quotation marks would be escaped.
 */
export function timeTextOf(entry: Buffer): string | null {
  const at = entry.lastIndexOf(MEMBER);
  return at < 0 ? null : entry.toString('latin1', at + MEMBER.length, at + MEMBER.length + LENGTH);
}
