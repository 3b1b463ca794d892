import BackIcon from '@mui/icons-material/VisibilityOutlined';
import BlockIcon from '@mui/icons-material/Block';
import CodeIcon from '@mui/icons-material/VpnKeyOutlined';
import FailedIcon from '@mui/icons-material/ErrorOutlined';
import OkIcon from '@mui/icons-material/CheckCircleOutlined';
import { Box } from '@mui/material';
import type { SvgIconComponent } from '@mui/icons-material';
import type { MessageKey } from '../language/en.ts';
import type { Tokens } from '../theme/tokens.ts';

interface Look {
  readonly icon: SvgIconComponent;
  readonly words: MessageKey;
  readonly color: keyof Tokens;
  readonly ground: keyof Tokens;
}

const DONE: Look = { icon: OkIcon, words: 'outcome.ok', color: 'good', ground: 'goodSoft' };
const LOOKS: Readonly<Record<string, Look>> = {
  ok: DONE,
  denied: { icon: BlockIcon, words: 'outcome.denied', color: 'warning', ground: 'warningSoft' },
  failed: { icon: FailedIcon, words: 'outcome.failed', color: 'bad', ground: 'badSoft' },
  previewed: { icon: BackIcon, words: 'outcome.previewed', color: 'neutral', ground: 'neutralSoft' },
};

/** Nobody was turned away: the act waits for a code. */
const CODE_ASKED: Look = { icon: CodeIcon, words: 'outcome.denied', color: 'neutral', ground: 'neutralSoft' };

export const outcomeLook = (outcome: string, reasonCode: string | null = null): Look => (reasonCode === 'STEP_UP_REQUIRED' ? CODE_ASKED : (LOOKS[outcome.toLowerCase()] ?? DONE));

interface OutcomeIconProps {
  readonly outcome: string;
  readonly reasonCode?: string | null;
  readonly size?: number;
}

/** Round sign of an outcome; the word stands beside it. */
export function OutcomeIcon({ outcome, reasonCode = null, size = 22 }: OutcomeIconProps) {
  const look = outcomeLook(outcome, reasonCode);
  return (
    <Box
      aria-hidden
      sx={(theme) => ({
        width: size,
        height: size,
        flex: 'none',
        borderRadius: '50%',
        display: 'grid',
        placeItems: 'center',
        color: theme.tokens[look.color],
        background: theme.tokens[look.ground],
      })}
    >
      <look.icon sx={{ fontSize: size * 0.66 }} />
    </Box>
  );
}
