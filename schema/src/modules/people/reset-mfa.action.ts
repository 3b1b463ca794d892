import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { deleteSessions } from './delete-sessions.ts';
import { approveMfaResets, resetMfaOfPeople } from './permissions.ts';
import { mfaReset } from './person.event.ts';
import { person } from './person.resource.ts';
import type { PeopleTables } from './tables.ts';

/** Removes the second factor and every session that it vouched for; enrolment is asked at the next sign-in. */
export const resetMfa = defineAction({
  name: 'resetMfa',
  on: person,
  permission: resetMfaOfPeople,
  label: { en: 'Reset MFA', id: 'Atur ulang MFA' },
  description: {
    en: "Removes this person's second factor and signs them out everywhere. They enrol a new one at the next sign-in.",
    id: 'Menghapus faktor kedua orang ini dan mengeluarkannya dari semua perangkat. Faktor baru didaftarkan saat masuk berikutnya.',
  },
  confirm: { en: 'Reset MFA of {title}', id: 'Atur ulang MFA {title}' },
  done: { en: 'The MFA of {title} is reset.', id: 'MFA {title} telah diatur ulang.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  approval: [
    {
      alternatives: [{ approver: approveMfaResets, quorum: 1 }],
      stated: { en: 'for people of tenants with a high risk tier', id: 'untuk orang dari tenant dengan tingkat risiko tinggi' },
      when: ({ tenants }) => tenants.some(({ highRisk }) => highRisk),
    },
  ],
  allowedIn: {
    field: 'state',
    values: ['active', 'locked'],
    otherwise: { en: 'Only someone who can sign in has MFA to reset.', id: 'Hanya orang yang dapat masuk yang memiliki MFA untuk diatur ulang.' },
  },
  input: {},
  event: mfaReset,
  async run(tx, { target, now }) {
    const reset = await tx
      .withTables<PeopleTables>()
      .updateTable('product.person')
      .set({ mfa_enabled: false, mfa_method: null, mfa_enrolment_required: true, mfa_reset_at: now })
      .where('id', '=', target.id)
      .where('mfa_enabled', '=', true)
      .where('state', 'in', ['active', 'locked'])
      .returning('id')
      .executeTakeFirst();
    if (!reset) throw new GatewayError('CONFLICT', 'This person has no second factor to reset.');
    return {
      changes: await deleteSessions(tx, target.id),
      outbox: [{ job: 'deliver-message', payload: { template: 'mfa-reset', personId: target.id } }],
    };
  },
});
