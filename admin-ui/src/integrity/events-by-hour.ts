import type { LogHour } from './log-state.ts';

const HOUR = 3_600_000;
const SHOWN = 24;

/**
 * How many events each of the last 24 hours added, from the sizes that checkpoints covered at its end. An hour without a checkpoint
 * added none; a log that lost events (a gap) never counts below nothing.
 * @param size what the log holds now: the present hour counts up to it.
 * @param now milliseconds by the gateway's clock.
 */
export function eventsByHour(hours: readonly LogHour[], size: number, now: number): readonly { readonly hour: string; readonly events: number }[] {
  const current = Math.floor(now / HOUR) * HOUR;
  const first = current - (SHOWN - 1) * HOUR;
  const known = hours.map((entry) => ({ at: Date.parse(entry.hour), size: entry.size })).toSorted((one, other) => one.at - other.at);
  let before = known.findLast(({ at }) => at < first)?.size ?? 0;
  return Array.from({ length: SHOWN }, (_, place) => {
    const at = first + place * HOUR;
    const reached = at === current ? size : (known.find((entry) => entry.at === at)?.size ?? before);
    const events = Math.max(0, reached - before);
    before = reached;
    return { hour: new Date(at).toISOString(), events };
  });
}
