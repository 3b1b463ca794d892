import AnswersIcon from '@mui/icons-material/QuestionAnswerOutlined';
import ApprovalIcon from '@mui/icons-material/HowToRegOutlined';
import AuditIcon from '@mui/icons-material/FactCheckOutlined';
import BillingIcon from '@mui/icons-material/ReceiptLongOutlined';
import BusinessIcon from '@mui/icons-material/BusinessOutlined';
import FlowsIcon from '@mui/icons-material/InsightsOutlined';
import FolderIcon from '@mui/icons-material/FolderOutlined';
import HomeIcon from '@mui/icons-material/HomeOutlined';
import IntegrityIcon from '@mui/icons-material/VerifiedUserOutlined';
import KeyIcon from '@mui/icons-material/VpnKeyOutlined';
import OwnAccessIcon from '@mui/icons-material/BadgeOutlined';
import PeopleIcon from '@mui/icons-material/PeopleAltOutlined';
import ReportsIcon from '@mui/icons-material/SummarizeOutlined';
import ReviewsIcon from '@mui/icons-material/RuleOutlined';
import RolesIcon from '@mui/icons-material/TableChartOutlined';
import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import StoreIcon from '@mui/icons-material/StorefrontOutlined';
import TimelineIcon from '@mui/icons-material/Timeline';
import type { SvgIconComponent } from '@mui/icons-material';
import { Box, Typography } from '@mui/material';
import { NavLink } from 'react-router';
import { REQUEST } from '../approvals/requests.ts';
import { useApprovalCounts } from '../approvals/use-requests.ts';
import { ANSWERING } from '../answers/answers.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { CAMPAIGN } from '../reviews/review-lines.ts';
import { FLOWING } from '../flows/flows.ts';
import { visuallyHidden } from '../fields/masked.tsx';
import { READ_INTEGRITY } from '../integrity/log-state.ts';
import { useWords } from '../language/use-words.ts';
import { REPORTING } from '../reports/selection.ts';
import { Mark } from './mark.tsx';
import { listedModules } from './own-pages.ts';

/** Icons that a module's declaration may name; others get a folder. */
const ICONS: Readonly<Record<string, SvgIconComponent>> = {
  AccountBalance: BusinessIcon,
  Apartment: BusinessIcon,
  Business: BusinessIcon,
  Corporate: BusinessIcon,
  CorporateFare: BusinessIcon,
  Domain: BusinessIcon,
  FactCheck: AuditIcon,
  Gavel: AuditIcon,
  Group: PeopleIcon,
  Groups: PeopleIcon,
  History: AuditIcon,
  Key: KeyIcon,
  Lock: KeyIcon,
  Payments: BillingIcon,
  People: PeopleIcon,
  PeopleAlt: PeopleIcon,
  Policy: ShieldIcon,
  ReceiptLong: BillingIcon,
  Security: ShieldIcon,
  Shield: ShieldIcon,
  Storefront: StoreIcon,
  VerifiedUser: ShieldIcon,
  VpnKey: KeyIcon,
};

function Entry({
  to,
  label,
  icon: Icon,
  onLeave,
  end = false,
  badge = null,
}: {
  readonly to: string;
  readonly label: string;
  readonly icon?: SvgIconComponent;
  readonly onLeave: () => void;
  readonly end?: boolean;
  /** How much waits there, with the words for it. */
  readonly badge?: { readonly count: number; readonly says: string } | null;
}) {
  return (
    <Box
      component={NavLink}
      to={to}
      end={end}
      onClick={onLeave}
      sx={(theme) => ({
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        minHeight: 32,
        px: 1.25,
        pl: Icon ? 1.25 : 4.25,
        mx: 1,
        borderRadius: '6px',
        color: theme.tokens.text,
        textDecoration: 'none',
        fontSize: '0.8125rem',
        '&:hover': { background: theme.tokens.neutralSoft },
        '&.active': { background: theme.tokens.accentSoft, color: theme.tokens.accent, fontWeight: 600 },
      })}
    >
      {Icon ? <Icon aria-hidden sx={{ fontSize: 17 }} /> : null}
      {label}
      {badge ? (
        <Box
          component="span"
          className="figures"
          sx={(theme) => ({
            ml: 'auto',
            px: 0.75,
            minWidth: 20,
            borderRadius: '9px',
            fontSize: '0.6875rem',
            fontWeight: 650,
            lineHeight: '18px',
            textAlign: 'center',
            color: theme.tokens.warning,
            background: theme.tokens.warningSoft,
          })}
        >
          <span aria-hidden>{badge.count}</span>
          <Box component="span" sx={visuallyHidden}>
            {badge.says}
          </Box>
        </Box>
      ) : null}
    </Box>
  );
}

