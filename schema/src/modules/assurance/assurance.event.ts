import { defineEvent } from '../../vocabulary/define-event.ts';

export const ANSWERS_READ = defineEvent('assurance.answers.read', {
  label: { en: 'Questionnaire answers read', id: 'Jawaban kuesioner dibaca' },
  description: {
    en: 'Someone had the answers to security questionnaires computed; what they were chosen by is kept, not the values.',
    id: 'Seseorang meminta jawaban kuesioner keamanan dihitung; dasar pemilihannya dicatat, tanpa nilainya.',
  },
});
