import { Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { MONO } from '../theme/theme.ts';
import { CopyButton } from './copy-button.tsx';
import { shortId } from './format.ts';

/** An ID, shortened to the eye, whole to the clipboard; a link where it leads somewhere. */
export function IdChip({ id, to, whole = false }: { readonly id: string; readonly to?: string | null; readonly whole?: boolean }) {
  const shown = whole ? id : shortId(id);
  return (
    <Box
      component="span"
      sx={{ display: 'inline-flex', alignItems: 'center', gap: '2px', fontFamily: MONO, fontSize: '0.75rem', verticalAlign: 'middle', maxWidth: '100%', overflowWrap: 'anywhere' }}
    >
      {to ? (
        <Link component={RouterLink} to={to} title={id}>
          {shown}
        </Link>
      ) : (
        <span title={id}>{shown}</span>
      )}
      <CopyButton text={id} />
    </Box>
  );
}
