import { createHash } from 'node:crypto';
import { canonicalJson } from '../audit/canonical-json.ts';

/**
 * SHA-256, hex, of RFC 8785 JSON over action, target and arguments: what a step-up proof or an
 * idempotency key is bound to. The proof itself, the key and `preview` are no part of it.
 */
export function actionDigest(action: string, target: { readonly type: string; readonly id: string | null }, args: unknown): string {
  return createHash('sha256')
    .update(canonicalJson({ action, target, arguments: args }))
    .digest('hex');
}
