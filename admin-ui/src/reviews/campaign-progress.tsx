import { Box } from '@mui/material';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { FactLine } from '../feedback/section.tsx';
import { useWords } from '../language/use-words.ts';
import { progressOf } from './review-lines.ts';

/** How far a review has come, as a bar and in words. */
export function CampaignProgress({ campaign, label }: { readonly campaign: GatewayRecord; readonly label: string }) {
  const words = useWords();
  const { all, answered, kept, revoked, percent } = progressOf(campaign);
  const said = words('reviews.progress', { done: answered, all });
  return (
    <Box sx={{ display: 'grid', gap: 0.5, minWidth: 0 }}>
      <Box
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={said}
        sx={(theme) => ({ height: 8, borderRadius: '4px', overflow: 'hidden', background: theme.tokens.line, printColorAdjust: 'exact' })}
      >
        <Box sx={(theme) => ({ height: '100%', width: `${percent}%`, background: percent === 100 ? theme.tokens.good : theme.tokens.accent })} />
      </Box>
      <FactLine>{[said, kept > 0 ? words('reviews.kept', { smart_count: kept }) : null, revoked > 0 ? words('reviews.revoked', { smart_count: revoked }) : null]}</FactLine>
    </Box>
  );
}
