import { defineAction } from '../../vocabulary/define-action.ts';
import { segmentPruned } from './keeping.event.ts';
import { APPROVE_KEEPING, PRUNE_SEGMENTS } from './keeping-permissions.ts';
import { logSegment } from './log-segment.resource.ts';

/** What speaks against it is looked at in the database, under lock, by whoever gets there (`audit.prune_segment`). */
export const pruneLogSegment = defineAction({
  name: 'pruneLogSegment',
  on: logSegment,
  permission: PRUNE_SEGMENTS,
  label: { en: 'Prune', id: 'Pangkas' },
  description: {
    en: 'Deletes the events of this segment for good, with the personal values behind them. Their hashes stay: every proof of what is left holds, and a signed statement says what may be absent.',
    id: 'Menghapus peristiwa segmen ini selamanya beserta nilai pribadinya. Hash-nya tetap ada: setiap bukti atas sisanya tetap berlaku, dan pernyataan bertanda tangan menyebutkan apa yang boleh tidak ada.',
  },
  confirm: { en: 'Prune {title} for good', id: 'Pangkas {title} selamanya' },
  done: { en: '{title} is pruned.', id: '{title} telah dipangkas.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token', 'break-glass'],
  whileLogIsFull: true,
  approval: [{ stated: { en: 'Always: it can’t be undone', id: 'Selalu: tidak dapat dibatalkan' }, when: () => true, alternatives: [{ approver: APPROVE_KEEPING, quorum: 1 }] }],
  allowedIn: {
    field: 'state',
    values: ['due'],
    otherwise: {
      en: 'Only a sealed segment whose retention period is over, and that no legal hold keeps, can be pruned.',
      id: 'Hanya segmen tersegel yang masa simpannya habis dan tidak ditahan secara hukum yang dapat dipangkas.',
    },
  },
  input: {},
  event: segmentPruned,
  async run(tx, facts, { keeping }) {
    return { detail: { ...(await keeping.pruneSegment(tx, facts.target.id, facts)) } };
  },
});
