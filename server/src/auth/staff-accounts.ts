import type { RequestContext, StaffService } from '@sallyport/schema/ports.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { decidingPermissions } from './deciding-permissions.ts';
import { normaliseEmail } from './email.ts';
import { createEnrolmentLink } from './enrolment/enrolment-link.ts';
import { endTemporaryGrants } from './grants/end-temporary-grants.ts';
import { endSessions } from './sessions/end-sessions.ts';

export interface StaffServiceOptions {
  readonly registry: Registry;
  readonly audit: AuditLog;
  /** Address under which people reach the gateway; enrolment links begin with it, never with a request's (THREATS A14). */
  readonly publicUrl: string;
}

/** What acts on staff may ask of sign-in and sessions, for one viewer's act. */
export function createStaffService({ registry, audit, publicUrl }: StaffServiceOptions): (context: RequestContext, viewer: Viewer) => StaffService {
  const neverLent = decidingPermissions(registry);
  return (context, viewer) => {
    const facts = { correlationId: context.correlationId, surface: context.surface, ip: context.ip, userAgent: context.userAgent };
    return {
      endSessions: async (tx, staffId, why) => (await endSessions(audit, tx, { staffId, why }, facts, { viewer })).length,
      endTemporaryGrants: (tx, staffId) => endTemporaryGrants(audit, tx, staffId, facts, { viewer }),
      mayBeLent: (permission) => !neverLent.has(permission),
      makeEnrolmentLink: (tx, staffId) => createEnrolmentLink(tx, staffId, publicUrl, viewer.actor.id),
      normaliseEmail,
    };
  };
}
