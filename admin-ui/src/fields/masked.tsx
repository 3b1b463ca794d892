import LockIcon from '@mui/icons-material/LockOutlined';
import { Box, Link, Tooltip } from '@mui/material';
import { useAskFor } from '../roles/ask-for.ts';
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
export function NeedsPermission({
  permission,
  tenantId = null,
  short = false,
}: {
  readonly permission: string;
  /** Where it would be needed; null where that is no one tenant's business. */
  readonly tenantId?: string | null;
  /** For a narrow cell, or a place that is a link already: no way to ask from here. */
  readonly short?: boolean;
}) {
  const words = useWords();
  const askFor = useAskFor(permission);
  const text = words('field.needs', { permission });
  const says = (
    <Tooltip title={words('field.needs.help', { permission })}>
      <Box component="span" tabIndex={0} aria-label={text} sx={{ display: 'inline-flex', alignItems: 'center', gap: '4px', color: 'text.secondary', fontSize: '0.75rem' }}>
        <LockIcon aria-hidden sx={{ fontSize: 13 }} />
        {short ? words('field.refused') : text}
      </Box>
    </Tooltip>
  );
  if (short || !askFor) return says;
  return (
    <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 0.75 }}>
      {says}
      <Link
        component="button"
        type="button"
        data-ask={permission}
        onClick={() => askFor({ permission, tenantId })}
        sx={{ fontSize: '0.75rem' }}
        aria-label={words('ask.field', { field: permission })}
      >
        {words('ask.act')}
      </Link>
    </Box>
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
