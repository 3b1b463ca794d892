import { useEffect, useRef } from 'react';
import { Box, Dialog, DialogContent, DialogTitle } from '@mui/material';
import { useNavigate } from 'react-router';
import type { MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';

const SHORTCUTS: readonly (readonly [keys: string, meaning: MessageKey])[] = [
  ['Ctrl K  ⌘ K  /', 'shortcuts.search'],
  ['?', 'shortcuts.sheet'],
  ['g h', 'shortcuts.home'],
  ['g i', 'shortcuts.approvals'],
  ['g p', 'shortcuts.profile'],
  ['↑ ↓', 'shortcuts.rows'],
  ['Enter', 'shortcuts.open'],
  ['j  k', 'shortcuts.walk'],
  ['a  d', 'shortcuts.approve'],
  ['[ ]', 'shortcuts.pages'],
  ['f', 'shortcuts.filter'],
  ['Esc', 'shortcuts.close'],
];

/** Milliseconds within which two keys are one shortcut. */
const PAIR_MS = 1_500;

/** Whether keys now belong to a field, a menu or a dialog. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="menu"], [role="listbox"], [role="combobox"]') !== null)
  );
}

export function useShortcuts({ openSearch, openSheet }: { readonly openSearch: () => void; readonly openSheet: () => void }): void {
  const navigate = useNavigate();
  // Outlives the listener, which is set anew whenever the page changes: between two keys of one shortcut it may.
  const pressed = useRef({ key: '', at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openSearch();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const pair = event.timeStamp - pressed.current.at < PAIR_MS ? `${pressed.current.key} ${event.key}` : event.key;
      pressed.current = { key: event.key, at: event.timeStamp };
      if (event.key === '/') {
        event.preventDefault();
        openSearch();
      } else if (event.key === '?') openSheet();
      else if (pair === 'g h') void navigate('/');
      else if (pair === 'g i') void navigate('/approvals');
      else if (pair === 'g p') void navigate('/profile');
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [navigate, openSearch, openSheet]);
}

export function ShortcutSheet({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords();
  return (
    <Dialog open={open} onClose={onClose} maxWidth="xs" fullWidth aria-labelledby="shortcuts-title">
      <DialogTitle id="shortcuts-title">{words('shortcuts.title')}</DialogTitle>
      <DialogContent>
        <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'auto 1fr', columnGap: 2.5, rowGap: 1, alignItems: 'center' }}>
          {SHORTCUTS.map(([keys, meaning]) => (
            <Box key={keys} sx={{ display: 'contents' }}>
              <Box component="dt">
                {keys.split(/\s{2,}/).map((key) => (
                  <Box
                    component="kbd"
                    key={key}
                    sx={(theme) => ({
                      fontFamily: 'inherit',
                      fontSize: '0.75rem',
                      px: 0.75,
                      py: '2px',
                      mr: 0.5,
                      border: `1px solid ${theme.tokens.line}`,
                      borderRadius: '4px',
                      background: theme.tokens.neutralSoft,
                    })}
                  >
                    {key}
                  </Box>
                ))}
              </Box>
              <Box component="dd" sx={{ m: 0 }}>
                {words(meaning)}
              </Box>
            </Box>
          ))}
        </Box>
      </DialogContent>
    </Dialog>
  );
}