/** Only modules with something that the viewer may read. */
export function Menu({ onLeave }: { readonly onLeave: () => void }) {
  const model = useModel();
  const { resource, holds } = model;
  const text = useText();
  const words = useWords();
  const audit = resource('auditEvent');
  const requests = resource(REQUEST);
  const campaigns = resource(CAMPAIGN);
  const waiting = useApprovalCounts()?.toReview ?? 0;
  const listed = listedModules(model);
  return (
    <Box sx={{ pb: 3 }}>
      <Box component={NavLink} to="/" onClick={onLeave} sx={{ display: 'flex', alignItems: 'center', gap: 1, height: 52, px: 2, color: 'text.primary', textDecoration: 'none' }}>
        <Mark size={24} />
        <Typography component="span" sx={{ fontWeight: 650, letterSpacing: '-0.01em' }}>
          Sallyport
        </Typography>
      </Box>
      <Box sx={{ mt: 0.5 }}>
        <Entry to="/" label={words('page.home')} icon={HomeIcon} onLeave={onLeave} end />
        {requests && holds(requests.permission) ? (
          <Entry
            to="/approvals"
            label={words('approvals.title')}
            icon={ApprovalIcon}
            badge={waiting > 0 ? { count: waiting, says: words('approvals.waiting', { smart_count: waiting }) } : null}
            onLeave={onLeave}
          />
        ) : null}
        <Entry to="/my-access" label={words('mine.title')} icon={OwnAccessIcon} onLeave={onLeave} />
        {campaigns && holds(campaigns.permission) ? <Entry to="/access-reviews" label={words('reviews.title')} icon={ReviewsIcon} onLeave={onLeave} /> : null}
        {audit && holds(audit.permission) ? <Entry to="/story" label={words('story.title')} icon={TimelineIcon} onLeave={onLeave} /> : null}
        {holds(REPORTING) ? <Entry to="/reports" label={words('reports.title')} icon={ReportsIcon} onLeave={onLeave} /> : null}
        {holds(ANSWERING) ? <Entry to="/answers" label={words('answers.title')} icon={AnswersIcon} onLeave={onLeave} /> : null}
        {holds(FLOWING) ? <Entry to="/flows" label={words('flows.title')} icon={FlowsIcon} onLeave={onLeave} /> : null}
        {holds(READ_INTEGRITY) ? <Entry to="/integrity" label={words('integrity.title')} icon={IntegrityIcon} onLeave={onLeave} /> : null}
        <Entry to="/roles" label={words('roles.title')} icon={RolesIcon} onLeave={onLeave} />
      </Box>
      {listed.map(({ module, resources }) => {
        const Icon = ICONS[module.icon.replace(/(Outlined|Rounded|Sharp)$/, '')] ?? FolderIcon;
        const heading = `menu-${module.name}`;
        return (
          <Box key={module.name} sx={{ mt: 1.75 }} role="group" aria-labelledby={heading}>
            <Box
              id={heading}
              title={text(module.description)}
              sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 2.25, mb: 0.25, color: 'text.secondary', fontSize: '0.75rem', fontWeight: 600 }}
            >
              <Icon aria-hidden sx={{ fontSize: 16 }} />
              {text(module.label)}
            </Box>
            {resources.map((item) => (
              <Entry key={item.plural} to={`/${item.plural}`} label={text(item.labelPlural)} onLeave={onLeave} />
            ))}
          </Box>
        );
      })}
    </Box>
  );
}
