import { definePermission } from '../../vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | who                | reads             | acts                    | because |
 * |--------------------|-------------------|-------------------------|---------|
 * | everyone           | items about them  | -                       | may know who looks at their access, and what was said |
 * | Security Operator  | all               | decide, approve closing | reviews with those who manage access (W1) |
 * | Platform Admin     | all               | start, decide, close    | manages who may do what |
 * | Compliance Auditor | all               | start, decide, close    | owns the control (W4); a decision takes away or leaves, it never gives |
 *
 * Nobody decides on their own access, whatever they hold.
 */
export const readCampaigns = definePermission('reviews.campaign.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See access reviews', id: 'Melihat tinjauan akses' },
});

export const startCampaigns = definePermission('reviews.campaign.start', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Start access reviews', id: 'Memulai tinjauan akses' },
});

export const closeCampaigns = definePermission('reviews.campaign.close', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Close access reviews of your own', id: 'Menutup tinjauan akses milik sendiri' },
});

export const approveClosings = definePermission('reviews.campaign.approve-closing', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Approve closing a review that is not fully answered', id: 'Menyetujui penutupan tinjauan yang belum terjawab semua' },
});

export const readOwnItems = definePermission('reviews.item.read-own', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See what reviews say of your own access', id: 'Melihat hasil tinjauan atas akses sendiri' },
});

export const readItems = definePermission('reviews.item.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: "See everybody's access under review", id: 'Melihat akses semua orang yang ditinjau' },
});

export const decideItems = definePermission('reviews.item.decide', {
  effect: 'write',
  reach: 'global',
  tier: 'privileged',
  label: { en: "Decide on other people's access under review", id: 'Memutuskan akses orang lain yang ditinjau' },
});
