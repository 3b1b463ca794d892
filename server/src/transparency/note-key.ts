import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject, sign, verify } from 'node:crypto';
import { cosignedMessage, readTimestamp, writeTimestamp } from './cosignature.ts';
import { LogFault } from './log-fault.ts';
import { decodeBase64, isNoteText } from './strict-text.ts';

/** `ed25519` signs a note's text; `cosignature` is a witness's statement about a checkpoint, with its time. */
export type SignatureType = 'ed25519' | 'cosignature';

/** Signature type identifiers (C2SP signed-note, tlog-cosignature). */
const TYPE_BYTES: Readonly<Record<SignatureType, number>> = { ed25519: 0x01, cosignature: 0x04 };
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** DER around the 32 bytes of a key (RFC 8410 §4, §7). */
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex');
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Whom to believe. Name and key ID together say which key made a signature. */
export interface VerifierKey {
  readonly name: string;
  /** First four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key), in hex. */
  readonly keyId: string;
  readonly type: SignatureType;
  readonly publicKey: KeyObject;
}

/** A verifier key with its secret half. Printed, logged or put into an error it would be lost. */
export interface SignerKey {
  readonly verifier: VerifierKey;
  readonly privateKey: KeyObject;
}

/** Bytes of a signature after the key ID, and the time that they state, if their type does. */
export interface ReadSignature {
  /** Seconds since the Unix epoch; only of a cosignature. */
  readonly time?: number;
}

/** Non-empty, no white space in Unicode's sense, no plus. */
export const isKeyName = (name: string): boolean => name !== '' && isNoteText(name) && !/[\p{White_Space}+]/u.test(name);

const rawPublicKey = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_DER.length);
const rawPrivateKey = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_DER.length);

function makeVerifierKey(name: string, type: SignatureType, publicKey: KeyObject): VerifierKey {
  const material = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(TYPE_BYTES[type]), rawPublicKey(publicKey)]);
  return { name, keyId: hash('sha256', material, 'hex').slice(0, 8), type, publicKey };
}

/** Splits `<name>+<key ID>+<base64(type ‖ key)>`. */
function readKeyText(text: string): { readonly name: string; readonly keyId: string; readonly type: SignatureType; readonly key: Buffer } {
  const [name = '', keyId = '', encoded = '', ...more] = text.split('+');
  // Base64 has plus signs of its own.
  const bytes = decodeBase64([encoded, ...more].join('+'));
  const type = (Object.keys(TYPE_BYTES) as SignatureType[]).find((candidate) => TYPE_BYTES[candidate] === bytes?.[0]);
  if (!isKeyName(name) || bytes === null || type === undefined || bytes.length !== 1 + KEY_BYTES) throw new LogFault('malformed-key', 'This is no Ed25519 key of a signed note');
  return { name, keyId, type, key: bytes.subarray(1) };
}

function requireKeyId(key: VerifierKey, keyId: string): VerifierKey {
  if (key.keyId !== keyId) throw new LogFault('malformed-key', 'The ID of the key is not the one that its name and bytes give');
  return key;
}

/**
 * Reads a verifier key: `example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k`.
 * @throws {LogFault} `malformed-key`
 */
export function parseVerifierKey(text: string): VerifierKey {
  const { name, keyId, type, key } = readKeyText(text);
  const publicKey = createPublicKey({ key: Buffer.concat([PUBLIC_DER, key]), format: 'der', type: 'spki' });
  return requireKeyId(makeVerifierKey(name, type, publicKey), keyId);
}

export function printVerifierKey({ name, keyId, type, publicKey }: VerifierKey): string {
  return `${name}+${keyId}+${Buffer.concat([Buffer.of(TYPE_BYTES[type]), rawPublicKey(publicKey)]).toString('base64')}`;
}

const SIGNER_PREFIX = 'PRIVATE+KEY+';

/**
 * Reads a signer key: `PRIVATE+KEY+<name>+<key ID>+<base64(type ‖ seed)>`. Secret.
 * @throws {LogFault} `malformed-key`, which says nothing of the key
 */
export function parseSignerKey(text: string): SignerKey {
  if (!text.startsWith(SIGNER_PREFIX)) throw new LogFault('malformed-key', 'This is no signer key');
  const { name, keyId, type, key } = readKeyText(text.slice(SIGNER_PREFIX.length));
  const privateKey = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, key]), format: 'der', type: 'pkcs8' });
  return { verifier: requireKeyId(makeVerifierKey(name, type, createPublicKey(privateKey)), keyId), privateKey };
}

/** The text to keep in a secret file. */
export function printSignerKey({ verifier, privateKey }: SignerKey): string {
  return `${SIGNER_PREFIX}${verifier.name}+${verifier.keyId}+${Buffer.concat([Buffer.of(TYPE_BYTES[verifier.type]), rawPrivateKey(privateKey)]).toString('base64')}`;
}

/** Makes a key. A cosigner's has to be used for nothing else: its statements do not name the cosigner. */
export function generateSignerKey(name: string, type: SignatureType = 'ed25519'): SignerKey {
  if (!isKeyName(name)) throw new LogFault('malformed-key', 'The name of a key has no spaces and no plus');
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { verifier: makeVerifierKey(name, type, publicKey), privateKey };
}

/** Signs a note's text. `time`, in seconds since the Unix epoch, is stated by a cosignature and by nothing else. */
export function signText({ verifier, privateKey }: SignerKey, text: string, time: number): Buffer {
  if (verifier.type === 'ed25519') return sign(null, Buffer.from(text), privateKey);
  return Buffer.concat([writeTimestamp(time), sign(null, cosignedMessage(text, time), privateKey)]);
}

/** @throws {LogFault} `invalid-signature` when `signature` is not one of this key over this text. */
export function verifyText(key: VerifierKey, text: string, signature: Uint8Array): ReadSignature {
  const invalid = (): LogFault => new LogFault('invalid-signature', 'A known key has not made the signature in its name');
  if (key.type === 'ed25519') {
    if (signature.length !== SIGNATURE_BYTES || !verify(null, Buffer.from(text), key.publicKey, signature)) throw invalid();
    return {};
  }
  const { time, signature: inner } = readTimestamp(signature);
  if (inner.length !== SIGNATURE_BYTES || !verify(null, cosignedMessage(text, time), key.publicKey, inner)) throw invalid();
  return { time };
}
