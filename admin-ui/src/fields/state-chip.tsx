import BadIcon from '@mui/icons-material/ErrorOutlined';
import GoodIcon from '@mui/icons-material/CheckCircleOutlined';
import NeutralIcon from '@mui/icons-material/RadioButtonUnchecked';
import WarningIcon from '@mui/icons-material/WarningAmber';
import { Box } from '@mui/material';
import type { Tone } from '@sallyport/schema/vocabulary/field.ts';
import type { Tokens } from '../theme/tokens.ts';

const ICONS = { good: GoodIcon, warning: WarningIcon, bad: BadIcon, neutral: NeutralIcon } as const;
const GROUNDS = { good: 'goodSoft', warning: 'warningSoft', bad: 'badSoft', neutral: 'neutralSoft' } as const satisfies Record<Tone, keyof Tokens>;

/** A state as word, tone and shape of icon: colour is never the only sign. */
export function StateChip({ label, tone }: { readonly label: string; readonly tone: Tone }) {
  const Icon = ICONS[tone];
  return (
    <Box
      component="span"
      sx={(theme) => ({
        display: 'inline-flex',
        alignItems: 'center',
        gap: '4px',
        height: 22,
        px: '7px',
        borderRadius: '5px',
        fontSize: '0.75rem',
        fontWeight: 550,
        whiteSpace: 'nowrap',
        color: theme.tokens[tone],
        background: theme.tokens[GROUNDS[tone]],
      })}
    >
      <Icon aria-hidden sx={{ fontSize: 13 }} />
      {label}
    </Box>
  );
}
