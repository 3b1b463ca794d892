import { definePermission } from '../../vocabulary/permission.ts';

/**
 * Sums over the log and over access, never an event, a name or an address: for whoever answers a customer's questionnaire, who need not
 * read the log for that. Of one tenant it holds what concerns that tenant; of all of them for global reach only.
 */
export const READ_ANSWERS = definePermission('assurance.answers.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'Read answers to security questionnaires', id: 'Membaca jawaban kuesioner keamanan' },
});
