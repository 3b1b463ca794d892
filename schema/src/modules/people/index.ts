import { defineModule } from '../../vocabulary/define-module.ts';
import { endPersonSessions } from './end-person-sessions.action.ts';
import { erasePerson } from './erase-person.action.ts';
import { membership } from './membership.resource.ts';
import {
  approveErasures,
  approveMfaResets,
  endSessions,
  erasePeople,
  readContacts,
  readIdentities,
  readMemberships,
  readPeople,
  readSessionNetworks,
  readSessions,
  resetMfaOfPeople,
  searchAllPeople,
  sendPasswordResets,
} from './permissions.ts';
import { mfaReset, passwordResetSent, personErased, sessionsEnded } from './person.event.ts';
import { person } from './person.resource.ts';
import { productSession } from './product-session.resource.ts';
import { resetMfa } from './reset-mfa.action.ts';
import { sendPasswordReset } from './send-password-reset.action.ts';

const withoutIdentity = [readPeople, readMemberships, readSessions];

export const people = defineModule({
  name: 'people',
  label: { en: 'People', id: 'Orang' },
  description: { en: "Customers' people, their memberships and their sign-in.", id: 'Pengguna pelanggan, keanggotaan, dan proses masuk mereka.' },
  icon: 'People',
  permissions: [
    readPeople,
    readIdentities,
    readContacts,
    searchAllPeople,
    readMemberships,
    readSessions,
    readSessionNetworks,
    sendPasswordResets,
    endSessions,
    resetMfaOfPeople,
    approveMfaResets,
    erasePeople,
    approveErasures,
  ],
  resources: [person, membership, productSession],
  actions: [sendPasswordReset, endPersonSessions, resetMfa, erasePerson],
  events: [passwordResetSent, sessionsEnded, mfaReset, personErased],
  roles: {
    'support-viewer': withoutIdentity,
    'support-operator': [...withoutIdentity, readIdentities, readContacts, sendPasswordResets, endSessions],
    'security-operator': [...withoutIdentity, readIdentities, readContacts, readSessionNetworks, searchAllPeople, endSessions, resetMfaOfPeople, erasePeople],
    'production-engineer': [readPeople, readMemberships],
    'platform-admin': [readPeople, readSessions, approveMfaResets, approveErasures],
    'compliance-auditor': withoutIdentity,
  },
  breakGlass: [...withoutIdentity, readIdentities, readContacts, readSessionNetworks, sendPasswordResets, endSessions, resetMfaOfPeople],
  // Loaded on demand: the generator's word lists are no part of a running gateway.
  seed: async (db, options) => (await import('./seed.ts')).seedPeople(db, options),
});
