import { definePermission } from '../../vocabulary/permission.ts';

// How the log itself fares is nobody's customer data: whoever answers for it may look. What would excuse a loss takes two.

export const READ_INTEGRITY = definePermission('log.integrity.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See how the audit log fares', id: 'Melihat keadaan log audit' },
});

export const VERIFY_LOG = definePermission('log.integrity.verify', {
  effect: 'write',
  reach: 'global',
  tier: 'routine',
  label: { en: 'Have the whole audit log verified', id: 'Memverifikasi seluruh log audit' },
});

export const ACKNOWLEDGE_GAP = definePermission('log.gap.acknowledge', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Acknowledge that the log lost events', id: 'Mengakui hilangnya peristiwa dari log' },
});

export const APPROVE_GAP = definePermission('log.gap.approve', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Approve going on after the log lost events', id: 'Menyetujui kelanjutan setelah log kehilangan peristiwa' },
});
