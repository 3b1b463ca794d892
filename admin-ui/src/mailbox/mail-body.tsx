import { Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { showHidden } from '../fields/format.ts';
import { partsOf } from './mail-parts.ts';

export function MailBody({ body }: { readonly body: string }) {
  return (
    <Box sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxWidth: '72ch' }}>
      {partsOf(body, window.location.origin).map((part, index) =>
        'path' in part ? (
          <Link key={index} component={RouterLink} to={part.path} underline="always">
            {part.address}
          </Link>
        ) : (
          <span key={index}>{showHidden(part.text)}</span>
        ),
      )}
    </Box>
  );
}
