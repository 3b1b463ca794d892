import { defineEvent } from '../../vocabulary/define-event.ts';

export const tenantSuspended = defineEvent('accounts.tenant.suspended', {
  label: { en: 'Tenant suspended', id: 'Tenant ditangguhkan' },
  description: {
    en: 'The account was closed to its people and its subscriptions were paused.',
    id: 'Akun ditutup bagi penggunanya dan langganannya dijeda.',
  },
});

export const tenantReinstated = defineEvent('accounts.tenant.reinstated', {
  label: { en: 'Tenant reinstated', id: 'Tenant dipulihkan' },
  description: {
    en: 'A suspended account was opened again and its subscriptions went on.',
    id: 'Akun yang ditangguhkan dibuka kembali dan langganannya dilanjutkan.',
  },
});

export const limitsChanged = defineEvent('accounts.limits.changed', {
  label: { en: 'Plan limits changed', id: 'Batas paket diubah' },
  description: { en: 'Seats, storage or API calls of a tenant were changed.', id: 'Kursi, penyimpanan, atau panggilan API sebuah tenant diubah.' },
});
