import type { CLASSES, ClassName, Severity } from './classes.ts';
import type { FactorName } from './ocsf-objects.ts';

interface RuleFacts {
  /** Of an event whose outcome is `ok`; a refusal or failure is never less than its own. Informational unless said. */
  readonly severity?: Severity;
  /** Where its failure says more than that something could not be done. */
  readonly failureSeverity?: Severity;
  /** Whom it is about: the person who acted (whom the detail names where a process did), or the one that target or detail names. */
  readonly user?: 'actor' | 'named';
  /** What was proven or changed, besides what the event's detail names. */
  readonly factors?: readonly FactorName[];
  /** Both factors were asked for. */
  readonly isMultiFactor?: boolean;
  /** Who signs people in or out: the gateway itself unless it is the product behind it. */
  readonly service?: 'product';
  /** Type of the entity where it is not the event's target, e.g. a request that names its future target. */
  readonly entity?: 'approvalRequest';
  /** A tenant, which OCSF calls an organization. */
  readonly isOrganization?: boolean;
  /** Name of the role where the event names none. */
  readonly role?: string;
}

/** Class and activity of a kind; an activity of our own (99) by its name under `other`. */
export type KindRule = {
  [Name in ClassName]: RuleFacts & { readonly class: Name } & (
      | { readonly activity: keyof (typeof CLASSES)[Name]['activities'] | 'Unknown' }
      | { readonly activity: 'Other'; readonly other: string }
    );
}[ClassName];

const signIn = { class: 'authentication', user: 'actor' } as const;
const person = { class: 'userManagement', user: 'named' } as const;
const oneself = { class: 'userManagement', user: 'actor' } as const;
const session = { class: 'authorizeSession', user: 'actor' } as const;
const entity = { class: 'entityManagement' } as const;
const request = { class: 'entityManagement', entity: 'approvalRequest' } as const;
const process = { class: 'applicationLifecycle' } as const;
const api = { class: 'apiActivity' } as const;

