import type { RoleTable } from '@sallyport/schema/policy/rights.ts';
import type { Schedule } from '../schedules.ts';
import { closeOverdueReviews } from './close-overdue-reviews.ts';
import { openRecurringReviews } from './open-recurring-reviews.ts';

/** What access reviews need done by the clock. `roles` is the policy in force, by which a campaign says what a grant carries. */
export const accessReviewSchedules = (roles: RoleTable): readonly Schedule[] => [
  // Taking access away never waits: a deadline that passed while the log is looked into would leave people with what nobody vouches for. Each revocation has its
  // event in the same commit; that one is sealed, and signed with the rest when the log goes on. Done twice, after a restore, it changes nothing.
  { name: 'close-overdue-access-reviews', every: 'minute', run: closeOverdueReviews, whileLogIsHalted: true },
  { name: 'open-recurring-access-reviews', every: 'hour', run: (db, audit) => openRecurringReviews(db, audit, roles) },
];
