import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { retentionPeriodSet } from './keeping.event.ts';
import { APPROVE_KEEPING, SET_PERIODS } from './keeping-permissions.ts';
import { LEAST_YEARS, MOST_YEARS, retentionPeriod } from './retention-period.resource.ts';

export const setRetentionPeriod = defineAction({
  name: 'setRetentionPeriod',
  on: retentionPeriod,
  permission: SET_PERIODS,
  label: { en: 'Set period', id: 'Tetapkan masa' },
  description: {
    en: 'Sets for how many years after their month events of this class are kept. A shorter period makes older segments prunable at once; nothing is pruned by it.',
    id: 'Menetapkan berapa tahun setelah bulannya peristiwa kelas ini disimpan. Masa lebih pendek membuat segmen lama langsung dapat dipangkas; tidak ada yang dipangkas olehnya.',
  },
  confirm: { en: 'Keep {title} for {input.years} years', id: 'Simpan {title} selama {input.years} tahun' },
  done: { en: 'The period is set.', id: 'Masa simpan telah ditetapkan.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token', 'break-glass'],
  approval: [{ stated: { en: 'Always', id: 'Selalu' }, when: () => true, alternatives: [{ approver: APPROVE_KEEPING, quorum: 1 }] }],
  input: { years: { type: 'integer', min: LEAST_YEARS, max: MOST_YEARS, prefill: 'years', label: { en: 'Years', id: 'Tahun' } } },
  event: retentionPeriodSet,
  async run(tx, facts, { keeping }) {
    const { target, input } = facts;
    if (target.years === input.years) throw new GatewayError('CONFLICT', 'This is the period already.');
    await keeping.setRetentionPeriod(tx, target.id, input.years, facts);
    return {};
  },
});
