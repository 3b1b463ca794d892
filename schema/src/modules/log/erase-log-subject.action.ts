import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { badInput } from '../access/bad-input.ts';
import { subjectErased } from './keeping.event.ts';
import { APPROVE_KEEPING, ERASE_SUBJECTS } from './keeping-permissions.ts';
import { logErasure } from './log-erasure.resource.ts';

/** For a record that the product has no more: one that is still there is erased by an act on itself, with what the product holds of it. */
export const eraseLogSubject = defineAction({
  name: 'eraseLogSubject',
  on: logErasure,
  creates: true,
  permission: ERASE_SUBJECTS,
  label: { en: 'Erase personal values', id: 'Hapus nilai pribadi' },
  description: {
    en: 'Erases the personal values of a record that is gone from the product and still stand beside the log. Events and proofs stay. Reasons that staff wrote stay as they were written.',
    id: 'Menghapus nilai pribadi rekaman yang sudah tidak ada di produk tetapi masih ada di samping log. Peristiwa dan bukti tetap ada. Alasan yang ditulis staf tetap seperti semula.',
  },
  confirm: { en: 'Erase the values of {input.recordType} {input.recordId} for good', id: 'Hapus nilai {input.recordType} {input.recordId} selamanya' },
  done: { en: 'The values are erased.', id: 'Nilai telah dihapus.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token', 'break-glass'],
  approval: [{ stated: { en: 'Always: it can’t be undone', id: 'Selalu: tidak dapat dibatalkan' }, when: () => true, alternatives: [{ approver: APPROVE_KEEPING, quorum: 1 }] }],
  input: {
    recordType: {
      type: 'text',
      maxLength: 100,
      label: { en: 'Kind of record', id: 'Jenis rekaman' },
      help: { en: 'Such as person or invoice.', id: 'Misalnya person atau invoice.' },
    },
    recordId: { type: 'text', maxLength: 200, label: { en: 'ID of the record', id: 'ID rekaman' } },
  },
  event: subjectErased,
  requires: async (tx, { input }, { keeping }) => {
    if (!keeping.isResource(input.recordType)) throw badInput('recordType', 'the name of a kind of record, such as person');
    if (keeping.recordKey(input.recordType, input.recordId) === null) throw badInput('recordId', 'an ID of that kind of record');
    if (await keeping.isThere(tx, input.recordType, input.recordId)) throw new GatewayError('CONFLICT', 'This record is still there. Erase it on its own page.');
  },
  async run(tx, facts, { keeping }) {
    const { recordType } = facts.input;
    const recordId = keeping.recordKey(recordType, facts.input.recordId) ?? facts.input.recordId;
    const { id, detail } = await keeping.eraseSubject(tx, [{ type: recordType, id: recordId }], facts);
    if (detail.valuesErased === 0) throw new GatewayError('CONFLICT', 'No personal value of this record stands beside the log.');
    return { created: id, detail: { ...detail } };
  },
});
