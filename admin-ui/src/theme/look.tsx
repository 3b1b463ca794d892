import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { CssBaseline, ThemeProvider, useMediaQuery } from '@mui/material';
import { useLocale } from 'ra-core';
import { useThemeChoice } from '../preferences/use-preferences.ts';
import { createConsoleTheme } from './theme.ts';

/** Light or dark by choice, else as the system has it. */
export function Look({ children }: { readonly children: ReactNode }) {
  const [choice] = useThemeChoice();
  const systemDark = useMediaQuery('(prefers-color-scheme: dark)', { noSsr: true });
  // Paper is white: printing in the dark form would leave pale words.
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // The browser takes its picture right after the event, so the other form must stand at once.
    const before = (): void => flushSync(() => setPrinting(true));
    const after = (): void => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  const mode = printing ? 'light' : choice === 'system' ? (systemDark ? 'dark' : 'light') : choice;
  const theme = useMemo(() => createConsoleTheme(mode), [mode]);
  const locale = useLocale();
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.style.colorScheme = mode;
  }, [locale, mode]);
  return (
    <ThemeProvider theme={theme}>
      <CssBaseline />
      {children}
    </ThemeProvider>
  );
}
