import { defineEvent } from '../../vocabulary/define-event.ts';

export const FLOWS_READ = defineEvent('audit.flows.read', {
  label: { en: 'Flow figures read', id: 'Angka alur dibaca' },
  description: {
    en: 'Someone read how guarded acts go; what the figures were chosen by is kept, not the values.',
    id: 'Seseorang membaca jalannya tindakan yang dijaga; dasar pemilihannya dicatat, tanpa nilainya.',
  },
});
