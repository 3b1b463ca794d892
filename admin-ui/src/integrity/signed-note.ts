/** One signature of a note (C2SP signed-note): who says to have signed, and with what. */
export interface NoteSignature {
  readonly name: string;
  /** Eight digits of hex. */
  readonly keyId: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

export interface SignedNote {
  /** What is signed; ends with a line end. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Whom to believe; `cosignature` is a witness's key (C2SP tlog-cosignature). */
export interface VerifierKey {
  readonly text: string;
  readonly name: string;
  readonly keyId: string;
  readonly type: 'ed25519' | 'cosignature';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array<ArrayBuffer>;
}

/** Thrown for what is not in the form that the formats ask for. */
export class MalformedProof extends Error {}

const HASH_BYTES = 32;
const KEY_ID_BYTES = 4;
const TYPES: Readonly<Record<number, VerifierKey['type']>> = { 1: 'ed25519', 4: 'cosignature' };

/** Base64 in its only spelling. @throws {MalformedProof} */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new MalformedProof('This is no base64');
  }
  if (btoa(binary) !== text) throw new MalformedProof('This is no base64');
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @throws {MalformedProof} */
export function hashFrom(text: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(text);
  if (bytes.length !== HASH_BYTES) throw new MalformedProof('This is no hash');
  return bytes;
}

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const SIGNATURE_LINE = /^— (\S+) (\S+)$/;

/** Reads a signed note; nothing is verified yet. @throws {MalformedProof} */
export function parseNote(note: string): SignedNote {
  const divide = note.lastIndexOf('\n\n');
  const lines = note.slice(divide + 2).split('\n');
  if (divide < 0 || lines.pop() !== '' || lines.length === 0) throw new MalformedProof('This is no signed note');
  const signatures = lines.map((line): NoteSignature => {
    const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (name === '' || bytes.length <= KEY_ID_BYTES) throw new MalformedProof('This is no signature of a note');
    return { name, keyId: toHex(bytes.slice(0, KEY_ID_BYTES)), signature: bytes.slice(KEY_ID_BYTES) };
  });
  return { text: note.slice(0, divide + 1), signatures };
}

/** Reads the text of a checkpoint (C2SP tlog-checkpoint): origin, size, root. @throws {MalformedProof} */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n');
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)) || rest.at(-1) !== '') throw new MalformedProof('This is no checkpoint');
  return { origin, size: Number(size), root: hashFrom(root) };
}

/**
 * Reads a verifier key, `name+keyid+base64`, and computes its ID anew: name and ID together say which key made a signature.
 * @throws {MalformedProof}
 */
export async function parseVerifierKey(text: string): Promise<VerifierKey> {
  const [name = '', keyId = '', ...encoded] = text.trim().split('+');
  // Base64 has plus signs of its own.
  const typed = fromBase64(encoded.join('+'));
  const type = TYPES[typed[0] ?? 0];
  if (name === '' || /\s/.test(name) || type === undefined || typed.length !== 1 + HASH_BYTES) throw new MalformedProof('This is no verifier key');
  const material = new Uint8Array([...new TextEncoder().encode(`${name}\n`), ...typed]);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', material));
  if (toHex(digest.slice(0, KEY_ID_BYTES)) !== keyId) throw new MalformedProof('The ID of the key is not its own');
  return { text: text.trim(), name, keyId, type, bytes: typed.slice(1) };
}

const TIME_BYTES = 8;

/**
 * Whether a key made this signature over the note's text. A witness's covers the time that it states.
 * @returns null where this browser can't do Ed25519.
 */
export async function isSignedBy(key: VerifierKey, text: string, { signature }: NoteSignature): Promise<boolean | null> {
  let bytes = signature;
  let message = text;
  if (key.type === 'cosignature') {
    if (bytes.length <= TIME_BYTES) return false;
    const time = new DataView(bytes.buffer, bytes.byteOffset, TIME_BYTES).getBigUint64(0);
    message = `cosignature/v1\ntime ${time}\n${text}`;
    bytes = bytes.slice(TIME_BYTES);
  }
  try {
    const imported = await crypto.subtle.importKey('raw', key.bytes, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', imported, bytes, new TextEncoder().encode(message));
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === 'NotSupportedError') return null;
    throw fault;
  }
}
