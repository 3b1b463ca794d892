import { createTheme, type Theme } from '@mui/material/styles';
import { DARK, LIGHT, type Tokens } from './tokens.ts';

declare module '@mui/material/styles' {
  interface Theme {
    tokens: Tokens;
  }
  interface ThemeOptions {
    tokens: Tokens;
  }
}

export const MONO = 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace';

/** The one theme in its two forms: 14 px, compact, tabular figures. */
export function createConsoleTheme(mode: 'light' | 'dark'): Theme {
  const tokens = mode === 'dark' ? DARK : LIGHT;
  const focus = { outline: `2px solid ${tokens.accent}`, outlineOffset: 2 };
  return createTheme({
    tokens,
    palette: {
      mode,
      // Pale colours darken less under the pointer, so that dark words on them stay readable.
      tonalOffset: mode === 'dark' ? 0.08 : 0.2,
      primary: { main: tokens.accent, contrastText: tokens.onAccent },
      success: { main: tokens.good, contrastText: tokens.paper },
      warning: { main: tokens.warning, contrastText: tokens.paper },
      error: { main: tokens.bad, contrastText: tokens.paper },
      info: { main: tokens.accent, contrastText: tokens.onAccent },
      background: { default: tokens.ground, paper: tokens.paper },
      text: { primary: tokens.text, secondary: tokens.quiet },
      divider: tokens.line,
    },
    shape: { borderRadius: 6 },
    typography: {
      fontFamily: '"Inter Variable", system-ui, sans-serif',
      fontSize: 14,
      htmlFontSize: 16,
      body1: { fontSize: '0.875rem', lineHeight: 1.5 },
      body2: { fontSize: '0.8125rem', lineHeight: 1.5 },
      caption: { fontSize: '0.75rem', lineHeight: 1.4 },
      button: { textTransform: 'none', fontWeight: 550, fontSize: '0.8125rem' },
      h1: { fontSize: '1.25rem', fontWeight: 650, lineHeight: 1.3, letterSpacing: '-0.012em' },
      h2: { fontSize: '0.9375rem', fontWeight: 620, lineHeight: 1.4 },
      h3: { fontSize: '0.8125rem', fontWeight: 620, lineHeight: 1.4 },
      overline: { fontSize: '0.6875rem', fontWeight: 600, letterSpacing: '0.05em', lineHeight: 1.6 },
    },
    transitions: { duration: { enteringScreen: 120, leavingScreen: 90, shortest: 90, shorter: 120, short: 140, standard: 160, complex: 200 } },
    components: {
      MuiCssBaseline: {
        styleOverrides: {
          body: { overflowWrap: 'anywhere' },
          // Figures of one width where they stand under each other; only there, because Inter widens its hyphen with them.
          '.figures, time': { fontVariantNumeric: 'tabular-nums' },
          '*:focus-visible': focus,
          a: { color: tokens.accent },
          '@media (prefers-reduced-motion: reduce)': {
            '*, *::before, *::after': {
              animationDuration: '0.01ms !important',
              animationIterationCount: '1 !important',
              transitionDuration: '0.01ms !important',
              scrollBehavior: 'auto !important',
            },
          },
          '@media print': { body: { background: '#fff', color: '#000' }, '.no-print': { display: 'none !important' } },
        },
      },
      MuiButtonBase: { defaultProps: { disableRipple: true }, styleOverrides: { root: { '&:focus-visible, &.Mui-focusVisible': focus } } },
      MuiButton: {
        defaultProps: { disableElevation: true, size: 'small' },
        styleOverrides: {
          root: { '&[aria-busy="true"]': { opacity: 0.6, cursor: 'progress' }, minHeight: 32, paddingInline: 12, whiteSpace: 'normal', lineHeight: 1.3 },
          outlined: {
            borderColor: tokens.line,
            variants: [{ props: { color: 'inherit' }, style: { borderColor: tokens.line, '&:hover': { borderColor: tokens.lineStrong, background: tokens.neutralSoft } } }],
          },
        },
      },
      MuiIconButton: { defaultProps: { size: 'small' }, styleOverrides: { root: { borderRadius: 6 } } },
      MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' }, outlined: { borderColor: tokens.line } } },
      MuiDialog: { styleOverrides: { paper: { background: tokens.raised, border: `1px solid ${tokens.line}`, boxShadow: '0 24px 60px rgb(0 0 0 / 28%)' } } },
      MuiDialogTitle: { styleOverrides: { root: { fontSize: '1rem', fontWeight: 620, padding: '16px 20px 8px' } } },
      MuiDialogContent: { styleOverrides: { root: { padding: '8px 20px 16px' } } },
      MuiDialogActions: { styleOverrides: { root: { padding: '12px 20px', borderTop: `1px solid ${tokens.line}`, flexWrap: 'wrap', gap: 4 } } },
      MuiMenu: { styleOverrides: { paper: { background: tokens.raised, border: `1px solid ${tokens.line}`, boxShadow: '0 10px 30px rgb(0 0 0 / 18%)' } } },
      MuiPopover: { styleOverrides: { paper: { background: tokens.raised, border: `1px solid ${tokens.line}`, boxShadow: '0 10px 30px rgb(0 0 0 / 18%)' } } },
      MuiAutocomplete: {
        styleOverrides: {
          paper: { background: tokens.raised, border: `1px solid ${tokens.line}`, boxShadow: '0 10px 30px rgb(0 0 0 / 18%)' },
          groupLabel: { lineHeight: '28px', fontSize: '0.75rem', fontWeight: 600, color: tokens.quiet, background: tokens.raised },
          option: { minHeight: 34 },
        },
      },
      MuiMenuItem: { styleOverrides: { root: { fontSize: '0.8125rem', minHeight: 34 } } },
      MuiTooltip: {
        defaultProps: { enterDelay: 250 },
        styleOverrides: { tooltip: { fontSize: '0.75rem', fontWeight: 450, background: mode === 'dark' ? '#2b323d' : '#1d232d', color: '#fff', maxWidth: 320 } },
      },
      MuiTextField: { defaultProps: { size: 'small', fullWidth: true } },
      MuiOutlinedInput: { styleOverrides: { root: { fontSize: '0.875rem', background: tokens.paper }, notchedOutline: { borderColor: tokens.lineStrong } } },
      MuiInputLabel: { styleOverrides: { root: { fontSize: '0.875rem' } } },
      MuiFormHelperText: { styleOverrides: { root: { marginInline: 2 } } },
      MuiTableCell: {
        styleOverrides: {
          root: { borderColor: tokens.line, fontSize: '0.8125rem' },
          head: { fontWeight: 550, color: tokens.quiet, background: tokens.paper, whiteSpace: 'nowrap', '& .MuiTableSortLabel-root.Mui-active': { color: tokens.text } },
          sizeSmall: { padding: '6px 12px' },
        },
      },
      MuiTabs: { styleOverrides: { root: { minHeight: 38 }, indicator: { height: 2 } } },
      MuiTab: { styleOverrides: { root: { minHeight: 38, padding: '6px 12px', minWidth: 0 } } },
      MuiChip: { styleOverrides: { root: { borderRadius: 5, fontWeight: 500 }, sizeSmall: { height: 22, fontSize: '0.75rem' } } },
      MuiAlert: { styleOverrides: { root: { alignItems: 'flex-start', fontSize: '0.8125rem', border: `1px solid ${tokens.line}` } } },
      MuiLink: { defaultProps: { underline: 'hover' } },
      MuiListItemButton: { styleOverrides: { root: { borderRadius: 6 } } },
    },
  });
}
