import GroupIcon from '@mui/icons-material/GroupOutlined';
import { Alert, Box } from '@mui/material';
import { useLocale } from 'ra-core';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { formatDuration, showHidden } from '../fields/format.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import type { ApprovalPlan } from './use-action-flow.ts';

/** Who may agree, in words: `2 people with the right “Approve refunds”, or 1 with …`. */
export function useAlternatives(): (alternatives: ApprovalPlan['alternatives']) => string {
  const { catalogue } = useModel();
  const text = useText();
  const words = useWords();
  const locale = useLocale();
  return (alternatives) => {
    const parts = alternatives.map(({ approver, quorum }) => {
      const permission = catalogue.permissions.find((item) => item.name === approver);
      return words('plan.people', { smart_count: quorum, right: permission ? text(permission.label) : approver });
    });
    return new Intl.ListFormat(locale, { type: 'disjunction' }).format(parts);
  };
}

/** Before one asks: that it takes a second person, who that can be, for how long they can decide, and what they will see. */
export function PlanNotice({ plan }: { readonly plan: ApprovalPlan }) {
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const alternatives = useAlternatives();
  const names = plan.approvers.map((person) => showHidden(person.displayName));
  return (
    <Alert severity="warning" icon={<GroupIcon sx={{ fontSize: 20 }} />} data-plan>
      <Box sx={{ fontWeight: 600 }}>{words('plan.title')}</Box>
      <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.25, display: 'grid', gap: 0.25 }}>
        <li>{words('plan.because', { when: text(plan.when) })}</li>
        <li>{words('plan.who', { who: alternatives(plan.alternatives) })}</li>
        <li>{names.length > 0 ? words('plan.now', { names: new Intl.ListFormat(locale, { type: 'disjunction' }).format(names) }) : words('plan.nobody')}</li>
        <li>{words('plan.until', { duration: formatDuration(plan.expiresAfterMinutes * 60, locale) })}</li>
        <li>{words('plan.seen')}</li>
      </Box>
    </Alert>
  );
}
