import type { RoleTable } from '@sallyport/schema/policy/rights.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import type { AuditLog } from '../kernel/seams.ts';
import type { CookieJar } from './cookies.ts';
import type { PasswordCheck } from './password.ts';
import type { SecretKeys } from './sealed-secret.ts';

/** What every step of sign-in works with; made once by `createAuthentication`. */
export interface AccessContext {
  readonly db: Db;
  readonly audit: AuditLog;
  readonly keys: SecretKeys;
  readonly roles: RoleTable;
  readonly cookies: CookieJar;
  readonly passwords: PasswordCheck;
  /** Name under which an authenticator lists the account, e.g. `Sallyport (staging)`. */
  readonly issuer: string;
}
