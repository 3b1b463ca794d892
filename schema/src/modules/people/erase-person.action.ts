import { defineAction } from '../../vocabulary/define-action.ts';
import { deleteSessions } from './delete-sessions.ts';
import { approveErasures, erasePeople } from './permissions.ts';
import { personErased } from './person.event.ts';
import { person } from './person.resource.ts';
import type { PeopleTables } from './tables.ts';

/** Name and contact go for good: here, beside the log, and from requests that held them. What was done stays provable (H16). */
export const erasePerson = defineAction({
  name: 'erasePerson',
  on: person,
  permission: erasePeople,
  label: { en: 'Erase personal data', id: 'Hapus data pribadi' },
  description: {
    en: 'Replaces name, email and phone of this person for good, signs them out everywhere, and erases their values beside the audit log. Events and their proofs stay. Reasons that staff wrote stay as they were written: name nobody in yours.',
    id: 'Mengganti nama, email, dan telepon orang ini selamanya, mengeluarkannya dari semua perangkat, dan menghapus nilainya di samping log audit. Peristiwa dan buktinya tetap ada. Alasan yang ditulis staf tetap seperti semula: jangan sebut nama dalam alasan Anda.',
  },
  confirm: { en: 'Erase the personal data of {title} for good', id: 'Hapus data pribadi {title} selamanya' },
  done: { en: 'The personal data of {title} is erased.', id: 'Data pribadi {title} telah dihapus.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token', 'break-glass'],
  erases: true,
  approval: [{ stated: { en: 'Always: it can’t be undone', id: 'Selalu: tidak dapat dibatalkan' }, when: () => true, alternatives: [{ approver: approveErasures, quorum: 1 }] }],
  input: {},
  event: personErased,
  async run(tx, facts, { keeping }) {
    const { id } = facts.target;
    const sessions = await deleteSessions(tx, id);
    await tx.withTables<PeopleTables>().updateTable('product.person').set({ state: 'deactivated' }).where('id', '=', id).where('state', '<>', 'deactivated').execute();
    const also = sessions.map(({ resource, id: session }) => ({ type: resource.name, id: session }));
    const { changes, detail } = await keeping.eraseRecord(tx, person, id, facts, also);
    return { changes: [...sessions, ...changes], detail: { ...detail } };
  },
});
