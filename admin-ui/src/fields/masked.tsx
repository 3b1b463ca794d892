import LockIcon from '@mui/icons-material/LockOutlined';
import { Box, Tooltip } from '@mui/material';
import { useWords } from '../language/use-words.ts';

/** Stands where a personal value would be. */
export function Masked() {
  const words = useWords();
  return (
    <Tooltip title={words('field.masked.help')}>
      <Box component="span" sx={{ color: 'text.secondary', letterSpacing: '0.1em' }}>
        <span aria-hidden>••••••</span>
        <Box component="span" sx={visuallyHidden}>
          {words('field.masked')}
        </Box>
      </Box>
    </Tooltip>
  );
}

/** Stands where a value is not this viewer's to read: never blank. */
export function NeedsPermission({ permission, short = false }: { readonly permission: string; readonly short?: boolean }) {
  const words = useWords();
  const text = words('field.needs', { permission });
  return (
    <Tooltip title={words('field.needs.help', { permission })}>
      <Box component="span" tabIndex={0} aria-label={text} sx={{ display: 'inline-flex', alignItems: 'center', gap: '4px', color: 'text.secondary', fontSize: '0.75rem' }}>
        <LockIcon aria-hidden sx={{ fontSize: 13 }} />
        {short ? words('field.refused') : text}
      </Box>
    </Tooltip>
  );
}

export const visuallyHidden = {
  position: 'absolute',
  width: '1px',
  height: '1px',
  m: '-1px',
  p: 0,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
  border: 0,
} as const;
