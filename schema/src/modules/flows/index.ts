import { defineModule } from '../../vocabulary/define-module.ts';
import { FLOWS_READ } from './flow.event.ts';
import { addFlows } from './flows.query.ts';
import { READ_FLOWS } from './permissions.ts';

/** Where guarded flows hurt (C7): codes that nobody gives, requests that wait, refusals that repeat. It measures the gateway, never people. */
export const flows = defineModule({
  name: 'flows',
  label: { en: 'Flows', id: 'Alur' },
  description: { en: 'How guarded acts go, and where people give up.', id: 'Jalannya tindakan yang dijaga, dan di mana orang menyerah.' },
  icon: 'FactCheck',
  permissions: [READ_FLOWS],
  resources: [],
  actions: [],
  events: [FLOWS_READ],
  roles: {
    'compliance-auditor': [READ_FLOWS],
    'security-operator': [READ_FLOWS],
    'platform-admin': [READ_FLOWS],
  },
  extend: addFlows,
});
