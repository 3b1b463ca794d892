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

/**
 * How the log fares in one word, and why. What the last whole verification found counts too.
 * @param now milliseconds by the gateway's clock.
 */
export function judgeLog(log: LogState, lastVerification: string | null, now: number): { readonly tone: LogTone; readonly problems: readonly FoundProblem[] } {
  const problems: FoundProblem[] = [];
  const note = (problem: LogProblem, tone: FoundProblem['tone'], about: string | null = null): void => void problems.push({ problem, tone, about });
  const age = (iso: string | null): number => (iso === null ? Number.POSITIVE_INFINITY : (now - Date.parse(iso)) / 1000);

  if (log.standing === 'behind' || log.standing === 'fork') note(log.standing, 'bad');
  else if (log.standing !== 'sound') note('unknown', 'warning');
  if (lastVerification === 'DAMAGED') note('damaged', 'bad');
  if (log.size > 0 && log.checkpointSize === null) note('nothingSigned', 'bad');
  if ((log.oldestUnsealedSeconds ?? 0) > LATE.seal) note('sealingSlow', 'bad');
  if (log.checkpointSize !== null && log.checkpointSize < log.size && age(log.checkpointAt) > LATE.sign) note('signingSlow', 'bad');

  const witnesses = log.anchors.filter(({ kind }) => kind === 'witness');
  for (const { name, failingSince } of log.anchors) if (failingSince !== null) note('anchorFailing', 'warning', name);
  if (witnesses.length === 0) note('noWitness', 'warning');
  else if (witnesses.every(({ failingSince }) => failingSince === null) && (log.witnessedSize ?? 0) < (log.checkpointSize ?? 0) && age(log.witnessedAt) > LATE.witness)
    note('witnessSlow', 'warning');
  for (const { destination, failingSince, served, behindEvents, behindSeconds } of log.streams) {
    if (failingSince !== null) note('streamFailing', 'warning', destination);
    else if (!served) note('streamUnserved', 'warning', destination);
    else if (behindEvents > 0 && behindSeconds > LATE.stream) note('streamSlow', 'warning', destination);
  }
  const tone: LogTone = problems.some((found) => found.tone === 'bad') ? 'bad' : problems.length > 0 ? 'warning' : 'good';
  return { tone, problems };
}
