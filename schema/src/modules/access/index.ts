import { defineModule } from '../../vocabulary/define-module.ts';
import { accessGrant } from './access-grant.resource.ts';
import { disableStaff, enableStaff } from './disable-staff.action.ts';
import { ACCESS_EVENTS } from './events.ts';
import { giveGrant } from './give-grant.action.ts';
import { inviteStaff } from './invite-staff.action.ts';
import { makeEnrolmentLink } from './make-enrolment-link.action.ts';
import {
  ACCESS_ROLES,
  approveElevations,
  approveGrants,
  disableStaffAccounts,
  FOR_EVERYONE,
  giveGrants,
  inviteToStaff,
  readGrants,
  readOwnGrants,
  readStaff,
  readStaffContacts,
  renewEnrolments,
  requestElevations,
  revokeGrants,
  useElevations,
} from './permissions.ts';
import { renewEnrolment } from './renew-enrolment.action.ts';
import { requestElevation } from './request-elevation.action.ts';
import { revokeGrant } from './revoke-grant.action.ts';
import { addRolesInForce } from './roles-in-force.query.ts';
import { accessSettings } from './settings.ts';
import { staffMember } from './staff-member.resource.ts';
import { activateElevation, dropElevation } from './use-elevation.action.ts';

/** Who gets in and who may do what: our own staff, their access, and how they prove themselves (the last in `server/src/auth`). */
export const access = defineModule({
  name: 'access',
  label: { en: 'Access', id: 'Akses' },
  description: {
    en: 'Our own staff: who they are, what they may do, and how they sign in.',
    id: 'Staf kita sendiri: siapa mereka, apa yang boleh mereka lakukan, dan cara mereka masuk.',
  },
  icon: 'VpnKey',
  permissions: [
    readStaff,
    readStaffContacts,
    inviteToStaff,
    disableStaffAccounts,
    renewEnrolments,
    readOwnGrants,
    readGrants,
    giveGrants,
    revokeGrants,
    approveGrants,
    requestElevations,
    useElevations,
    approveElevations,
  ],
  resources: [staffMember, accessGrant],
  actions: [inviteStaff, disableStaff, enableStaff, renewEnrolment, makeEnrolmentLink, giveGrant, revokeGrant, requestElevation, activateElevation, dropElevation],
  events: ACCESS_EVENTS,
  everyone: FOR_EVERYONE,
  roles: ACCESS_ROLES,
  settings: accessSettings,
  extend: addRolesInForce,
});