/** Every kind of the catalogue, each one decided on; a test fails where one is missing. */
const KIND_RULES: Readonly<Record<string, KindRule>> = {
  'gateway.request.refused': { ...api, activity: 'Unknown' },
  'gateway.request.refused-often': { ...api, activity: 'Unknown', severity: 'Medium' },
  'gateway.process.started': { ...process, activity: 'Start' },
  'gateway.process.stopped': { ...process, activity: 'Stop' },
  'gateway.records.searched-across-tenants': { ...api, activity: 'Read', severity: 'Low' },
  'gateway.job.failed': { ...api, activity: 'Other', other: 'Run job', severity: 'Medium' },

  'access.password.accepted': { ...signIn, activity: 'Preauth', factors: ['password'] },
  'access.password.refused': { ...signIn, activity: 'Logon', factors: ['password'] },
  'access.second-factor.refused': { ...signIn, activity: 'Logon', isMultiFactor: true, severity: 'Medium' },
  'access.session.started': { ...signIn, activity: 'Logon', factors: ['password'], isMultiFactor: true },
  'access.session.ended': { ...signIn, activity: 'Logoff' },
  'access.session.end-refused': { ...signIn, activity: 'Logoff' },
  'access.step-up.verified': { ...signIn, activity: 'Other', other: 'Step-up', factors: ['totp'] },
  'access.step-up.refused': { ...signIn, activity: 'Other', other: 'Step-up', factors: ['totp'] },
  // The session itself is an event of its own: a second Logon would count twice.
  'access.recovery-code.used': { ...signIn, activity: 'Preauth', factors: ['recovery-code'], isMultiFactor: true, severity: 'Low' },
  'access.enrolment.opened': { ...oneself, activity: 'Other', other: 'Open enrolment' },
  'access.enrolment.completed': { ...oneself, activity: 'Enable MFA Factors', factors: ['password', 'totp'] },
  'access.enrolment.refused': { ...oneself, activity: 'Enable MFA Factors', factors: ['totp'] },
  'access.password.changed': { ...oneself, activity: 'Password Change', factors: ['password'] },
  'access.recovery-codes.replaced': { ...oneself, activity: 'Enable MFA Factors', factors: ['recovery-code'] },
  'access.totp.replacement-started': { ...oneself, activity: 'Other', other: 'Start MFA replacement', factors: ['totp'] },
  'access.totp.replaced': { ...oneself, activity: 'Enable MFA Factors', factors: ['totp'] },
  'access.totp-key.rotated': { ...entity, activity: 'Update' },

  'access.staff.invited': { ...person, activity: 'Create' },
  'access.staff.disabled': { ...person, activity: 'Disable' },
  'access.staff.enabled': { ...person, activity: 'Enable' },
  'access.staff.enrolment-renewed': { ...person, activity: 'Disable MFA Factors', factors: ['password', 'totp'], severity: 'Low' },
  'access.staff.enrolment-link-made': { ...person, activity: 'Other', other: 'Make enrolment link' },
  'access.staff.linked': { ...person, activity: 'Update' },
  'access.grant.given': { ...person, activity: 'Assign Roles' },
  'access.grant.revoked': { ...person, activity: 'Remove Roles' },
  'access.administration.ends-soon': { ...person, activity: 'Other', other: 'Warn of ending administration', severity: 'High' },
  // The one who acts is the holder: the act is the requester's, whoever approved it.
  'access.elevation.granted': { ...oneself, activity: 'Assign Roles', role: 'elevation', severity: 'Low' },
  'access.elevation.activated': { ...session, activity: 'Assign Roles', role: 'elevation', severity: 'Low' },
  'access.elevation.dropped': { ...oneself, activity: 'Remove Roles', role: 'elevation' },
  'access.personal-fields.read': { ...api, activity: 'Read' },
  'access.field.refused': { ...api, activity: 'Read' },

  'approvals.request.filed': { ...request, activity: 'Create' },
  'approvals.request.approved': { ...request, activity: 'Activate' },
  'approvals.request.denied': { ...request, activity: 'Deactivate' },
  'approvals.request.cancelled': { ...request, activity: 'Deactivate' },
  'approvals.request.expired': { ...request, activity: 'Deactivate' },

  'tokens.token.created': { ...oneself, activity: 'Add Programmatic Credentials' },
  'tokens.token.revoked': { ...person, activity: 'Remove Programmatic Credentials' },
  'tokens.token.exchanged': { ...signIn, activity: 'Other', other: 'Exchange token' },
  'tokens.token.exchange-refused': { ...signIn, activity: 'Other', other: 'Exchange token', severity: 'Medium' },
  'tokens.token.refused': { ...api, activity: 'Unknown' },
  'tokens.signing-key.rotated': { ...entity, activity: 'Update' },

  'emergency.break-glass.started': { ...session, activity: 'Assign Roles', role: 'break-glass', severity: 'High' },
  'emergency.break-glass.ended': { ...oneself, activity: 'Remove Roles', role: 'break-glass' },
  'emergency.break-glass.reviewed': { ...entity, activity: 'Update' },
  'emergency.break-glass.unreviewed': { ...entity, activity: 'Other', other: 'Warn of owed review', severity: 'High' },

  'reviews.campaign.started': { ...entity, activity: 'Create' },
  'reviews.campaign.closed': { ...entity, activity: 'Deactivate' },
  'reviews.item.kept': { ...entity, activity: 'Update' },
  'reviews.item.revoked': { ...entity, activity: 'Update' },
  'reviews.access.revoked': { ...entity, activity: 'Deactivate' },
  'reviews.access.guarded': { ...entity, activity: 'Deactivate', severity: 'High' },

  'audit.events.read': { ...api, activity: 'Read' },
  'audit.events.exported': { ...api, activity: 'Read', severity: 'Low' },
  'audit.export.ended': { ...api, activity: 'Read' },
  'audit.report.read': { ...api, activity: 'Read' },
  'audit.flows.read': { ...api, activity: 'Read' },
  'assurance.answers.read': { ...api, activity: 'Read' },
  'audit.evidence.begun': { ...api, activity: 'Read', severity: 'Low' },
  'audit.evidence.ended': { ...api, activity: 'Read' },
  'jobs.message.delivered': { ...api, activity: 'Other', other: 'Deliver message' },
  'jobs.message.delivery-failed': { ...api, activity: 'Other', other: 'Deliver message' },

  'log.key.added': { ...entity, activity: 'Create' },
  'log.key.retired': { ...entity, activity: 'Deactivate' },
  'log.verification.asked': { ...api, activity: 'Create' },
  'log.verification.ended': { ...api, activity: 'Read', failureSeverity: 'Critical' },
  'log.gap.found': { ...entity, activity: 'Other', other: 'Find loss of events', severity: 'Critical' },
  'log.gap.acknowledged': { ...entity, activity: 'Create', severity: 'High' },
  'log.entries.read': { ...api, activity: 'Read', severity: 'Low' },
  'log.stream.started': { ...entity, activity: 'Activate' },
  'log.stream.failing': { ...entity, activity: 'Other', other: 'Warn of failing stream', severity: 'High' },
  'log.stream.recovered': { ...entity, activity: 'Resume' },
  'log.clock.jumped': { ...entity, activity: 'Other', other: 'Notice jump of the clock', severity: 'High' },
  'log.clock.differs': { ...entity, activity: 'Other', other: 'Notice difference of clocks', severity: 'Medium' },
  'log.clock.agrees': { ...entity, activity: 'Resume' },
  'log.store.level': { ...entity, activity: 'Other', other: 'Notice change of room', severity: 'Low', failureSeverity: 'High' },
  'log.segment.pruned': { ...entity, activity: 'Delete', severity: 'Medium' },
  'log.retention.set': { ...entity, activity: 'Update', severity: 'Low' },
  'log.hold.placed': { ...entity, activity: 'Create' },
  'log.hold.released': { ...entity, activity: 'Deactivate', severity: 'Low' },
  'log.subject.erased': { ...entity, activity: 'Delete', severity: 'Medium' },
  'log.erasure.repeated': { ...entity, activity: 'Delete', severity: 'Medium' },

  'accounts.tenant.suspended': { ...entity, activity: 'Suspend', isOrganization: true },
  'accounts.tenant.reinstated': { ...entity, activity: 'Resume', isOrganization: true },
  'accounts.limits.changed': { ...api, activity: 'Update' },
  'people.password.reset-sent': { ...person, activity: 'Password Reset' },
  'people.session.ended': { class: 'authentication', user: 'named', service: 'product', activity: 'Logoff' },
  'people.mfa.reset': { ...person, activity: 'Disable MFA Factors', severity: 'Low' },
  'people.person.erased': { ...person, activity: 'Delete', severity: 'Medium' },
  'billing.invoice.resent': { ...api, activity: 'Other', other: 'Send again' },
  'billing.invoice.refunded': { ...api, activity: 'Update' },
  'billing.credit.adjusted': { ...api, activity: 'Update' },
  'security-settings.webhook.secret-rotated': { ...api, activity: 'Update' },
  'security-settings.sso.changed': { ...api, activity: 'Update' },
  'data-exports.export.ordered': { ...api, activity: 'Create', severity: 'Low' },
  'data-exports.export.withdrawn': { ...api, activity: 'Delete' },
};

/** The kinds that were decided on. */
export const mappedKinds: readonly string[] = Object.keys(KIND_RULES);

/**
 * The rule of a kind. One of another product's module, which we can't know, is API activity: a read, an update, or unknown where
 * the event says neither.
 */
export function ruleOf(kind: string, effect: string | undefined): KindRule {
  const known = Object.hasOwn(KIND_RULES, kind) ? KIND_RULES[kind] : undefined;
  if (known) return known;
  return { ...api, activity: effect === 'write' ? 'Update' : effect === 'read' ? 'Read' : 'Unknown' };
}
