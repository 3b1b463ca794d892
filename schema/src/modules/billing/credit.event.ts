import { defineEvent } from '../../vocabulary/define-event.ts';

export const creditAdjusted = defineEvent('billing.credit.adjusted', {
  label: { en: 'Credit adjusted', id: 'Kredit disesuaikan' },
  description: { en: "A tenant's credit was raised or lowered by hand.", id: 'Kredit tenant dinaikkan atau diturunkan secara manual.' },
});
