import { definePermission } from '../../vocabulary/permission.ts';

/** Figures of how guarded acts go, by action and day. They name nobody, so they take no right over the events themselves. */
export const READ_FLOWS = definePermission('audit.flow.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'Read how guarded flows go', id: 'Membaca jalannya alur yang dijaga' },
});
