import { defineModule } from '../../vocabulary/define-module.ts';
import { dataExportOrdered, dataExportWithdrawn } from './data-export.event.ts';
import { dataExport } from './data-export.resource.ts';
import { orderDataExport } from './order-data-export.action.ts';
import { approveDataExports, orderDataExports, readDataExports, withdrawDataExports } from './permissions.ts';
import { withdrawDataExport } from './withdraw-data-export.action.ts';

export const dataExports = defineModule({
  name: 'data-exports',
  label: { en: 'Data exports', id: 'Ekspor data' },
  description: { en: "Copies of customers' data on their lawful request.", id: 'Salinan data pelanggan atas permintaan mereka yang sah.' },
  icon: 'Outbox',
  permissions: [readDataExports, orderDataExports, approveDataExports, withdrawDataExports],
  resources: [dataExport],
  actions: [orderDataExport, withdrawDataExport],
  events: [dataExportOrdered, dataExportWithdrawn],
  roles: {
    'support-viewer': [readDataExports],
    'support-operator': [readDataExports, withdrawDataExports],
    'security-operator': [readDataExports, orderDataExports, withdrawDataExports],
    'platform-admin': [readDataExports, approveDataExports],
    'customer-success': [readDataExports],
    'compliance-auditor': [readDataExports],
  },
  // Loaded on demand: the generator's word lists are no part of a running gateway.
  seed: async (db, options) => (await import('./seed.ts')).seedDataExports(db, options),
});
