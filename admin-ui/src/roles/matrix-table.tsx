import YesIcon from '@mui/icons-material/Check';
import { Box, Paper, Tooltip } from '@mui/material';
import { Fragment } from 'react';
import { useText } from '../catalogue/console-context.tsx';
import { visuallyHidden } from '../fields/masked.tsx';
import { useWords } from '../language/use-words.ts';
import type { Bundle, MatrixGroup } from './access-matrix.ts';
import { PermissionName } from './permission-name.tsx';

interface MatrixTableProps {
  readonly groups: readonly MatrixGroup[];
  readonly bundles: readonly Bundle[];
  readonly name: (bundle: Bundle) => string;
  readonly purpose: (bundle: Bundle) => string;
  readonly holders: ReadonlyMap<string, number> | null;
}

/** Permissions down, roles across; each cell says yes or nothing, in a sign and in words. */
export function MatrixTable({ groups, bundles, name, purpose, holders }: MatrixTableProps) {
  const text = useText();
  const words = useWords();
  return (
    <Paper variant="outlined" sx={{ overflow: 'auto', maxHeight: 'calc(100dvh - 220px)' }} tabIndex={0} role="region" aria-label={words('roles.title')}>
      <Box
        component="table"
        sx={(theme) => ({
          width: '100%',
          borderCollapse: 'separate',
          borderSpacing: 0,
          fontSize: '0.8125rem',
          '& th, & td': { borderBottom: `1px solid ${theme.tokens.line}`, px: 1, py: 0.75, textAlign: 'center' },
          '& thead th': {
            position: 'sticky',
            top: 0,
            zIndex: 2,
            background: theme.tokens.paper,
            fontWeight: 550,
            fontSize: '0.75rem',
            verticalAlign: 'bottom',
            px: 0.5,
            lineHeight: 1.25,
            overflowWrap: 'normal',
            hyphens: 'auto',
          },
          '& th[scope="row"]': { textAlign: 'left', fontWeight: 450, position: 'sticky', left: 0, zIndex: 1, background: theme.tokens.paper, minWidth: 236, maxWidth: 340 },
          '& thead th:first-of-type': { left: 0, zIndex: 3, textAlign: 'left' },
          '& tbody tr:hover > *': { background: theme.tokens.neutralSoft },
        })}
      >
        <thead>
          <tr>
            <th scope="col">{words('roles.permission')}</th>
            {bundles.map((bundle) => (
              <Box component="th" scope="col" key={bundle.name} title={purpose(bundle)}>
                {name(bundle)}
                {bundle.kind === 'role' && holders ? (
                  <Box sx={{ color: 'text.secondary', fontWeight: 450, fontSize: '0.75rem' }}>{words('roles.holders', { smart_count: holders.get(bundle.name) ?? 0 })}</Box>
                ) : null}
              </Box>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Fragment key={group.module.name}>
              <tr>
                <Box
                  component="th"
                  scope="colgroup"
                  colSpan={bundles.length + 1}
                  sx={(theme) => ({ textAlign: 'left !important', background: theme.tokens.neutralSoft, fontWeight: 620 })}
                >
                  {text(group.module.label)}
                </Box>
              </tr>
              {group.permissions.map((permission) => (
                <tr key={permission.name}>
                  <th scope="row">
                    <PermissionName permission={permission} />
                  </th>
                  {bundles.map((bundle) => (
                    <Cell key={bundle.name} carries={bundle.permissions.has(permission.name)} bundle={name(bundle)} grave={permission.tier === 'privileged'} />
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </Box>
    </Paper>
  );
}

function Cell({ carries, bundle, grave }: { readonly carries: boolean; readonly bundle: string; readonly grave: boolean }) {
  const words = useWords();
  if (!carries) {
    return (
      <td>
        <Box component="span" sx={visuallyHidden}>
          {words('common.no')}
        </Box>
      </td>
    );
  }
  return (
    <td>
      <Tooltip title={bundle}>
        <Box
          component="span"
          sx={(theme) => ({
            display: 'inline-flex',
            p: '2px',
            borderRadius: '4px',
            color: grave ? theme.tokens.warning : theme.tokens.good,
            background: grave ? theme.tokens.warningSoft : theme.tokens.goodSoft,
          })}
        >
          <YesIcon aria-hidden sx={{ fontSize: 15 }} />
          <Box component="span" sx={visuallyHidden}>
            {words('common.yes')}
          </Box>
        </Box>
      </Tooltip>
    </td>
  );
}
