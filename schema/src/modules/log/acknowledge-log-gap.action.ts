import { defineAction } from '../../vocabulary/define-action.ts';
import { logGapAcknowledged } from './log.event.ts';
import { logGap } from './log-gap.resource.ts';
import { ACKNOWLEDGE_GAP, APPROVE_GAP } from './permissions.ts';

/** The way out when the database is behind, or beside, what others have seen of the log: two people say so, and it goes on under a name of its own. */
export const acknowledgeLogGap = defineAction({
  name: 'acknowledgeLogGap',
  on: logGap,
  creates: true,
  permission: ACKNOWLEDGE_GAP,
  label: { en: 'Acknowledge the loss', id: 'Akui kehilangan' },
  description: {
    en: 'States that the database lost events that others have seen, as after restoring a backup. Changes are possible again, and the log goes on under a new name, which everybody who checks it has to be told.',
    id: 'Menyatakan bahwa basis data kehilangan peristiwa yang telah dilihat pihak luar, misalnya setelah pemulihan cadangan. Perubahan dapat dilakukan lagi, dan log berlanjut dengan nama baru yang harus diberitahukan kepada semua pemeriksa.',
  },
  confirm: { en: 'Acknowledge that events are lost', id: 'Akui bahwa ada peristiwa yang hilang' },
  done: { en: 'The log goes on under a new name.', id: 'Log berlanjut dengan nama baru.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token', 'break-glass'],
  whileLogIsBehind: true,
  approval: [
    {
      stated: { en: 'Always: it excuses a loss of evidence', id: 'Selalu: ini memaafkan hilangnya bukti' },
      when: () => true,
      alternatives: [{ approver: APPROVE_GAP, quorum: 1 }],
    },
  ],
  input: {},
  event: logGapAcknowledged,
  requires: async (tx, _facts, { log }) => {
    await log.findGap(tx);
  },
  async run(tx, _facts, { log }) {
    const gap = await log.acknowledgeGap(tx);
    return { created: gap.id, detail: { ...gap } };
  },
});
