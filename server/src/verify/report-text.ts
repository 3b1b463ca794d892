import { rangeText, type VerifyKind, type VerifyReport } from './verify-report.ts';

const KINDS: Readonly<Record<VerifyKind, string>> = { pack: 'evidence pack', folder: 'folder of tiles', entries: 'file of entries' };
/** Runs of entries that were not disclosed, named one by one up to here. */
const MOST_RUNS = 20;

/** What comes from a signed text but was made elsewhere: printed without control characters and direction marks. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');

type Verdict = 'INTACT' | 'NOT INTACT' | 'NOT SHOWN';

const verdictOf = ({ intact, faults }: VerifyReport): Verdict => (intact ? 'INTACT' : faults.every(({ fault }) => fault === 'undecided') ? 'NOT SHOWN' : 'NOT INTACT');

/** What a verdict means for whoever relies on what was checked. */
function meaningOf(verdict: Verdict, kind: VerifyKind): string {
  if (verdict === 'NOT INTACT') return 'Do not rely on it. What is wrong:';
  if (verdict === 'NOT SHOWN') return 'Nothing wrong was found, but what you gave does not settle it:';
  return kind === 'pack' ? 'Every event is as the log signed it, and every other file as it was when the pack was signed.' : 'Every entry is as the log signed it.';
}

/** The report for people, in plain words; the first line is the verdict, and what is wrong comes before what was looked at. */
export function reportText(report: VerifyReport): string {
  const { kind, origin, checkpoint, comparedWith, entries, absent, selection, faults, notes } = report;
  const verdict = verdictOf(report);
  const lines: string[] = [verdict, meaningOf(verdict, kind), ''];
  for (const { fault, file, message } of faults) lines.push(`  ${fault}${file === undefined ? '' : ` (${plain(file)})`}: ${plain(message)}`, '');
  lines.push(`  ${KINDS[kind]} of the log ${plain(origin)}`);
  if (checkpoint) {
    lines.push(`  checkpoint of ${checkpoint.size} entries, root ${checkpoint.root}`, `  signed by ${checkpoint.signedBy.map(plain).join(', ')}`);
    for (const { name, time } of checkpoint.cosignedBy) lines.push(`  seen by the witness ${plain(name)} at ${timeText(time)}`);
    if (checkpoint.cosignedBy.length === 0) lines.push('  seen by no witness that you named');
  }
  for (const size of comparedWith) lines.push(`  continues or is continued by your checkpoint of ${size} entries`);
  lines.push(`  ${entries} entries hashed${absent > 0 ? `, ${absent} absent by a signed statement of retention, their hashes in place` : ''}`);
  if (selection) {
    const { begin, end, disclosed, withheld } = selection;
    const hidden = withheld.reduce((sum, run) => sum + run.end - run.begin, 0);
    lines.push(`  selected from ${rangeText({ begin, end })}: ${disclosed} disclosed, ${hidden} not disclosed`);
    for (const run of withheld.slice(0, MOST_RUNS)) lines.push(`    not disclosed: ${rangeText(run)}`);
    if (withheld.length > MOST_RUNS) lines.push(`    and ${withheld.length - MOST_RUNS} more runs`);
  }
  for (const note of notes) lines.push(`  note: ${plain(note)}`);
  return lines.join('\n');
}

function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? `${seconds} s after 1970` : time.toISOString().replace('.000Z', 'Z');
}
