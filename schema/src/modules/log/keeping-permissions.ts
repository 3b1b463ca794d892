import { definePermission } from '../../vocabulary/permission.ts';

// What ends the keeping of something is asked for by one role and approved by another; keeping longer takes one person.

export const READ_KEEPING = definePermission('log.keeping.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See what of the log is kept, and why', id: 'Melihat apa yang disimpan dari log dan alasannya' },
});

export const PRUNE_SEGMENTS = definePermission('log.segment.prune', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Prune segments of the log that have served their time', id: 'Memangkas segmen log yang masa simpannya habis' },
});

export const SET_PERIODS = definePermission('log.retention.set', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Set how long the log is kept', id: 'Menetapkan masa simpan log' },
});

export const PLACE_HOLDS = definePermission('log.hold.place', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Place legal holds', id: 'Menetapkan penahanan hukum' },
});

export const RELEASE_HOLDS = definePermission('log.hold.release', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Release legal holds', id: 'Melepas penahanan hukum' },
});

export const ERASE_SUBJECTS = definePermission('log.subject.erase', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Erase personal values beside the log', id: 'Menghapus nilai pribadi di samping log' },
});

export const APPROVE_KEEPING = definePermission('log.keeping.approve', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Approve that something of the log is no longer kept', id: 'Menyetujui bahwa sebagian log tidak lagi disimpan' },
});
