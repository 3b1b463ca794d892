import { definePermission } from '../../vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | task role           | reads                                     | acts                               | because |
 * |---------------------|-------------------------------------------|------------------------------------|---------|
 * | Support Viewer      | people by reference, memberships, sessions | -                                 | can answer without knowing names |
 * | Support Operator    | the same, names and contact               | password reset, end sessions       | speaks to the person concerned |
 * | Billing Operator    | -                                         | -                                  | the invoice carries its own contact |
 * | Security Operator   | everything, over all tenants with step-up | end sessions, reset MFA, erase     | follows an attack where it leads; has verified who asks |
 * | Production Engineer | people by reference, memberships          | -                                  | seats in use |
 * | Platform Admin      | people by reference, sessions             | approves MFA resets and erasures   | sees what is approved, never does it (R11) |
 * | Customer Success    | -                                         | -                                  | fares well without personal data |
 * | Compliance Auditor  | people by reference, memberships, sessions | -                                 | evidence, not identities |
 */
export const readPeople = definePermission('people.person.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See people by reference', id: 'Melihat orang menurut referensi' },
});

export const readIdentities = definePermission('people.person.read-identity', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: "See people's names", id: 'Melihat nama orang' },
});

export const readContacts = definePermission('people.person.read-contact', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: "See people's email and phone", id: 'Melihat email dan telepon orang' },
});

export const searchAllPeople = definePermission('people.person.search-all', {
  effect: 'read',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Search people across tenants', id: 'Mencari orang lintas tenant' },
});

export const readMemberships = definePermission('people.membership.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See memberships', id: 'Melihat keanggotaan' },
});

export const readSessions = definePermission('people.session.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: "See people's sessions", id: 'Melihat sesi orang' },
});

export const readSessionNetworks = definePermission('people.session.read-network', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See from where people sign in', id: 'Melihat dari mana orang masuk' },
});

export const sendPasswordResets = definePermission('people.password.send-reset', {
  effect: 'write',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'Send password resets', id: 'Mengirim pengaturan ulang kata sandi' },
});

export const endSessions = definePermission('people.session.end', {
  effect: 'write',
  reach: 'tenant',
  tier: 'routine',
  label: { en: "End people's sessions", id: 'Mengakhiri sesi orang' },
});

export const resetMfaOfPeople = definePermission('people.mfa.reset', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: "Reset people's MFA", id: 'Mengatur ulang MFA orang' },
});

export const approveMfaResets = definePermission('people.mfa.approve-reset', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Approve MFA resets', id: 'Menyetujui pengaturan ulang MFA' },
});

export const erasePeople = definePermission('people.person.erase', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: "Erase people's personal data", id: 'Menghapus data pribadi orang' },
});

export const approveErasures = definePermission('people.person.approve-erasure', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: "Approve erasing people's personal data", id: 'Menyetujui penghapusan data pribadi orang' },
});
