import GroupIcon from '@mui/icons-material/GroupOutlined';
import KeyIcon from '@mui/icons-material/VpnKeyOutlined';
import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import type { MessageKey } from '../language/en.ts';
import type { lookOf } from './action-values.ts';

export type Look = ReturnType<typeof lookOf>;

/** How an act of each kind looks, before one has read a word: colour, sign, and the words for both. */
export const LOOKS: Readonly<Record<Look, { readonly color: 'inherit' | 'warning' | 'error'; readonly icon: typeof KeyIcon | null; readonly words: MessageKey | null }>> = {
  routine: { color: 'inherit', icon: null, words: null },
  privileged: { color: 'warning', icon: ShieldIcon, words: 'tier.privileged' },
  approval: { color: 'warning', icon: GroupIcon, words: 'tier.approval' },
  sensitive: { color: 'error', icon: KeyIcon, words: 'tier.sensitive' },
};

/** From plain to risky, as the buttons stand. */
export const LOOK_ORDER: readonly Look[] = ['routine', 'privileged', 'approval', 'sensitive'];
