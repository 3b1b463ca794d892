import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { accessGrant } from './access-grant.resource.ts';
import { endGrant, lockGrant } from './end-grant.ts';
import { GRANT_REVOKED } from './events.ts';
import { revokeGrants } from './permissions.ts';

/**
 * Containment: no second person stands before it, but a reason and one code. The code because a stolen cookie would else suffice to strip
 * everybody but the last administrator. One's own may go as well, unless nobody else could administer access.
 */
export const revokeGrant = defineAction({
  name: 'revokeGrant',
  on: accessGrant,
  permission: revokeGrants,
  label: { en: 'Revoke', id: 'Cabut' },
  description: { en: "Ends this access. It is gone at the holder's next request.", id: 'Mengakhiri akses ini. Hilang pada permintaan pemegangnya berikutnya.' },
  confirm: { en: 'Revoke {title}', id: 'Cabut {title}' },
  done: { en: '{title} is revoked.', id: '{title} telah dicabut.' },
  sensitive: 'always',
  justification: 'reason',
  refusedUnder: ['token'],
  locksFirst: (tx, id) => lockGrant(tx, id),
  allowedIn: { field: 'state', values: ['active', 'waiting'], otherwise: { en: 'This access has ended already.', id: 'Akses ini sudah berakhir.' } },
  input: {},
  event: GRANT_REVOKED,
  async run(tx, { target, viewer, reason }) {
    if (!(await endGrant(tx, target.id, { by: viewer.actor.id, reason }))) throw new GatewayError('CONFLICT');
    return { detail: { staffId: target.staffId, kind: target.kind, role: target.role } };
  },
});
