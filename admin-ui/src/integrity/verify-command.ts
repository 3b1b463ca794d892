import type { LogKey } from './log-state.ts';

/** A word as a POSIX shell takes it whole. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** What makes a retired key good up to where it signed, and no further. */
export const pinOf = ({ verifier, lastSize }: Pick<LogKey, 'verifier' | 'lastSize'>): string => (lastSize === null ? verifier : `${verifier}@${lastSize}`);

/** The command by which anybody checks a file of evidence offline, with the origin and keys that they trust. */
export const verifyCommand = (file: string, origin: string, keys: readonly Pick<LogKey, 'verifier' | 'lastSize'>[]): string =>
  ['npm run --silent -- sallyport verify', shellWord(file), '--origin', shellWord(origin), ...keys.flatMap((key) => ['--key', shellWord(pinOf(key))])].join(' ');
