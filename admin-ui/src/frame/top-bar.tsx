import type { ReactNode } from 'react';
import SearchIcon from '@mui/icons-material/Search';
import { Box, ButtonBase } from '@mui/material';
import { useModel } from '../catalogue/console-context.tsx';
import { visuallyHidden } from '../fields/masked.tsx';
import { useWords } from '../language/use-words.ts';
import { PersonMenu } from './person-menu.tsx';
import { TenantFocus } from './tenant-focus.tsx';

interface TopBarProps {
  readonly openSearch: () => void;
  readonly openSheet: () => void;
  readonly menuButton: ReactNode;
}

const isProduction = (environment: string): boolean => /^prod/i.test(environment);

/** Where one is: production has its colour, and its word. */
function EnvironmentBadge({ environment }: { readonly environment: string }) {
  const words = useWords();
  return (
    <Box
      component="span"
      title={words('frame.environment', { environment })}
      sx={(theme) => ({
        px: 1,
        py: '2px',
        borderRadius: '5px',
        fontSize: '0.75rem',
        fontWeight: 650,
        whiteSpace: 'nowrap',
        border: '1px solid currentColor',
        color: isProduction(environment) ? theme.tokens.bad : theme.tokens.quiet,
        background: isProduction(environment) ? theme.tokens.badSoft : 'transparent',
      })}
    >
      {environment}
    </Box>
  );
}

export function TopBar({ openSearch, openSheet, menuButton }: TopBarProps) {
  const { viewer } = useModel();
  const words = useWords();
  const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return (
    <Box
      component="header"
      className="no-print"
      sx={(theme) => ({
        position: 'sticky',
        top: 'var(--emergency-height, 0px)',
        zIndex: theme.zIndex.appBar,
        height: 52,
        flex: 'none',
        display: 'flex',
        alignItems: 'center',
        gap: { xs: 0.75, sm: 1.25 },
        px: { xs: 1, sm: 3 },
        background: theme.tokens.paper,
        borderBottom: `1px solid ${theme.tokens.line}`,
        ...(isProduction(viewer.environment) ? { boxShadow: `inset 0 2px 0 ${theme.tokens.bad}` } : {}),
      })}
    >
      {menuButton}
      <EnvironmentBadge environment={viewer.environment} />
      <TenantFocus />
      <Box sx={{ flex: 1 }} />
      <ButtonBase
        onClick={openSearch}
        aria-keyshortcuts="Control+K Meta+K"
        sx={(theme) => ({
          height: 32,
          width: { xs: 32, sm: 220, lg: 300 },
          px: 1,
          gap: 1,
          justifyContent: { xs: 'center', sm: 'flex-start' },
          borderRadius: '6px',
          border: `1px solid ${theme.tokens.line}`,
          background: theme.tokens.ground,
          color: theme.tokens.quiet,
          fontSize: '0.8125rem',
          '&:hover': { borderColor: theme.tokens.lineStrong },
        })}
      >
        <SearchIcon aria-hidden sx={{ fontSize: 17 }} />
        <Box component="span" sx={[{ flex: 1, textAlign: 'left' }, (theme) => ({ [theme.breakpoints.down('sm')]: visuallyHidden })]}>
          {words('search.placeholder')}
        </Box>
        <Box
          component="kbd"
          aria-hidden
          sx={(theme) => ({
            display: { xs: 'none', sm: 'block' },
            fontFamily: 'inherit',
            fontSize: '0.6875rem',
            px: 0.5,
            border: `1px solid ${theme.tokens.line}`,
            borderRadius: '4px',
            background: theme.tokens.paper,
          })}
        >
          {apple ? '⌘K' : 'Ctrl K'}
        </Box>
      </ButtonBase>
      <PersonMenu openSheet={openSheet} />
    </Box>
  );
}
