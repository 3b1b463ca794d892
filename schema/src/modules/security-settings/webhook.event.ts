import { defineEvent } from '../../vocabulary/define-event.ts';

export const webhookSecretRotated = defineEvent('security-settings.webhook.secret-rotated', {
  label: { en: 'Webhook secret rotated', id: 'Rahasia webhook diganti' },
  description: { en: 'A webhook signs with a new secret; the old one is gone.', id: 'Webhook menandatangani dengan rahasia baru; yang lama sudah dihapus.' },
});
