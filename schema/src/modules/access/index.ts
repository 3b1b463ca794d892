import { defineModule } from '../../vocabulary/define-module.ts';
import { ACCESS_EVENTS } from './events.ts';

/** Who gets in: sign-in, second factor, sessions and confirmations. Its acts are the server's own (`server/src/auth`). */
export const access = defineModule({
  name: 'access',
  label: { en: 'Access', id: 'Akses' },
  description: { en: 'Sign-in, sessions and confirmations of our own staff.', id: 'Proses masuk, sesi, dan konfirmasi staf kita sendiri.' },
  icon: 'VpnKey',
  permissions: [],
  resources: [],
  actions: [],
  events: ACCESS_EVENTS,
  roles: {},
});
