import { LogFault } from './log-fault.ts';

/** Of one class of entries: what of it may be absent. */
export interface RetiredClass {
  /** `act`, `refusal`, `reading`. */
  readonly retention: string;
  /** Entries of the class with a smaller index may be absent. */
  readonly minimumIndex: number;
  /** `YYYY-MM`: what may be absent is of earlier months, in UTC. */
  readonly prunedBefore: string;
  /** How many they are: the class of an absent entry can't be told from its hash, so more than were pruned are not excused. */
  readonly entries: number;
}

/** Which entries of a log may be absent because they have served their time. Their leaf hashes stay, and every proof with them. */
export interface RetentionStatement {
  readonly origin: string;
  /** Each class once; of those that are not named nothing may be absent. */
  readonly classes: readonly RetiredClass[];
}

const SUFFIX = '/retention';
const LINE = /^([a-z][a-z-]{0,30}) (0|[1-9]\d{0,15}) (\d{4}-(?:0[1-9]|1[0-2])) (0|[1-9]\d{0,15})$/;

/**
 * The text of a signed note that states what may be absent:
 *
 *     sallyport.example/production/retention
 *     act 120512 2019-07 98311
 *     reading 804411 2024-07 203118
 */
export function printRetentionStatement({ origin, classes }: RetentionStatement): string {
  const lines = [...classes]
    .sort((a, b) => (a.retention < b.retention ? -1 : 1))
    .map(({ retention, minimumIndex, prunedBefore, entries }) => `${retention} ${minimumIndex} ${prunedBefore} ${entries}\n`);
  return `${origin}${SUFFIX}\n${lines.join('')}`;
}

/**
 * Reads the text of a note, whose signatures are for the caller to verify.
 * @throws {LogFault} `malformed-note` for anything but the one way to print it; `wrong-origin` for another log's
 */
export function parseRetentionStatement(text: string, origin: string): RetentionStatement {
  const [first, ...rest] = text.split('\n');
  if (first !== `${origin}${SUFFIX}`) throw new LogFault('wrong-origin', 'The statement of retention is another log’s, or none');
  const malformed = (): LogFault => new LogFault('malformed-note', 'This is no statement of retention');
  const classes = rest.slice(0, -1).map((line): RetiredClass => {
    const [, retention = '', index = '', prunedBefore = '', count = ''] = LINE.exec(line) ?? [];
    const [minimumIndex, entries] = [Number(index), Number(count)];
    if (retention === '' || !Number.isSafeInteger(minimumIndex) || !Number.isSafeInteger(entries)) throw malformed();
    return { retention, minimumIndex, prunedBefore, entries };
  });
  const statement = { origin, classes };
  if (new Set(classes.map(({ retention }) => retention)).size !== classes.length || printRetentionStatement(statement) !== text) throw malformed();
  return statement;
}
