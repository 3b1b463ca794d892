import type { Text } from '../vocabulary/axes.ts';

export interface RoleDeclaration {
  readonly label: Text;
  readonly purpose: Text;
}

/**
 * The eight task roles. A role is nothing but a name for a list of permissions, which the modules
 * contribute; no code asks for a role's name. Nobody has everything.
 */
export const ROLES = {
  'support-viewer': {
    label: { en: 'Support Viewer', id: 'Pengamat Dukungan' },
    purpose: { en: 'Looks at accounts to answer questions; changes nothing.', id: 'Melihat akun untuk menjawab pertanyaan; tidak mengubah apa pun.' },
  },
  'support-operator': {
    label: { en: 'Support Operator', id: 'Operator Dukungan' },
    purpose: { en: 'Does the routine repairs customers ask for.', id: 'Melakukan perbaikan rutin yang diminta pelanggan.' },
  },
  'billing-operator': {
    label: { en: 'Billing Operator', id: 'Operator Penagihan' },
    purpose: { en: 'Corrects invoices and credit; no exports, no sign-in settings.', id: 'Memperbaiki tagihan dan kredit; tanpa ekspor, tanpa pengaturan masuk.' },
  },
  'security-operator': {
    label: { en: 'Security Operator', id: 'Operator Keamanan' },
    purpose: { en: "Guards customers' sign-in: MFA, SSO, secrets.", id: 'Menjaga proses masuk pelanggan: MFA, SSO, rahasia.' },
  },
  'production-engineer': {
    label: { en: 'Production Engineer', id: 'Teknisi Produksi' },
    purpose: { en: 'Keeps integrations and limits working.', id: 'Menjaga integrasi dan batas tetap berfungsi.' },
  },
  'platform-admin': {
    label: { en: 'Platform Admin', id: 'Admin Platform' },
    purpose: { en: "Manages who may do what; can't export customer data.", id: 'Mengatur siapa boleh apa; tidak dapat mengekspor data pelanggan.' },
  },
  'customer-success': {
    label: { en: 'Customer Success', id: 'Keberhasilan Pelanggan' },
    purpose: { en: 'Sees how customers fare; acts on nothing.', id: 'Melihat keadaan pelanggan; tidak bertindak apa pun.' },
  },
  'compliance-auditor': {
    label: { en: 'Compliance Auditor', id: 'Auditor Kepatuhan' },
    purpose: { en: 'Reads the log and its evidence; repairs nothing.', id: 'Membaca log dan buktinya; tidak memperbaiki apa pun.' },
  },
} as const satisfies Record<string, RoleDeclaration>;

export type RoleName = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as readonly RoleName[];
