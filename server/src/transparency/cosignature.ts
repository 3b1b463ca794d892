import { parseCheckpoint } from './checkpoint.ts';
import { LogFault } from './log-fault.ts';

const TIME_BYTES = 8;

/**
 * What a witness signs (C2SP tlog-cosignature, Ed25519), followed by the checkpoint's text:
 *
 *     cosignature/v1
 *     time 1679315147
 *
 * @throws {LogFault} when the text is no checkpoint: of nothing else a witness says anything.
 */
export function cosignedMessage(text: string, time: number): Buffer {
  parseCheckpoint(text);
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
}

/** Eight bytes, big-endian, before the signature. `time` is in whole seconds since the Unix epoch. */
export function writeTimestamp(time: number): Buffer {
  if (!Number.isSafeInteger(time) || time < 0) throw new LogFault('out-of-range', 'The time of a cosignature is in whole seconds since 1970');
  const bytes = Buffer.alloc(TIME_BYTES);
  bytes.writeBigUInt64BE(BigInt(time));
  return bytes;
}

/** @throws {LogFault} `invalid-signature` when there is no time, or one beyond 2^53 − 1 (the format ends at 2^63 − 1, and no clock gets near either). */
export function readTimestamp(bytes: Uint8Array): { readonly time: number; readonly signature: Uint8Array } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const time = buffer.length < TIME_BYTES ? Number.NaN : Number(buffer.readBigUInt64BE());
  if (!Number.isSafeInteger(time)) throw new LogFault('invalid-signature', 'A cosignature states no time');
  return { time, signature: buffer.subarray(TIME_BYTES) };
}
