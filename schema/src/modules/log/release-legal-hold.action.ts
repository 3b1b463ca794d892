import { defineAction } from '../../vocabulary/define-action.ts';
import { legalHoldReleased } from './keeping.event.ts';
import { APPROVE_KEEPING, RELEASE_HOLDS } from './keeping-permissions.ts';
import { legalHold } from './legal-hold.resource.ts';

export const releaseLegalHold = defineAction({
  name: 'releaseLegalHold',
  on: legalHold,
  permission: RELEASE_HOLDS,
  label: { en: 'Release', id: 'Lepas' },
  description: { en: 'What only this hold keeps may be pruned or erased from here on.', id: 'Yang hanya ditahan oleh ini selanjutnya boleh dipangkas atau dihapus.' },
  confirm: { en: 'Release the hold {title}', id: 'Lepas penahanan {title}' },
  done: { en: 'The hold {title} is released.', id: 'Penahanan {title} telah dilepas.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token', 'break-glass'],
  approval: [{ stated: { en: 'Always', id: 'Selalu' }, when: () => true, alternatives: [{ approver: APPROVE_KEEPING, quorum: 1 }] }],
  allowedIn: { field: 'state', values: ['in-force'], otherwise: { en: 'It has been released.', id: 'Sudah dilepas.' } },
  joins: 'correlationId',
  input: {},
  event: legalHoldReleased,
  async run(tx, facts, { keeping }) {
    await keeping.releaseHold(tx, facts.target.id, facts);
    return {};
  },
});
