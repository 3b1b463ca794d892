import { Alert, Box } from '@mui/material';
import type { CatalogueAction } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useText } from '../catalogue/console-context.tsx';
import { CopyButton } from '../fields/copy-button.tsx';
import { useWords } from '../language/use-words.ts';
import { MONO } from '../theme/theme.ts';
import type { Outcome } from './use-action-flow.ts';

/** Values that exist on this screen only, this once. */
export function Revealed({ action, outcome }: { readonly action: CatalogueAction; readonly outcome: Outcome }) {
  const text = useText();
  const words = useWords();
  if (action.reveals.length === 0 || outcome.status !== 'EXECUTED') return null;
  const values = action.reveals.map((reveal) => ({ ...reveal, value: outcome[reveal.name] }));
  // A replay of an earlier answer holds none: they were shown then.
  if (values.every((item) => typeof item.value !== 'string')) return <Alert severity="info">{words('reveal.gone')}</Alert>;
  return (
    <Alert severity="warning">
      <Box sx={{ fontWeight: 600, mb: 0.5 }}>{words('reveal.once')}</Box>
      {values.map((item) =>
        typeof item.value === 'string' ? (
          <Box key={item.name} sx={{ mt: 0.5 }}>
            <Box sx={{ fontSize: '0.75rem' }}>{text(item.label)}</Box>
            <Box sx={{ fontFamily: MONO, fontSize: '0.875rem', overflowWrap: 'anywhere' }}>
              {item.value} <CopyButton text={item.value} />
            </Box>
          </Box>
        ) : null,
      )}
    </Alert>
  );
}
