import { defineModule } from '../../vocabulary/define-module.ts';
import { activateBreakGlass } from './activate-break-glass.action.ts';
import { breakGlassEnded, breakGlassReviewed, breakGlassStarted, breakGlassUnreviewed } from './break-glass.event.ts';
import { breakGlassUse } from './break-glass-use.resource.ts';
import { endBreakGlass } from './end-break-glass.action.ts';
import { endOwnUse, readOwnUses, readUses, reviewUses, useBreakGlass } from './permissions.ts';
import { reviewBreakGlass } from './review-break-glass.action.ts';
import { emergencySettings } from './settings.ts';

/** Break-glass: apart from roles and requests, temporary, and owed a review (B1-B3). */
export const emergency = defineModule({
  name: 'emergency',
  label: { en: 'Emergency', id: 'Darurat' },
  description: { en: 'Emergency access and its reviews.', id: 'Akses darurat dan tinjauannya.' },
  icon: 'Emergency',
  permissions: [readOwnUses, readUses, useBreakGlass, endOwnUse, reviewUses],
  resources: [breakGlassUse],
  actions: [activateBreakGlass, endBreakGlass, reviewBreakGlass],
  events: [breakGlassStarted, breakGlassEnded, breakGlassReviewed, breakGlassUnreviewed],
  everyone: [readOwnUses, endOwnUse],
  roles: {
    'support-operator': [useBreakGlass],
    'billing-operator': [useBreakGlass],
    'security-operator': [readUses, useBreakGlass, reviewUses],
    'production-engineer': [useBreakGlass],
    'platform-admin': [readUses, reviewUses],
    'compliance-auditor': [readUses],
  },
  settings: emergencySettings,
});
