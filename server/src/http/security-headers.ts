import { randomBytes } from 'node:crypto';

/** On every answer, whatever its kind. */
const ALWAYS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()',
  'x-permitted-cross-domain-policies': 'none',
  'x-dns-prefetch-control': 'off',
};

/** For answers that are data: nothing may be loaded or run from them. */
const DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Two years, as the preload lists ask; only over https, where a browser heeds it. */
const STRICT_TRANSPORT = 'max-age=63072000; includeSubDomains';

export function securityHeaders(https: boolean): Readonly<Record<string, string>> {
  return { ...ALWAYS, 'content-security-policy': DATA_POLICY, ...(https ? { 'strict-transport-security': STRICT_TRANSPORT } : {}) };
}

/**
 * Policy of the console's pages: own files only, no inline script, and inline style sheets only with this
 * answer's nonce (emotion writes its sheets at run time). Images from `data:` for the enrolment QR code.
 */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

export const makeNonce = (): string => randomBytes(18).toString('base64');
