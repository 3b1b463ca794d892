import { Alert, Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import type { CatalogueAction } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { IdChip } from '../fields/id-chip.tsx';
import { useWords } from '../language/use-words.ts';
import { LOOKS, type Look } from './action-look.ts';
import { ChangesTable } from './changes-table.tsx';
import { Revealed } from './revealed.tsx';
import type { Outcome } from './use-action-flow.ts';

/** What the act does, and what it will ask for. */
export function Introduction({ action, look }: { readonly action: CatalogueAction; readonly look: Look }) {
  const { catalogue } = useModel();
  const text = useText();
  const words = useWords();
  const tier = LOOKS[look].words;
  const { approval } = action;
  const approver = approval ? catalogue.permissions.find((item) => item.name === approval.approver) : undefined;
  const lines = [
    tier ? words(tier) : null,
    action.sensitive === 'conditional' && action.sensitiveWhen ? words('action.codeWhen', { when: text(action.sensitiveWhen) }) : null,
    approval ? words('action.approvalWhen', { when: text(approval.when), smart_count: approval.quorum, approver: approver ? text(approver.label) : approval.approver }) : null,
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
  outcome,
  done,
  currency,
}: {
  readonly action: CatalogueAction;
  readonly outcome: Outcome;
  readonly done: string;
  readonly currency: string | null;
}) {
  const words = useWords();
  const executed = outcome.status === 'EXECUTED';
  return (
    <>
      <Alert severity={executed ? 'success' : 'info'} role="status">
        <Box sx={{ fontWeight: 600 }}>{executed ? done : words('action.pending')}</Box>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', mt: 0.25 }}>
          <StoryLink correlationId={outcome.correlationId} />
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

function StoryLink({ correlationId }: { readonly correlationId: string }) {
  const words = useWords();
  return (
    <Link component={RouterLink} to={`/story/${correlationId}`} color="inherit" underline="always">
      {words('story.see')}
    </Link>
  );
}
