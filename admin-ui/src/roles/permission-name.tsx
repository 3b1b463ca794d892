import { Box, Link } from '@mui/material';
import HeldIcon from '@mui/icons-material/AccountCircleOutlined';
import { Tooltip } from '@mui/material';
import type { CataloguePermission } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { visuallyHidden } from '../fields/masked.tsx';
import { PermissionMarks } from '../fields/permission-marks.tsx';
import { useWords } from '../language/use-words.ts';
import { MONO } from '../theme/theme.ts';
import { useAskFor } from './ask-for.ts';

/** A permission by label, code and signs; whether the viewer holds it, else the way to ask. */
export function PermissionName({ permission }: { readonly permission: CataloguePermission }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const askFor = useAskFor(permission.name);
  const held = model.holds(permission.name);
  return (
    <Box sx={{ minWidth: 0 }}>
      <Box sx={{ display: 'flex', gap: 0.75, alignItems: 'center' }}>
        <span>{text(permission.label)}</span>
        <PermissionMarks permission={permission} />
        {held ? (
          <Tooltip title={words('roles.held')}>
            <Box component="span" sx={(theme) => ({ display: 'inline-flex', color: theme.tokens.accent })}>
              <HeldIcon aria-hidden sx={{ fontSize: 15 }} />
              <Box component="span" sx={visuallyHidden}>
                {words('roles.held')}
              </Box>
            </Box>
          </Tooltip>
        ) : null}
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1, alignItems: 'baseline' }}>
        <Box component="span" sx={{ fontFamily: MONO, fontSize: '0.6875rem', color: 'text.secondary', overflowWrap: 'anywhere' }}>
          {permission.name}
        </Box>
        {!held && askFor ? (
          <Link
            component="button"
            type="button"
            data-ask={permission.name}
            onClick={() => askFor({ permission: permission.name, tenantId: null })}
            sx={{ fontSize: '0.75rem' }}
            aria-label={words('ask.field', { field: text(permission.label) })}
          >
            {words('roles.ask')}
          </Link>
        ) : null}
      </Box>
    </Box>
  );
}
