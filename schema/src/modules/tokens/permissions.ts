import { definePermission } from '../../vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | who               | reads            | acts                         | because |
 * |-------------------|------------------|------------------------------|---------|
 * | everyone          | their own tokens | make and revoke their own    | a token holds less than its maker, and dies with their rights |
 * | Security Operator | all              | revoke any                   | a leaked token is stopped by whoever is on call |
 * | Platform Admin    | all              | revoke any                   | manages who may do what |
 * | Compliance Auditor | all             | -                            | evidence, not repair (C5) |
 */
export const readTokens = definePermission('tokens.token.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See your own tokens', id: 'Melihat token sendiri' },
});

export const readAllTokens = definePermission('tokens.token.read-all', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: "See everybody's tokens", id: 'Melihat token semua orang' },
});

export const createTokens = definePermission('tokens.token.create', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Make tokens for your own tooling', id: 'Membuat token untuk perkakas sendiri' },
});

export const revokeTokens = definePermission('tokens.token.revoke', {
  effect: 'write',
  reach: 'global',
  tier: 'routine',
  label: { en: 'Revoke your own tokens', id: 'Mencabut token sendiri' },
});

export const revokeAnyTokens = definePermission('tokens.token.revoke-any', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: "Revoke other people's tokens", id: 'Mencabut token orang lain' },
});
