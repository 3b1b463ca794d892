import { useState } from 'react';
import { Box, FormControlLabel, MenuItem, Paper, Switch, TextField, Typography, useMediaQuery, type Theme } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { sendDocument } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { bundlesOf, matrixOf, type Bundle } from './access-matrix.ts';
import { MatrixTable } from './matrix-table.tsx';
import { PermissionList } from './permission-list.tsx';

/** The resource of grants, whose permission also tells how many hold a role. */
const GRANT = 'accessGrant';
const READ_GRANTS = 'access.grant.read';

interface RoleInForce {
  readonly name: string;
  readonly holders: number;
}

/** How many people hold each role now; null where that is not this viewer's to know. */
function useHolders(): ReadonlyMap<string, number> | null {
  const model = useModel();
  const enabled = model.resource(GRANT) !== undefined && model.holds(READ_GRANTS);
  const { data } = useQuery({
    queryKey: ['roles-in-force'],
    enabled,
    queryFn: async ({ signal }) =>
      (await sendDocument<{ roles: readonly RoleInForce[] }>('query RolesInForce { roles: rolesInForce { name holders } }', {}, { signal })).data.roles,
  });
  return data ? new Map(data.map((role) => [role.name, role.holders])) : null;
}

/** The access matrix as people read it: roles by permissions, on a phone one role at a time. */
export function RolesPage() {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const wide = useMediaQuery((theme: Theme) => theme.breakpoints.up('lg'), { noSsr: true });
  const holders = useHolders();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState('');
  const [mine, setMine] = useState(false);
  const [privileged, setPrivileged] = useState(false);
  usePageTitle(words('roles.title'));
  const bundles = bundlesOf(model);
  const name = (bundle: Bundle): string => (bundle.label ? text(bundle.label) : words(bundle.kind === 'everyone' ? 'roles.everyone' : 'roles.breakGlass'));
  const purpose = (bundle: Bundle): string => (bundle.purpose ? text(bundle.purpose) : words(bundle.kind === 'everyone' ? 'roles.everyone.help' : 'roles.breakGlass.help'));
  const bundle = bundles.find((item) => item.name === chosen) ?? null;
  const groups = matrixOf(model, { text: typed, mine, privileged, bundle }, text);
  const count = groups.reduce((sum, group) => sum + group.permissions.length, 0);
  const toggle = (label: string, checked: boolean, onChange: (checked: boolean) => void) => (
    <FormControlLabel
      sx={{ mx: 0 }}
      control={<Switch size="small" checked={checked} onChange={(event) => onChange(event.target.checked)} />}
      label={
        <Box component="span" sx={{ fontSize: '0.8125rem' }}>
          {label}
        </Box>
      }
    />
  );
  return (
    <Box>
      <Typography variant="h1">{words('roles.title')}</Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mb: 1.5 }}>
        {words('roles.help')}
      </Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 1.5 }}>
        <TextField
          label={words('roles.filter')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          sx={{ width: { xs: '100%', sm: 260 } }}
          slotProps={{ htmlInput: { maxLength: 100 } }}
        />
        <TextField
          select
          label={words('roles.only')}
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
          sx={{ width: { xs: '100%', sm: 220 } }}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        >
          <MenuItem value="">{words('roles.allRoles')}</MenuItem>
          {bundles.map((item) => (
            <MenuItem key={item.name} value={item.name}>
              {name(item)}
            </MenuItem>
          ))}
        </TextField>
        {toggle(words('roles.mine'), mine, setMine)}
        {toggle(words('roles.privileged'), privileged, setPrivileged)}
        <Box component="span" role="status" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
          {words('roles.count', { smart_count: count })}
        </Box>
      </Box>
      {bundle ? (
        <Paper variant="outlined" sx={{ px: 2, py: 1.25, mb: 1.5 }}>
          <Typography variant="h2">{name(bundle)}</Typography>
          <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
            {purpose(bundle)}
            {bundle.kind === 'role' && holders ? ` · ${words('roles.holders', { smart_count: holders.get(bundle.name) ?? 0 })}` : ''}
          </Box>
        </Paper>
      ) : null}
      {count === 0 ? (
        <Paper variant="outlined" sx={{ py: 7, px: 3, textAlign: 'center' }}>
          <Typography variant="h2">{words('roles.none')}</Typography>
        </Paper>
      ) : wide && !bundle ? (
        <MatrixTable groups={groups} bundles={bundles} name={name} purpose={purpose} holders={holders} />
      ) : (
        <PermissionList groups={groups} bundles={bundles} name={name} showBundles={!bundle} />
      )}
    </Box>
  );
}

export default RolesPage;
