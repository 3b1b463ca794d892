import { generateSecret, generateSync, generateURI, verifySync } from 'otplib';
import { toString as drawQrCode } from 'qrcode';

/** Seconds of a time step (RFC 6238 §4.1). */
export const STEP_SECONDS = 30;
/** A code of the step before, of this one or of the next is accepted: a device's clock may be off by 30 s. */
const TOLERANCE_SECONDS = 30;

/** What any authenticator understands: SHA-1, six digits, 30 s, 160 random bits. Base32. */
export const makeTotpSecret = (): string => generateSecret({ length: 20 });

export type TotpAlgorithm = 'sha1' | 'sha256' | 'sha512';

/** The code of a moment (RFC 6238 §4.2). `epochSeconds` is Unix time; a secret in bytes is taken as it is, text as Base32. */
export function codeAt(secret: string | Uint8Array, epochSeconds: number, form: { algorithm?: TotpAlgorithm; digits?: 6 | 8 } = {}): string {
  return generateSync({ secret, epoch: epochSeconds, period: STEP_SECONDS, algorithm: form.algorithm ?? 'sha1', digits: form.digits ?? 6 });
}

export const isTotpForm = (value: unknown): value is string => typeof value === 'string' && /^\d{6}$/.test(value);

/** The time step that a code belongs to, among those accepted at `epochSeconds`; null when it is none of them. */
export function findStep(secret: string, code: string, epochSeconds: number): number | null {
  if (!isTotpForm(code)) return null;
  const result = verifySync({ secret, token: code, epoch: Math.floor(epochSeconds), period: STEP_SECONDS, epochTolerance: TOLERANCE_SECONDS });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}

/** Whole seconds until the next code. Says nothing about any code that was tried. */
export const secondsToNextCode = (epochSeconds: number): number => Math.max(1, Math.ceil(STEP_SECONDS - (epochSeconds % STEP_SECONDS)));

export interface AuthenticatorSetup {
  readonly otpauthUri: string;
  /** Base32, for typing by hand. */
  readonly secret: string;
  readonly qrSvg: string;
}

/** What is shown once to set up an authenticator. */
export async function describeAuthenticator(issuer: string, email: string, secret: string): Promise<AuthenticatorSetup> {
  const otpauthUri = generateURI({ issuer, label: email, secret });
  const qrSvg = await drawQrCode(otpauthUri, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' });
  return { otpauthUri, secret, qrSvg };
}
