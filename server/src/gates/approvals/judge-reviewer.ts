import { type RoleTable, rightsOf } from '@sallyport/schema/policy/rights.ts';
import type { Verdict } from '@sallyport/schema/ports.ts';
import type { Grant, TenantReach } from '@sallyport/schema/viewer.ts';
import type { StoredRule } from './fold.ts';
import type { PersonNow } from './people-now.ts';

/** What of a request its reviewers are judged by. */
export interface JudgedRequest {
  readonly rule: Pick<StoredRule, 'alternatives'>;
  readonly tenantId: string | null;
  /** Permissions that read what an approver is shown. */
  readonly reads: readonly string[];
}

const holdsAt = (rights: ReadonlyMap<string, TenantReach>, permission: string, tenantId: string | null): boolean => {
  const reach = rights.get(permission);
  return reach === 'global' || (reach !== undefined && tenantId !== null && reach.has(tenantId));
};

/** The mailbox behind an address: a tag leads to the same one. */
const mailboxOf = (email: string): string => email.toLowerCase().replace(/\+[^@]*(?=@)/, '');

/** Whether two accounts are one human's, by everything that shows it (THREATS D02). Accounts that share nothing stay unlinked. */
export const isSamePerson = (one: PersonNow, other: PersonNow): boolean =>
  one.id === other.id ||
  one.personId === other.personId ||
  mailboxOf(one.email) === mailboxOf(other.email) ||
  (one.totpFingerprint !== null && one.totpFingerprint === other.totpFingerprint);

/**
 * Whether one of two accounts was enrolled lately with a link that the other's human saw, or both with links that one human saw: an
 * administrator who renews somebody's enrolment, or invites nobody at all, can be that person (THREATS D02, B17).
 */
export const isOneHand = (one: PersonNow, other: PersonNow): boolean => {
  const hands = new Set([one.id, ...one.enrolledThrough]);
  return [other.id, ...other.enrolledThrough].some((id) => hands.has(id));
};

/** One name for all accounts of a human, among the people given; accounts in one hand are taken for one human's. */
export function humanBehind(person: PersonNow, people: readonly PersonNow[]): string {
  const found = new Set([person]);
  // Sets iterate over what is added meanwhile: what links two of them links all of them.
  for (const one of found) for (const other of people) if (isSamePerson(one, other) || isOneHand(one, other)) found.add(other);
  return [...found].map(({ id }) => id).sort()[0] ?? person.id;
}

/** What a reviewer's grants carry; an emergency never makes an approver. */
const rightsBy = (grants: readonly Grant[], roles: RoleTable): ReadonlyMap<string, TenantReach> =>
  rightsOf(
    grants.filter(({ kind }) => kind !== 'break-glass'),
    roles,
  );

/**
 * Whether one person may approve what another asks for, as things stand: somebody else, active, with the right to approve there that does
 * not come from the requester, and able to read everything that they approve (D01, D02, D15). Pure; the same for a button, a review and a count.
 */
export function judgeReviewer(roles: RoleTable, request: JudgedRequest, requester: PersonNow, reviewer: PersonNow): Verdict {
  if (isSamePerson(requester, reviewer) || isOneHand(requester, reviewer)) return { allowed: false, code: 'SELF_APPROVAL' };
  const wanted = request.rule.alternatives.map(({ approver }) => approver);
  const rights = rightsBy(reviewer.grants, roles);
  const holding = wanted.filter((approver) => holdsAt(rights, approver, request.tenantId));
  if (!reviewer.active || holding.length === 0) return { allowed: false, code: 'FORBIDDEN', ...(wanted[0] === undefined ? {} : { permission: wanted[0] }) };
  const independent = rightsBy(
    reviewer.grants.filter(({ fromRequester }) => !fromRequester),
    roles,
  );
  const approvers = holding.filter((approver) => holdsAt(independent, approver, request.tenantId));
  if (approvers.length === 0) return { allowed: false, code: 'SELF_APPROVAL' };
  const unread = request.reads.find((permission) => !holdsAt(rights, permission, request.tenantId));
  return unread === undefined ? { allowed: true, approvers } : { allowed: false, code: 'FORBIDDEN', permission: unread };
}
