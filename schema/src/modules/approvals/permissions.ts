import { definePermission } from '../../vocabulary/permission.ts';

// Everyone may ask and see what concerns them. Whether somebody may approve one request is decided by the permission that its rule
// names, at its tenant; the two permissions to decide and to cancel only open the door to that question.

/** One's own requests, those one has decided on, and those one may approve: the rows say which they are. */
export const READ_REQUESTS = definePermission('approvals.request.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See requests that concern you', id: 'Melihat permintaan yang menyangkut Anda' },
});

/** Everybody's requests about the tenants that it holds for. */
export const READ_ALL_REQUESTS = definePermission('approvals.request.read-all', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: "See everybody's requests", id: 'Melihat permintaan semua orang' },
});

export const DECIDE_REQUESTS = definePermission('approvals.request.decide', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Decide on requests where you may approve', id: 'Memutuskan permintaan yang boleh Anda setujui' },
});

export const CANCEL_REQUESTS = definePermission('approvals.request.cancel', {
  effect: 'write',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'Cancel your own requests', id: 'Membatalkan permintaan sendiri' },
});
