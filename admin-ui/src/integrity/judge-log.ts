import type { LogState } from './log-state.ts';

/** `good`: nothing to do. `warning`: look soon. `bad`: what the log says can't be relied on, or nothing can be written. */
export type LogTone = 'good' | 'warning' | 'bad';

/** What is amiss, by the name of its words. */
export type LogProblem =
  | 'behind'
  | 'fork'
  | 'damaged'
  | 'nothingSigned'
  | 'sealingSlow'
  | 'signingSlow'
  | 'unknown'
  | 'doubted'
  | 'storeFull'
  | 'storeFilling'
  | 'clockDiffers'
  | 'clockJumped'
  | 'witnessEnds'
  | 'noWitness'
  | 'witnessSlow'
  | 'anchorFailing'
  | 'streamFailing'
  | 'streamSlow'
  | 'streamUnserved';

export interface FoundProblem {
  readonly problem: LogProblem;
  readonly tone: Exclude<LogTone, 'good'>;
  /** Anchor or stream that it is about. */
  readonly about: string | null;
}

/** Seconds after which what takes about one second is late. */
const LATE = { seal: 30, sign: 60, witness: 180, stream: 300 } as const;
/** Seconds by which two clocks may differ. */
const MOST_APART = 5;
/** A witness that ends so often in a row does not come back by itself. */
const MANY_FAILURES = 3;

/**
 * How the log fares in one word, and why. What the last whole verification found counts too.
 * @param now milliseconds by the gateway's clock.
 */
export function judgeLog(log: LogState, lastVerification: string | null, now: number): { readonly tone: LogTone; readonly problems: readonly FoundProblem[] } {
  const problems: FoundProblem[] = [];
  const note = (problem: LogProblem, tone: FoundProblem['tone'], about: string | null = null): void => void problems.push({ problem, tone, about });
  const age = (iso: string | null): number => (iso === null ? Number.POSITIVE_INFINITY : (now - Date.parse(iso)) / 1000);

  if (log.standing === 'behind' || log.standing === 'fork') note(log.standing, 'bad');
  else if (log.standing === 'doubted') note('doubted', 'warning');
  else if (log.standing !== 'sound') note('unknown', 'bad');
  if (log.store?.level === 'full') note('storeFull', 'bad');
  else if (log.store?.level === 'filling') note('storeFilling', 'warning');
  if (lastVerification === 'DAMAGED') note('damaged', 'bad');
  // While the standing forbids it nothing is signed, and so nothing cosigned: that is no trouble of its own.
  const maySign = log.standing === 'sound';
  if (maySign && log.size > 0 && log.checkpointSize === null) note('nothingSigned', 'bad');
  if ((log.oldestUnsealedSeconds ?? 0) > LATE.seal) note('sealingSlow', 'bad');
  if (maySign && log.checkpointSize !== null && log.checkpointSize < log.size && age(log.checkpointAt) > LATE.sign) note('signingSlow', 'bad');

  const witnesses = log.anchors.filter(({ kind }) => kind === 'witness');
  for (const { name, failures } of log.witnesses) if ((failures ?? 0) >= MANY_FAILURES) note('witnessEnds', 'warning', name);
  for (const { name, failingSince } of log.anchors) if (failingSince !== null) note('anchorFailing', 'warning', name);
  if (witnesses.length === 0) note('noWitness', 'warning');
  else if (maySign && witnesses.every(({ failingSince }) => failingSince === null) && (log.witnessedSize ?? 0) < (log.checkpointSize ?? 0) && age(log.witnessedAt) > LATE.witness)
    note('witnessSlow', 'warning');
  for (const { destination, failingSince, served, behindEvents, behindSeconds } of log.streams) {
    if (failingSince !== null) note('streamFailing', 'warning', destination);
    else if (!served) note('streamUnserved', 'warning', destination);
    else if (behindEvents > 0 && behindSeconds > LATE.stream) note('streamSlow', 'warning', destination);
  }
  if (Math.abs(log.clock.differenceSeconds ?? 0) > MOST_APART) note('clockDiffers', 'warning');
  if (log.clock.jumps > 0) note('clockJumped', 'warning');
  const tone: LogTone = problems.some((found) => found.tone === 'bad') ? 'bad' : problems.length > 0 ? 'warning' : 'good';
  return { tone, problems };
}
