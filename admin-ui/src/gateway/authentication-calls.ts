import { callGateway } from './send-request.ts';

export interface OwnSession {
  readonly id: string;
  readonly current: boolean;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface Profile {
  readonly passwordChangedAt: string | null;
  readonly totp: { readonly enrolledAt: string | null };
  readonly recoveryCodes: { readonly left: number };
}

/** What an authenticator scans. */
export interface AuthenticatorSetup {
  readonly otpauthUri: string;
  readonly secret: string;
  /** The QR code as an SVG document; shown as an image, never as markup. */
  readonly qrSvg: string;
}

export interface Enrolment extends AuthenticatorSetup {
  readonly email: string;
  readonly displayName: string;
}

export const signIn = (email: string, password: string): Promise<{ next: string }> => callGateway('/auth/sign-in', { email, password });
export const confirmTotp = (code: string): Promise<unknown> => callGateway('/auth/totp', { code });
export const signInWithRecoveryCode = (code: string): Promise<unknown> => callGateway('/auth/recovery-code', { code });
export const signOut = (): Promise<unknown> => callGateway('/auth/sign-out', {});
export const passStepUp = (challenge: string, code: string, correlationId: string): Promise<{ proof: string; expiresAt: string }> =>
  callGateway('/auth/step-up', { challenge, code }, { correlationId });
export const beginEnrolment = (token: string): Promise<Enrolment> => callGateway('/auth/enrol', { token });
export const confirmEnrolment = (token: string, password: string, code: string): Promise<{ recoveryCodes: readonly string[] }> =>
  callGateway('/auth/enrol/confirm', { token, password, code });
export const listOwnSessions = (): Promise<{ sessions: readonly OwnSession[] }> => callGateway('/auth/sessions');
export const endOwnSession = (id: string): Promise<unknown> => callGateway('/auth/sessions/end', { id });
export const loadProfile = (): Promise<Profile> => callGateway('/auth/profile');
export const renewRecoveryCodes = (code: string): Promise<{ recoveryCodes: readonly string[] }> => callGateway('/auth/recovery-codes', { code });
export const changePassword = (password: string, code: string, newPassword: string): Promise<unknown> => callGateway('/auth/password', { password, code, newPassword });
export const startTotpReplacement = (password: string, code: string): Promise<AuthenticatorSetup & { replacement: string }> =>
  callGateway('/auth/totp/replace', { password, code });
export const confirmTotpReplacement = (replacement: string, code: string): Promise<{ recoveryCodes: readonly string[] }> =>
  callGateway('/auth/totp/replace/confirm', { replacement, code });
