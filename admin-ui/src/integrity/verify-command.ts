import type { LogKey, LogWitness } from './log-state.ts';

/** A word as a POSIX shell takes it whole. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** What makes a retired key good up to where it signed, and no further. */
export const pinOf = ({ verifier, lastSize }: Pick<LogKey, 'verifier' | 'lastSize'>): string => (lastSize === null ? verifier : `${verifier}@${lastSize}`);

/** Whether a key is of a log of that name: after a loss, keys of the name before it stay known. */
export const isOfName = (verifier: string, origin: string | null): boolean => origin !== null && verifier.startsWith(`${origin}+`);

/** The command by which anybody checks a file of evidence offline, with the origin, its keys and the witnesses that they trust. */
export const verifyCommand = (
  file: string,
  origin: string,
  keys: readonly Pick<LogKey, 'verifier' | 'lastSize'>[],
  witnesses: readonly Pick<LogWitness, 'verifier'>[] = [],
): string =>
  [
    'npm run --silent -- sallyport verify',
    shellWord(file),
    '--origin',
    shellWord(origin),
    ...keys.filter(({ verifier }) => isOfName(verifier, origin)).flatMap((key) => ['--key', shellWord(pinOf(key))]),
    ...witnesses.flatMap(({ verifier }) => ['--witness', shellWord(verifier)]),
  ].join(' ');
