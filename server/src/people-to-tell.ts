import type { RoleTable } from '@sallyport/schema/policy/rights.ts';
import { rightsOf } from '@sallyport/schema/policy/rights.ts';
import { decideItems } from '@sallyport/schema/modules/reviews/permissions.ts';
import { READ_INTEGRITY } from '@sallyport/schema/modules/log/permissions.ts';
import { reviewUses } from '@sallyport/schema/modules/emergency/permissions.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { judgeReviewer } from './gates/approvals/judge-reviewer.ts';
import { readsOf } from './gates/approvals/file-request.ts';
import { type PersonNow, readPeopleNow } from './gates/approvals/people-now.ts';
import { readRequest } from './gates/approvals/stored-request.ts';
import type { MailPayload, Recipients } from './jobs/mail/mail.ts';

/** Nobody: no account has this ID. Asked for where it does not matter whose grants come from whom. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const holds = (roles: RoleTable, permission: string, person: PersonNow): boolean => rightsOf(person.grants, roles).get(permission) === 'global';

async function one(db: Db, statement: ReturnType<typeof sql<{ id: string | null }>>): Promise<readonly string[]> {
  const { rows } = await statement.execute(db);
  return rows.flatMap(({ id }) => (id === null ? [] : [id]));
}

/** Those who could approve the request at this moment, judged as when they do; without whoever has reviewed it already. */
async function approversOf(db: Db, roles: RoleTable, requestId: string): Promise<readonly string[]> {
  const request = await readRequest(db, requestId);
  if (!request) return [];
  const people = await readPeopleNow(db, { requesterId: request.requesterId, ids: null, lock: false });
  const requester = people.find(({ id }) => id === request.requesterId);
  if (!requester) return [];
  const reviewed = new Set(request.reviews.map(({ reviewerId }) => reviewerId));
  const judged = { rule: request.rule, tenantId: request.tenantId, reads: readsOf(request.changes) };
  return people.filter((person) => !reviewed.has(person.id) && judgeReviewer(roles, judged, requester, person).allowed).map(({ id }) => id);
}

async function reviewersOfEmergency(db: Db, roles: RoleTable, breakGlassId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select person_id::text as id from gateway.break_glass where id = ${breakGlassId}::uuid`.execute(db);
  const taker = rows[0]?.id;
  if (taker === undefined) return [];
  const people = await readPeopleNow(db, { requesterId: NOBODY, ids: null, lock: false });
  return people.filter((person) => person.personId !== taker && holds(roles, reviewUses.name, person)).map(({ id }) => id);
}

async function reviewersOfAccess(db: Db, roles: RoleTable, reviewId: string): Promise<readonly string[]> {
  const owner = await one(db, sql`select owner_id::text as id from gateway.access_review where id = ${reviewId}::uuid`);
  const people = await readPeopleNow(db, { requesterId: NOBODY, ids: null, lock: false });
  return [...new Set([...owner, ...people.filter((person) => holds(roles, decideItems.name, person)).map(({ id }) => id)])];
}

/** Those who may see how the log fares. */
async function keepersOfLog(db: Db, roles: RoleTable): Promise<readonly string[]> {
  const people = await readPeopleNow(db, { requesterId: NOBODY, ids: null, lock: false });
  return people.filter((person) => holds(roles, READ_INTEGRITY.name, person)).map(({ id }) => id);
}

/**
 * Who is told of what, by permission and never by role, as things stand when the message is delivered: nobody is told of
 * what they could not look at.
 */
export const peopleToTell =
  (db: Db, roles: RoleTable): Recipients =>
  async (template: string, payload: MailPayload) => {
    const id = (key: string): string => String(payload[key] ?? NOBODY);
    switch (template) {
      case 'approval-requested':
        return approversOf(db, roles, id('approvalId'));
      case 'approval-decided':
        return one(db, sql`select requester_id::text as id from gateway.approval_request where id = ${id('approvalId')}::uuid`);
      case 'break-glass-started':
      case 'break-glass-unreviewed':
        return reviewersOfEmergency(db, roles, id('breakGlassId'));
      case 'access-review-opened':
        return reviewersOfAccess(db, roles, id('reviewId'));
      case 'log-stream-failing':
        return keepersOfLog(db, roles);
      case 'staff-invited':
        return [id('staffId')];
      default:
        return [];
    }
  };
