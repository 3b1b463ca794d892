import { defineAction } from '../../vocabulary/define-action.ts';
import { aboutSomebodyElse, accessReviewItem } from './access-review-item.resource.ts';
import { decideItem, requireInTime } from './decide-item.ts';
import { decideItems } from './permissions.ts';
import { itemKept } from './review.event.ts';

export const keepAccess = defineAction({
  name: 'keepAccess',
  on: accessReviewItem,
  permission: decideItems,
  label: { en: 'Keep', id: 'Pertahankan' },
  description: { en: 'Says that this access is still right. It stays as it is.', id: 'Menyatakan akses ini masih tepat. Tidak ada yang berubah.' },
  confirm: { en: 'Keep {title}', id: 'Pertahankan {title}' },
  done: { en: '{title} is kept.', id: '{title} dipertahankan.' },
  sensitive: 'never',
  justification: 'reason',
  refusedUnder: ['token', 'break-glass'],
  onRows: aboutSomebodyElse,
  allowedIn: { field: 'state', values: ['open'], otherwise: { en: 'This has been answered.', id: 'Ini sudah dijawab.' } },
  joins: 'correlationId',
  input: {},
  event: itemKept,
  requires: requireInTime,
  run: (tx, facts) => decideItem(tx, facts, 'keep'),
});
