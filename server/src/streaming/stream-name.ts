import { createHash } from 'node:crypto';

/**
 * Names a stream by where it goes: another address is another stream, which begins at the log's first entry. A digest, for an
 * address may itself hold a secret.
 */
export const streamName = (kind: 'http' | 'file', address: string): string => `${kind}-${createHash('sha256').update(address).digest('hex').slice(0, 12)}`;
