import { Box } from '@mui/material';
import { CopyButton } from '../fields/copy-button.tsx';
import { showHidden } from '../fields/format.ts';
import { MONO } from '../theme/theme.ts';

/** A text to be copied whole: a command, a key. */
export const CommandText = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <Box
    sx={(theme) => ({
      display: 'flex',
      gap: 1,
      alignItems: 'flex-start',
      px: 1.25,
      py: 0.75,
      border: `1px solid ${theme.tokens.line}`,
      borderRadius: '6px',
      background: theme.tokens.ground,
      fontFamily: MONO,
      fontSize: '0.75rem',
      overflowWrap: 'anywhere',
    })}
  >
    <Box component="code" sx={{ flex: 1, minWidth: 0, fontFamily: 'inherit' }}>
      {showHidden(text)}
    </Box>
    <CopyButton text={text} label={label} />
  </Box>
);
