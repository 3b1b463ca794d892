import { Suspense, useState, type ReactNode } from 'react';
import MenuIcon from '@mui/icons-material/Menu';
import { Box, Drawer, IconButton, Link, useMediaQuery, type Theme } from '@mui/material';
import { Notification } from 'ra-ui-materialui';
import { EmergencyBanner } from '../emergency/emergency-banner.tsx';
import { LogBanner } from '../integrity/log-banner.tsx';
import { AskForAccess } from '../roles/ask-for-access.tsx';
import { SessionDialog } from '../sign-in/session-dialog.tsx';
import { StepUpDialog } from '../actions/step-up-dialog.tsx';
import { useWords } from '../language/use-words.ts';
import { SessionBanner } from './session-banner.tsx';
import { Menu } from './menu.tsx';
import { SearchBox } from './search-box.tsx';
import { ShortcutSheet, useShortcuts } from './shortcuts.tsx';
import { TopBar } from './top-bar.tsx';
import { PageSkeleton } from './layout-skeleton.tsx';

/** The frame of every page: modules at the left, who and where on top, the page in the middle. */
export function Layout({ children }: { readonly children?: ReactNode }) {
  const words = useWords();
  const wide = useMediaQuery((theme: Theme) => theme.breakpoints.up('md'), { noSsr: true });
  const [menuOpen, setMenuOpen] = useState(false);
  const [searchOpen, setSearchOpen] = useState(false);
  const [sheetOpen, setSheetOpen] = useState(false);
  useShortcuts({ openSearch: () => setSearchOpen(true), openSheet: () => setSheetOpen(true) });
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: '232px minmax(0, 1fr)' }, minHeight: '100dvh', '@media print': { display: 'block' } }}>
      <Link href="#main-content" sx={(theme) => ({ position: 'absolute', left: 8, top: -60, zIndex: 2000, p: 1, background: theme.tokens.raised, '&:focus': { top: 8 } })}>
        {words('frame.skip')}
      </Link>
      <EmergencyBanner />
      <LogBanner />
      {wide ? (
        <Box
          component="nav"
          aria-label={words('frame.menu')}
          className="no-print"
          sx={(theme) => ({
            borderRight: `1px solid ${theme.tokens.line}`,
            background: theme.tokens.paper,
            position: 'sticky',
            top: 'var(--emergency-height, 0px)',
            height: 'calc(100dvh - var(--emergency-height, 0px))',
            overflowY: 'auto',
          })}
        >
          <Menu onLeave={() => undefined} />
        </Box>
      ) : (
        <Drawer open={menuOpen} onClose={() => setMenuOpen(false)} slotProps={{ paper: { sx: { width: 272 }, 'aria-label': words('frame.menu') } }}>
          <nav aria-label={words('frame.menu')}>
            <Menu onLeave={() => setMenuOpen(false)} />
          </nav>
        </Drawer>
      )}
      <Box sx={{ minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <TopBar
          openSearch={() => setSearchOpen(true)}
          openSheet={() => setSheetOpen(true)}
          menuButton={
            wide ? null : (
              <IconButton aria-label={words('frame.openMenu')} onClick={() => setMenuOpen(true)}>
                <MenuIcon />
              </IconButton>
            )
          }
        />
        <SessionBanner />
        <Box
          component="main"
          id="main-content"
          tabIndex={-1}
          sx={{ p: { xs: 1.5, sm: 3 }, pt: { xs: 2, sm: 2.5 }, flex: 1, width: '100%', maxWidth: 1480, '&:focus': { outline: 'none' } }}
        >
          <AskForAccess>
            <Suspense fallback={<PageSkeleton />}>{children}</Suspense>
          </AskForAccess>
        </Box>
      </Box>
      <SearchBox open={searchOpen} onClose={() => setSearchOpen(false)} />
      <ShortcutSheet open={sheetOpen} onClose={() => setSheetOpen(false)} />
      <StepUpDialog />
      <SessionDialog />
      <Notification />
    </Box>
  );
}
