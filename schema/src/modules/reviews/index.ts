import { defineModule } from '../../vocabulary/define-module.ts';
import { accessReview } from './access-review.resource.ts';
import { accessReviewItem } from './access-review-item.resource.ts';
import { closeAccessReview } from './close-access-review.action.ts';
import { keepAccess } from './keep-access.action.ts';
import { approveClosings, closeCampaigns, decideItems, readCampaigns, readItems, readOwnItems, startCampaigns } from './permissions.ts';
import { accessGuarded, accessRevoked, itemKept, itemRevoked, reviewClosed, reviewStarted } from './review.event.ts';
import { addReviewReport } from './review-report.query.ts';
import { revokeAccess } from './revoke-access.action.ts';
import { reviewSettings } from './settings.ts';
import { startAccessReview } from './start-access-review.action.ts';

/** Campaigns in which somebody else judges what a person may do; silence takes it away (W1-W4). */
export const reviews = defineModule({
  name: 'reviews',
  label: { en: 'Access reviews', id: 'Tinjauan akses' },
  description: { en: 'Whether what people may do is still right.', id: 'Apakah yang boleh dilakukan orang masih tepat.' },
  icon: 'Rule',
  permissions: [readCampaigns, startCampaigns, closeCampaigns, approveClosings, readOwnItems, readItems, decideItems],
  resources: [accessReview, accessReviewItem],
  actions: [startAccessReview, keepAccess, revokeAccess, closeAccessReview],
  events: [reviewStarted, reviewClosed, itemKept, itemRevoked, accessRevoked, accessGuarded],
  everyone: [readOwnItems],
  roles: {
    'security-operator': [readCampaigns, approveClosings, readItems, decideItems],
    'platform-admin': [readCampaigns, startCampaigns, closeCampaigns, readItems, decideItems],
    'compliance-auditor': [readCampaigns, startCampaigns, closeCampaigns, readItems, decideItems],
  },
  settings: reviewSettings,
  extend: addReviewReport,
});
