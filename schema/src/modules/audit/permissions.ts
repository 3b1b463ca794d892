import { definePermission } from '../../vocabulary/permission.ts';

// Reading the log is a right of its own (L19), and so is each step beyond the bare story: what a change held, where somebody
// sat, and taking the log out of the house. A reader of one tenant's events sees that tenant's, and none that belong to no tenant.

/** Who did what to what, why and with which outcome. */
export const READ_EVENT = definePermission('audit.event.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'Read the audit log', id: 'Membaca log audit' },
});

/** Values before and after, of any module: without it a change shows only to those who may read the changed field itself. */
export const READ_CHANGES = definePermission('audit.event.read-changes', {
  effect: 'read',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Read recorded changes', id: 'Membaca perubahan yang tercatat' },
});

/** Address and client of a member of staff: personal data of our own people. */
export const READ_NETWORK = definePermission('audit.event.read-network', {
  effect: 'read',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Read network facts in the audit log', id: 'Membaca fakta jaringan di log audit' },
});

export const EXPORT_EVENT = definePermission('audit.event.export', {
  effect: 'read',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Export the audit log', id: 'Mengekspor log audit' },
});

/** A pack holds the canonical bytes whole: it takes every other right over the log beside this one, and a fresh code. */
export const MAKE_EVIDENCE = definePermission('audit.evidence.make', {
  effect: 'read',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Make evidence packs', id: 'Membuat paket bukti' },
});
