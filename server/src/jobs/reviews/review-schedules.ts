import type { RoleTable } from '@sallyport/schema/policy/rights.ts';
import type { Schedule } from '../schedules.ts';
import { closeOverdueReviews } from './close-overdue-reviews.ts';
import { openRecurringReviews } from './open-recurring-reviews.ts';

/** What access reviews need done by the clock. `roles` is the policy in force, by which a campaign says what a grant carries. */
export const accessReviewSchedules = (roles: RoleTable): readonly Schedule[] => [
  { name: 'close-overdue-access-reviews', every: 'minute', run: closeOverdueReviews },
  { name: 'open-recurring-access-reviews', every: 'hour', run: (db, audit) => openRecurringReviews(db, audit, roles) },
];
