import { Alert, Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useText } from '../catalogue/console-context.tsx';
import { titleOf } from '../fields/field-value.tsx';
import { IdChip } from '../fields/id-chip.tsx';
import { useWords } from '../language/use-words.ts';
import { LOOKS, type Look } from './action-look.ts';
import { ChangesTable } from './changes-table.tsx';
import { useAlternatives } from './plan-notice.tsx';
import { Revealed } from './revealed.tsx';
import type { Outcome } from './use-action-flow.ts';

/** What the act does, and what it will ask for. */
export function Introduction({ action, look }: { readonly action: CatalogueAction; readonly look: Look }) {
  const text = useText();
  const words = useWords();
  const alternatives = useAlternatives();
  const tier = LOOKS[look].words;
  const lines = [
    tier ? words(tier) : null,
    action.sensitive === 'conditional' && action.sensitiveWhen ? words('action.codeWhen', { when: text(action.sensitiveWhen) }) : null,
    ...action.approval.map((rule) => words('plan.rule', { when: text(rule.when), who: alternatives(rule.alternatives) })),
  ];
  return (
    <Box sx={{ color: 'text.secondary' }}>
      {text(action.description)}
      {lines.map((line) =>
        line ? (
          <Box key={line} sx={{ mt: 0.5 }}>
            {line}
          </Box>
        ) : null,
      )}
    </Box>
  );
}

/** What came of it, with the way to its story, and what is shown this once. */
export function Ended({
  action,
  resource,
  outcome,
  done,
  currency,
  onLeave,
}: {
  readonly action: CatalogueAction;
  readonly resource: CatalogueResource;
  readonly outcome: Outcome;
  readonly done: string;
  readonly currency: string | null;
  /** Called by the links: a dialog does not stay over the page that they lead to. */
  readonly onLeave: () => void;
}) {
  const text = useText();
  const words = useWords();
  const alternatives = useAlternatives();
  const executed = outcome.status === 'EXECUTED';
  return (
    <>
      <Alert severity={executed ? 'success' : 'info'} role="status">
        <Box sx={{ fontWeight: 600 }}>{executed ? done : words('action.pending')}</Box>
        {!executed && outcome.approvalPlan ? <Box>{words('plan.filed', { who: alternatives(outcome.approvalPlan.alternatives) })}</Box> : null}
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', mt: 0.25 }}>
          {outcome.approvalRequest ? (
            <Link component={RouterLink} to={`/approvals/${outcome.approvalRequest.id}`} onClick={onLeave} color="inherit" underline="always" data-request>
              {words('plan.toRequest')}
            </Link>
          ) : null}
          {outcome.made ? (
            <Link component={RouterLink} to={`/${resource.plural}/${encodeURIComponent(outcome.made.id)}`} onClick={onLeave} color="inherit" underline="always" data-made>
              {words('action.open', { title: titleOf(resource, outcome.made) || text(resource.label) })}
            </Link>
          ) : null}
          <StoryLink correlationId={outcome.correlationId} onLeave={onLeave} />
          <IdChip id={outcome.correlationId} />
        </Box>
      </Alert>
      <Revealed action={action} outcome={outcome} />
      <ChangesTable changes={outcome.changes} currency={currency} />
    </>
  );
}

/** The quiet end of a routine act: a line that goes away by itself. */
export const DoneLine = ({ text, correlationId }: { readonly text: string; readonly correlationId: string }) => (
  <Alert severity="success">
    {text} <StoryLink correlationId={correlationId} />
  </Alert>
);

function StoryLink({ correlationId, onLeave }: { readonly correlationId: string; readonly onLeave?: () => void }) {
  const words = useWords();
  return (
    <Link component={RouterLink} to={`/story/${correlationId}`} onClick={onLeave} color="inherit" underline="always">
      {words('story.see')}
    </Link>
  );
}
