import { defineEvent } from '../../vocabulary/define-event.ts';

export const ssoConfigurationChanged = defineEvent('security-settings.sso.changed', {
  label: { en: 'Single sign-on changed', id: 'Masuk tunggal diubah' },
  description: { en: "Who vouches for a customer's people was changed.", id: 'Pihak yang menjamin pengguna pelanggan diubah.' },
});
