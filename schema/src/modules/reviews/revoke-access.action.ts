import { defineAction } from '../../vocabulary/define-action.ts';
import { aboutSomebodyElse, accessReviewItem } from './access-review-item.resource.ts';
import { decideItem, requireInTime } from './decide-item.ts';
import { decideItems } from './permissions.ts';
import { itemRevoked } from './review.event.ts';

/** Taking away is done at once and without a code: a wrong grant should not wait for one, and can be given again. */
export const revokeAccess = defineAction({
  name: 'revokeAccess',
  on: accessReviewItem,
  permission: decideItems,
  label: { en: 'Revoke', id: 'Cabut' },
  description: { en: 'Takes this access away at once.', id: 'Mencabut akses ini seketika.' },
  confirm: { en: 'Revoke {title}', id: 'Cabut {title}' },
  done: { en: '{title} is revoked.', id: '{title} telah dicabut.' },
  sensitive: 'never',
  justification: 'reason',
  refusedUnder: ['token', 'break-glass'],
  onRows: aboutSomebodyElse,
  allowedIn: { field: 'state', values: ['open'], otherwise: { en: 'This has been answered.', id: 'Ini sudah dijawab.' } },
  joins: 'correlationId',
  input: {},
  event: itemRevoked,
  requires: requireInTime,
  run: (tx, facts) => decideItem(tx, facts, 'revoke'),
});
