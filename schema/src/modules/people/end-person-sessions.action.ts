import { defineAction } from '../../vocabulary/define-action.ts';
import { deleteSessions } from './delete-sessions.ts';
import { endSessions } from './permissions.ts';
import { sessionsEnded } from './person.event.ts';
import { person } from './person.resource.ts';

/** Doing it twice is no error: the second time there is nothing left to end, and nobody is told. */
export const endPersonSessions = defineAction({
  name: 'endPersonSessions',
  on: person,
  permission: endSessions,
  label: { en: 'End sessions', id: 'Akhiri sesi' },
  description: { en: 'Signs this person out everywhere.', id: 'Mengeluarkan orang ini dari semua perangkat.' },
  confirm: { en: 'End all sessions of {title}', id: 'Akhiri semua sesi {title}' },
  done: { en: '{title} is signed out everywhere.', id: '{title} telah dikeluarkan dari semua perangkat.' },
  sensitive: 'never',
  justification: 'none',
  input: {},
  event: sessionsEnded,
  async run(tx, { target }) {
    const changes = await deleteSessions(tx, target.id);
    if (changes.length === 0) return {};
    return { changes, outbox: [{ job: 'deliver-message', payload: { template: 'sessions-ended', personId: target.id } }] };
  },
});
