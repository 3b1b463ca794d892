import { Box } from '@mui/material';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { PermissionMarks } from './permission-marks.tsx';

/** Permissions by name, folded behind how many they are. */
export function PermissionList({ names, summary }: { readonly names: readonly string[]; readonly summary: string }) {
  const { catalogue } = useModel();
  const text = useText();
  if (names.length === 0) return null;
  const known = new Map(catalogue.permissions.map((permission) => [permission.name, permission]));
  return (
    <Box component="details" sx={{ fontSize: '0.8125rem', '& > summary': { cursor: 'pointer', color: 'text.secondary', width: 'fit-content' } }}>
      <summary>{summary}</summary>
      <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.25, display: 'grid', gap: '2px' }}>
        {names.map((name) => {
          const permission = known.get(name);
          return (
            <li key={name} title={name}>
              {permission ? text(permission.label) : name} {permission ? <PermissionMarks permission={permission} /> : null}
            </li>
          );
        })}
      </Box>
    </Box>
  );
}
