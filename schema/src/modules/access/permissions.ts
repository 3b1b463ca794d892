import type { RoleName } from '../../policy/roles.ts';
import { definePermission, type Permission } from '../../vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | who                | reads                              | acts                                                        | because |
 * |--------------------|------------------------------------|-------------------------------------------------------------|---------|
 * | everyone           | their own grants                   | ask for an elevation, activate and drop their own           | asking gives nothing, dropping is never hard |
 * | Platform Admin     | people, addresses, all grants      | invite, disable, renew an enrolment, give, revoke; approve the asking of others | manages who may do what |
 * | Security Operator  | people, all grants                 | disable, revoke; approve the asking of others               | stops a misuse at night; gives nothing alone |
 * | Compliance Auditor | people, all grants                 | -                                                           | evidence, not repair (C5) |
 *
 * Nobody decides over an account of their own. What gives power over access itself or anything privileged, brings somebody back, or has
 * them enrol anew, always takes two (R13, B17); what takes power away takes one person and one code.
 */
export const readStaff = definePermission('access.staff.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See our own staff', id: 'Melihat staf kita' },
});

export const readStaffContacts = definePermission('access.staff.read-contact', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: "See our staff's addresses", id: 'Melihat alamat staf kita' },
});

export const inviteToStaff = definePermission('access.staff.invite', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Invite people to our staff', id: 'Mengundang orang ke staf kita' },
});

export const disableStaffAccounts = definePermission('access.staff.disable', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Disable and enable staff', id: 'Menonaktifkan dan mengaktifkan staf' },
});

export const renewEnrolments = definePermission('access.staff.renew-enrolment', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Have staff enrol anew', id: 'Meminta staf mendaftar ulang' },
});

export const readOwnGrants = definePermission('access.grant.read-own', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See your own access', id: 'Melihat akses sendiri' },
});

export const readGrants = definePermission('access.grant.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: "See everybody's access", id: 'Melihat akses semua orang' },
});

export const giveGrants = definePermission('access.grant.give', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Give roles', id: 'Memberi peran' },
});

export const revokeGrants = definePermission('access.grant.revoke', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Revoke access', id: 'Mencabut akses' },
});

export const approveGrants = definePermission('access.grant.approve', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Approve that others are given roles', id: 'Menyetujui pemberian peran kepada orang lain' },
});

export const requestElevations = definePermission('access.elevation.request', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Ask for more access for a short time', id: 'Meminta akses tambahan untuk waktu singkat' },
});

export const useElevations = definePermission('access.elevation.use', {
  effect: 'write',
  reach: 'global',
  tier: 'routine',
  label: { en: 'Activate and drop your own elevations', id: 'Mengaktifkan dan melepas elevasi sendiri' },
});

export const approveElevations = definePermission('access.elevation.approve', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: "Approve other people's elevations", id: 'Menyetujui elevasi orang lain' },
});

/** What every member of staff may do about their own access. */
export const FOR_EVERYONE: readonly Permission[] = [readOwnGrants, requestElevations, useElevations];

/** Which task role carries what of this module. */
export const ACCESS_ROLES: Readonly<Partial<Record<RoleName, readonly Permission[]>>> = {
  'platform-admin': [readStaff, readStaffContacts, inviteToStaff, disableStaffAccounts, renewEnrolments, readGrants, giveGrants, revokeGrants, approveGrants, approveElevations],
  'security-operator': [readStaff, disableStaffAccounts, readGrants, revokeGrants, approveGrants, approveElevations],
  'compliance-auditor': [readStaff, readGrants],
};

/** Power over who may do what: whoever is given any of it is given it by two. */
const ADMINISTRATION: ReadonlySet<string> = new Set(
  Object.values(ACCESS_ROLES).flatMap((permissions) => permissions.filter(({ effect }) => effect === 'write').map(({ name }) => name)),
);

export const isAdministration = ({ name }: Pick<Permission, 'name'>): boolean => ADMINISTRATION.has(name);
