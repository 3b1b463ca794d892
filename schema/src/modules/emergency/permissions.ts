import { definePermission } from '../../vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | who                 | reads     | acts               | because |
 * |---------------------|-----------|--------------------|---------|
 * | everyone            | their own | end their own      | giving up power is never hard |
 * | Support Operator    | their own | break glass        | first on the line, everywhere |
 * | Billing Operator    | their own | break glass        | stands in when nobody else is there |
 * | Security Operator   | all       | break glass, review the others' | on call; told of every use |
 * | Production Engineer | their own | break glass        | on call |
 * | Platform Admin      | all       | review             | manages who may do what, repairs nothing |
 * | Compliance Auditor  | all       | -                  | evidence, not repair (C5) |
 *
 * Only who holds their task everywhere may break glass: a grant for some tenants never becomes one for others by oneself.
 *
 * What an emergency opens stands in the modules, as `breakGlass`:
 *
 * | module            | reads                                  | acts                                 | because |
 * |-------------------|----------------------------------------|--------------------------------------|---------|
 * | accounts          | tenants, notes, integrations           | suspend, reinstate, change limits    | contain an abuse, keep a customer running |
 * | people            | people, names, contact, sessions       | password reset, end sessions, reset MFA | a customer locked out, or somebody else let in |
 * | security-settings | webhooks, SSO, MFA policies            | rotate secrets, change SSO           | a secret has leaked, sign-in is broken |
 * | billing           | invoices' states, credit               | -                                    | money can wait until the morning |
 *
 * Never an approval, a grant, the log or an export; never finding people across tenants. What needs a second person still does.
 */
export const readOwnUses = definePermission('emergency.break-glass.read-own', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See your own emergencies', id: 'Melihat keadaan darurat sendiri' },
});

export const readUses = definePermission('emergency.break-glass.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See all emergencies', id: 'Melihat semua keadaan darurat' },
});

export const useBreakGlass = definePermission('emergency.break-glass.use', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Take emergency access', id: 'Mengambil akses darurat' },
});

export const endOwnUse = definePermission('emergency.break-glass.end', {
  effect: 'write',
  reach: 'global',
  tier: 'routine',
  label: { en: 'End your own emergency', id: 'Mengakhiri keadaan darurat sendiri' },
});

export const reviewUses = definePermission('emergency.break-glass.review', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: "Review other people's emergencies", id: 'Meninjau keadaan darurat orang lain' },
});
