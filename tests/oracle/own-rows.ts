import { type Kysely, sql } from 'kysely';
import type { Person } from './fixture.ts';
import type { Matrix } from './matrix.ts';
import { contains, type Reach, rightsOf } from './rights.ts';

// Of the types and acts that the matrix marks "own rows only": which rows are whose, written down a second time.

interface Asking {
  readonly id: string;
  /** Where the person holds a permission, by the matrix alone. */
  readonly reach: (permission: string) => Reach;
}

type Row = Readonly<Record<string, string | null>> & { readonly id: string; readonly approvers?: readonly string[] | null; readonly reviewers?: readonly string[] | null };

interface OwnRule {
  /** What is read of the rows, as SQL that answers `id` and what the rule looks at. */
  readonly rows: string;
  readonly own: (row: Row, asking: Asking) => boolean;
}

const isOwners = ({ staff_id: owner }: Row, { id }: Asking): boolean => owner === id;
const isElse = (row: Row, asking: Asking): boolean => !isOwners(row, asking);
const everywhere = ({ reach }: Asking, permission: string): boolean => reach(permission) === 'global';

const ACCOUNTS = 'select id, id as staff_id from gateway.staff';
const TOKENS = 'select id, staff_id from gateway.access_token';
const EMERGENCIES = 'select id, staff_id from gateway.break_glass';
const GRANTS = 'select id, staff_id, kind from gateway.access_grant';
const ITEMS = 'select item.id, item.staff_id, review.owner_id from gateway.access_review_item item join gateway.access_review review on review.id = item.review_id';
const REQUESTS = `select id, requester_id as staff_id, tenant_id,
  (select json_agg(named ->> 'approver') from json_array_elements(rule::json -> 'alternatives') named) as approvers,
  (select json_agg(review.reviewer_id) from gateway.approval_review review where review.request_id = request.id) as reviewers
  from gateway.approval_request request`;

const mayApprove = ({ approvers, tenant_id: tenant }: Row, { reach }: Asking): boolean => (approvers ?? []).some((permission) => contains(reach(permission), tenant ?? null));
const hasReviewed = ({ reviewers }: Row, { id }: Asking): boolean => reviewers?.includes(id) ?? false;
const concerns = (row: Row, asking: Asking): boolean =>
  isOwners(row, asking) || hasReviewed(row, asking) || mayApprove(row, asking) || contains(asking.reach('approvals.request.read-all'), row['tenant_id'] ?? null);
const waitsFor = (row: Row, asking: Asking): boolean => !isOwners(row, asking) && mayApprove(row, asking) && !hasReviewed(row, asking);

/** By type name and by act. Nobody who asks here has a second account. */
const RULES: Readonly<Record<string, OwnRule>> = {
  AccessToken: { rows: TOKENS, own: (row, asking) => isOwners(row, asking) || everywhere(asking, 'tokens.token.read-all') },
  revokeToken: { rows: TOKENS, own: isOwners },
  revokeAnyToken: { rows: TOKENS, own: isElse },
  BreakGlassUse: {
    rows: EMERGENCIES,
    own: (row, asking) => isOwners(row, asking) || everywhere(asking, 'emergency.break-glass.read') || everywhere(asking, 'emergency.break-glass.review'),
  },
  endBreakGlass: { rows: EMERGENCIES, own: isOwners },
  reviewBreakGlass: { rows: EMERGENCIES, own: isElse },
  AccessGrant: { rows: GRANTS, own: (row, asking) => isOwners(row, asking) || everywhere(asking, 'access.grant.read') },
  activateElevation: { rows: GRANTS, own: (row, asking) => isOwners(row, asking) && row['kind'] === 'elevation' },
  dropElevation: { rows: GRANTS, own: (row, asking) => isOwners(row, asking) && row['kind'] === 'elevation' },
  disableStaff: { rows: ACCOUNTS, own: isElse },
  enableStaff: { rows: ACCOUNTS, own: isElse },
  renewEnrolment: { rows: ACCOUNTS, own: isElse },
  makeEnrolmentLink: { rows: ACCOUNTS, own: isElse },
  AccessReviewItem: { rows: ITEMS, own: (row, asking) => isOwners(row, asking) || row['owner_id'] === asking.id || everywhere(asking, 'reviews.item.read') },
  keepAccess: { rows: ITEMS, own: isElse },
  revokeAccess: { rows: ITEMS, own: isElse },
  closeAccessReview: { rows: 'select id, owner_id as staff_id from gateway.access_review', own: isOwners },
  OutgoingMail: { rows: 'select id, staff_id from gateway.outgoing_mail', own: isOwners },
  ApprovalRequest: { rows: REQUESTS, own: concerns },
  approveRequest: { rows: REQUESTS, own: waitsFor },
  denyRequest: { rows: REQUESTS, own: waitsFor },
  cancelRequest: { rows: REQUESTS, own: isOwners },
  ApprovalReview: {
    rows: `select review.id, asked.* from gateway.approval_review review join (${REQUESTS.replace('select id,', 'select id as request,')}) asked on asked.request = review.request_id`,
    own: concerns,
  },
};

/** Names of types and acts that the matrix marks. */
export const marked = (matrix: Matrix): readonly string[] => [
  ...[...matrix.records.values()].filter(({ ownRows }) => ownRows).map(({ type }) => type),
  ...matrix.acts.filter(({ ownRows }) => ownRows).map(({ name }) => name),
];

/** Type or act → person → IDs of the rows that are theirs. @throws {TypeError} for a mark without a rule. */
export async function readOwnRows(
  owner: Kysely<unknown>,
  matrix: Matrix,
  people: readonly Person[],
): Promise<Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>> {
  const found: Record<string, Record<string, readonly string[]>> = {};
  for (const name of marked(matrix)) {
    const rule = RULES[name];
    if (!rule) throw new TypeError(`No rule says which rows of ${name} are whose`);
    const { rows } = await sql<Row>`${sql.raw(rule.rows)}`.execute(owner);
    found[name] = Object.fromEntries(
      people.map((person) => [person.name, rows.filter((row) => rule.own(row, { id: person.staffId ?? '', reach: rightsOf(matrix, person) })).map(({ id }) => id)]),
    );
  }
  return found;
}
