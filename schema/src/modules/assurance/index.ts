import { defineModule } from '../../vocabulary/define-module.ts';
import { addSecurityAnswers } from './answers.query.ts';
import { ANSWERS_READ } from './assurance.event.ts';
import { READ_ANSWERS } from './permissions.ts';

/** What a customer asks of us before they trust us, answered from the declarations and the log (C4). It claims no certification (C6). */
export const assurance = defineModule({
  name: 'assurance',
  label: { en: 'Assurance', id: 'Jaminan' },
  description: {
    en: "Answers to customers' security questionnaires, computed from the rules in force and from the log.",
    id: 'Jawaban kuesioner keamanan pelanggan, dihitung dari aturan yang berlaku dan dari log.',
  },
  icon: 'FactCheck',
  permissions: [READ_ANSWERS],
  resources: [],
  actions: [],
  events: [ANSWERS_READ],
  roles: { 'customer-success': [READ_ANSWERS], 'compliance-auditor': [READ_ANSWERS] },
  extend: addSecurityAnswers,
});
