/**
 * The newest released version of the Open Cybersecurity Schema Framework (3 August 2026); what follows it is a draft. It deprecates
 * Account Change (3001) and User Access Management (3005) in favour of User Management (3007), so neither of the two is used here.
 */
export const OCSF_VERSION = '1.9.0';

/**
 * Version of our mapping, in every event under `metadata.transformation_info_list`. Whoever derives events again to compare them needs the
 * same one: another class, activity or attribute for a kind that exists already makes a new number. A rule for a new kind does not.
 */
export const MAPPING_VERSION = 2;

const IAM = { uid: 3, name: 'Identity & Access Management' } as const;
const APPLICATION = { uid: 6, name: 'Application Activity' } as const;

/** The classes in use, with the activities in use; each has Unknown (0) and Other (99) besides. Numbers and captions are OCSF's. */
export const CLASSES = {
  authentication: { uid: 3002, name: 'Authentication', category: IAM, activities: { Logon: 1, Logoff: 2, Preauth: 6 } },
  authorizeSession: { uid: 3003, name: 'Authorize Session', category: IAM, activities: { 'Assign Roles': 3 } },
  entityManagement: {
    uid: 3004,
    name: 'Entity Management',
    category: IAM,
    activities: { Create: 1, Update: 3, Delete: 4, Activate: 10, Deactivate: 11, Suspend: 12, Resume: 13 },
  },
  userManagement: {
    uid: 3007,
    name: 'User Management',
    category: IAM,
    activities: {
      Create: 1,
      Update: 2,
      Delete: 3,
      Enable: 4,
      Disable: 5,
      'Password Change': 8,
      'Password Reset': 9,
      'Enable MFA Factors': 12,
      'Disable MFA Factors': 13,
      'Assign Roles': 16,
      'Remove Roles': 17,
      'Add Programmatic Credentials': 18,
      'Remove Programmatic Credentials': 19,
    },
  },
  applicationLifecycle: { uid: 6002, name: 'Application Lifecycle', category: APPLICATION, activities: { Start: 3, Stop: 4 } },
  apiActivity: { uid: 6003, name: 'API Activity', category: APPLICATION, activities: { Create: 1, Read: 2, Update: 3, Delete: 4 } },
} as const;

export type ClassName = keyof typeof CLASSES;

export const SEVERITIES = { Informational: 1, Low: 2, Medium: 3, High: 4, Critical: 5 } as const;
export type Severity = keyof typeof SEVERITIES;
