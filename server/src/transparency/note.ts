import { LogFault } from './log-fault.ts';
import { isKeyName, type SignerKey, signText, type VerifierKey, verifyText } from './note-key.ts';
import { decodeBase64, isNoteText } from './strict-text.ts';

/** Upper bounds of what is read; the format asks for 16 signatures at least. */
const MOST_CHARACTERS = 1_000_000;
const MOST_SIGNATURES = 100;
const KEY_ID_BYTES = 4;

/** One signature line: who signed, and with what. */
export interface NoteSignature {
  readonly name: string;
  /** Eight digits of hex. */
  readonly keyId: string;
  /** What follows the key ID. */
  readonly signature: Buffer;
}

/** A note as it is written, with nothing verified. */
export interface UnverifiedNote {
  /** Ends with a line end. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface VerifiedSignature extends NoteSignature {
  readonly key: VerifierKey;
  /** Seconds since the Unix epoch; only of a cosignature. */
  readonly time?: number;
}

/** A note with at least one signature that a known key made. */
export interface OpenedNote {
  readonly text: string;
  /** One for each known key that signed, in the note's order. */
  readonly verified: readonly VerifiedSignature[];
  /** Of keys that are not known. They say nothing. */
  readonly unknown: readonly NoteSignature[];
}

const malformed = (): LogFault => new LogFault('malformed-note', 'This is no signed note');

/**
 * Reads a signed note (C2SP signed-note) and verifies nothing: a text, an empty line, and a line for each signature.
 *
 *     This is an example message.
 *
 *     — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
 *
 * Base64 is taken in its only spelling, so printing what was read gives the same bytes.
 * @throws {LogFault} `malformed-note`
 */
export function parseNote(note: string | Uint8Array): UnverifiedNote {
  const whole = typeof note === 'string' ? note : decodeUtf8(note);
  if (whole.length > MOST_CHARACTERS || !isNoteText(whole)) throw malformed();
  // The last empty line divides: the text may have empty lines of its own.
  const divide = whole.lastIndexOf('\n\n');
  const lines = whole.slice(divide + 2).split('\n');
  if (divide < 0 || lines.pop() !== '' || lines.length === 0 || lines.length > MOST_SIGNATURES) throw malformed();
  return { text: whole.slice(0, divide + 1), signatures: lines.map(parseSignature) };
}

export function printNote({ text, signatures }: UnverifiedNote): string {
  if (!text.endsWith('\n') || !isNoteText(text) || signatures.length === 0 || !signatures.every(({ name, signature }) => isKeyName(name) && signature.length > 0))
    throw malformed();
  const lines = signatures.map(({ name, keyId, signature }) => `— ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), signature]).toString('base64')}\n`);
  return `${text}\n${lines.join('')}`;
}

/**
 * Reads a note and verifies every signature of a known key.
 * @throws {LogFault} `malformed-note`; `ambiguous-key` when two known keys share name and ID; `invalid-signature` when
 *   one known key's signature is bad, whatever the others are; `no-known-signature`
 */
export function openNote(note: string | Uint8Array, known: readonly VerifierKey[]): OpenedNote {
  const keys = keysByIdentity(known);
  const { text, signatures } = parseNote(note);
  const verified = new Map<string, VerifiedSignature>();
  const unknown: NoteSignature[] = [];
  for (const line of signatures) {
    const key = keys.get(identity(line));
    if (key === undefined) {
      unknown.push(line);
      continue;
    }
    const read = { ...line, ...verifyText(key, text, line.signature), key };
    // A key counts once, however many lines it wrote.
    if (!verified.has(identity(line))) verified.set(identity(line), read);
  }
  if (verified.size === 0) throw new LogFault('no-known-signature', 'No known key has signed the note');
  return { text, verified: [...verified.values()], unknown };
}

/**
 * Signs a text with several keys at once: the old and the new one while keys are changed, a witness beside the log.
 * Signatures that are there already stay, except those of the keys that sign now.
 * @param time seconds since the Unix epoch, for cosigners
 */
export function signNote({ text, signatures }: UnverifiedNote, signers: readonly SignerKey[], time: number): string {
  const now = new Set(signers.map(({ verifier }) => identity(verifier)));
  const made = signers.map((signer) => ({ name: signer.verifier.name, keyId: signer.verifier.keyId, signature: signText(signer, text, time) }));
  return printNote({ text, signatures: [...signatures.filter((line) => !now.has(identity(line))), ...made] });
}

const identity = ({ name, keyId }: { readonly name: string; readonly keyId: string }): string => `${name}+${keyId}`;

function keysByIdentity(known: readonly VerifierKey[]): ReadonlyMap<string, VerifierKey> {
  const keys = new Map<string, VerifierKey>();
  for (const key of known) {
    const other = keys.get(identity(key));
    if (other !== undefined && !other.publicKey.equals(key.publicKey)) throw new LogFault('ambiguous-key', 'Two known keys have one name and one ID');
    keys.set(identity(key), key);
  }
  return keys;
}

function parseSignature(line: string): NoteSignature {
  const [dash, name = '', encoded = '', ...more] = line.split(' ');
  const bytes = decodeBase64(encoded);
  if (dash !== '—' || !isKeyName(name) || more.length > 0 || bytes === null || bytes.length <= KEY_ID_BYTES) throw malformed();
  return { name, keyId: bytes.toString('hex', 0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length > 4 * MOST_CHARACTERS) throw malformed();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed();
  }
}
