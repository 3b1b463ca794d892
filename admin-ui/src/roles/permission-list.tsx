import { Box, Paper, Typography } from '@mui/material';
import { useText } from '../catalogue/console-context.tsx';
import type { Bundle, MatrixGroup } from './access-matrix.ts';
import { PermissionName } from './permission-name.tsx';

interface PermissionListProps {
  readonly groups: readonly MatrixGroup[];
  readonly bundles: readonly Bundle[];
  readonly name: (bundle: Bundle) => string;
  /** Names the roles that carry each permission. */
  readonly showBundles: boolean;
}

/** Permissions under their modules, for one role or a narrow page. */
export function PermissionList({ groups, bundles, name, showBundles }: PermissionListProps) {
  const text = useText();
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      {groups.map((group) => (
        <Paper key={group.module.name} variant="outlined" component="section" aria-labelledby={`module-${group.module.name}`}>
          <Typography variant="h2" id={`module-${group.module.name}`} sx={(theme) => ({ px: 1.5, py: 0.75, background: theme.tokens.neutralSoft })}>
            {text(group.module.label)}
          </Typography>
          <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
            {group.permissions.map((permission) => (
              <Box component="li" key={permission.name} sx={(theme) => ({ px: 1.5, py: 0.75, borderTop: `1px solid ${theme.tokens.line}` })}>
                <PermissionName permission={permission} />
                {showBundles ? (
                  <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', mt: 0.25 }}>
                    {bundles
                      .filter((bundle) => bundle.permissions.has(permission.name))
                      .map(name)
                      .join(' · ')}
                  </Box>
                ) : null}
              </Box>
            ))}
          </Box>
        </Paper>
      ))}
    </Box>
  );
}
