import { definePermission } from '../../vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | task role           | reads   | acts              | because |
 * |---------------------|---------|-------------------|---------|
 * | Support Viewer      | exports | -                 | says whether an export is under way |
 * | Support Operator    | exports | withdraw          | stops one that nobody wanted; harms no one |
 * | Billing Operator    | -       | -                 | adjusts invoices, exports nothing (R3) |
 * | Security Operator   | exports | order, withdraw   | answers a customer's lawful request for their data |
 * | Production Engineer | -       | -                 | no task of theirs |
 * | Platform Admin      | exports | approves          | sees what is approved, never orders it (R11, R13) |
 * | Customer Success    | exports | -                 | knows what their customer waits for |
 * | Compliance Auditor  | exports | -                 | evidence, not repair (C5) |
 */
export const readDataExports = definePermission('data-exports.export.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See data exports', id: 'Melihat ekspor data' },
});

export const orderDataExports = definePermission('data-exports.export.order', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: "Order exports of a customer's data", id: 'Memesan ekspor data pelanggan' },
});

export const approveDataExports = definePermission('data-exports.export.approve', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: "Approve exports of a customer's data", id: 'Menyetujui ekspor data pelanggan' },
});

export const withdrawDataExports = definePermission('data-exports.export.withdraw', {
  effect: 'write',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'Withdraw data exports', id: 'Menarik ekspor data' },
});
