import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { tenant } from '../accounts/tenant.resource.ts';
import { bookCredit } from './book-credit.ts';
import { creditAdjusted } from './credit.event.ts';
import { exceeds, hundredths } from './money.ts';
import { adjustCredits, approveCreditAdjustments } from './permissions.ts';
import { billingSettings } from './settings.ts';

const sizeOf = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
/** What has moved within 24 hours together with this, in hundredths. */
const withinADay = (amount: string, before: string | null): bigint => sizeOf(hundredths(amount)) + hundredths(before ?? '0');

/**
 * The same limits as for refunds, lest credit be the way round them. Step-up looks at this adjustment, approval at all that was adjusted
 * of the tenant within 24 hours, up or down, so that slices of a large adjustment add up to one (THREATS D14).
 */
export const adjustCredit = defineAction({
  name: 'adjustCredit',
  on: tenant,
  permission: adjustCredits,
  label: { en: 'Adjust credit', id: 'Sesuaikan kredit' },
  description: {
    en: 'Adds credit to this account, or takes some back with a negative amount.',
    id: 'Menambah kredit pada akun ini, atau menguranginya dengan jumlah negatif.',
  },
  confirm: { en: 'Adjust credit of {title} by {input.amount}', id: 'Sesuaikan kredit {title} sebesar {input.amount}' },
  done: { en: 'The credit of {title} is adjusted by {input.amount}.', id: 'Kredit {title} telah disesuaikan sebesar {input.amount}.' },
  sensitive: {
    stated: { en: 'above IDR 1,000,000, added or taken', id: 'di atas Rp1.000.000, ditambah atau dikurangi' },
    when: ({ input }) => exceeds(hundredths(input.amount), billingSettings.creditStepUpAbove),
  },
  justification: 'reason-and-ticket',
  approval: [
    {
      alternatives: [{ approver: approveCreditAdjustments, quorum: 2 }],
      stated: { en: 'above IDR 1,250,000,000, added or taken within 24 hours', id: 'di atas Rp1.250.000.000, ditambah atau dikurangi dalam 24 jam' },
      when: ({ input, target }) => exceeds(withinADay(input.amount, target.creditAdjustedToday), billingSettings.creditTwoApprovalsAbove),
    },
    {
      alternatives: [{ approver: approveCreditAdjustments, quorum: 1 }],
      stated: { en: 'above IDR 250,000,000, added or taken within 24 hours', id: 'di atas Rp250.000.000, ditambah atau dikurangi dalam 24 jam' },
      when: ({ input, target }) => exceeds(withinADay(input.amount, target.creditAdjustedToday), billingSettings.creditApprovalAbove),
    },
  ],
  allowedIn: {
    field: 'status',
    values: ['active', 'trial', 'suspended'],
    otherwise: { en: 'A closed tenant has no account to credit.', id: 'Tenant yang sudah ditutup tidak memiliki akun untuk dikredit.' },
  },
  input: {
    amount: {
      type: 'money',
      min: '-9999999999999.99',
      max: '9999999999999.99',
      currency: { field: 'currency' },
      label: { en: 'Amount', id: 'Jumlah' },
      help: { en: 'Negative to take credit back.', id: 'Negatif untuk mengurangi kredit.' },
    },
    memo: {
      type: 'text',
      maxLength: 300,
      optional: true,
      label: { en: 'Memo', id: 'Memo' },
      help: { en: 'The customer sees this on their statement.', id: 'Pelanggan melihat ini pada laporannya.' },
    },
  },
  event: creditAdjusted,
  async run(tx, { target, input, correlationId, now }) {
    if (hundredths(input.amount) === 0n) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'input.amount', message: 'must not be zero' }] });
    const { entryChange } = await bookCredit(tx, {
      tenantId: target.id,
      kind: 'adjustment',
      amount: input.amount,
      memo: input.memo?.trim() || null,
      invoiceId: null,
      correlationId,
      now,
    });
    return {
      changes: [entryChange],
      outbox: [{ job: 'deliver-message', payload: { template: 'credit-adjusted', tenantId: target.id, creditEntryId: entryChange.id } }],
    };
  },
});
