import type { ReactNode } from 'react';
import { Box, Link, Paper, Typography } from '@mui/material';
import { useLocaleState } from 'ra-core';
import { LOCALES } from '../language/i18n-provider.ts';
import { useWords } from '../language/use-words.ts';
import { Mark } from '../frame/mark.tsx';

/** The page before one is in: sign-in and enrolment. */
export function DoorFrame({ title, children, wide = false }: { readonly title: string; readonly children: ReactNode; readonly wide?: boolean }) {
  const words = useWords();
  const [locale, setLocale] = useLocaleState();
  return (
    <Box component="main" sx={{ minHeight: '100dvh', display: 'grid', placeItems: 'center', p: 2 }}>
      <Box sx={{ width: '100%', maxWidth: wide ? 560 : 380 }}>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 2, justifyContent: 'center' }}>
          <Mark size={28} />
          <Typography component="span" sx={{ fontSize: '1.0625rem', fontWeight: 650, letterSpacing: '-0.01em' }}>
            Sallyport
          </Typography>
        </Box>
        <Paper variant="outlined" sx={{ p: { xs: 2.5, sm: 3.5 } }}>
          <Typography variant="h1" sx={{ mb: 2 }}>
            {title}
          </Typography>
          {children}
        </Paper>
        <Box sx={{ mt: 2, display: 'flex', justifyContent: 'center', gap: 2, fontSize: '0.75rem' }}>
          {LOCALES.map((item) => (
            <Link
              key={item.locale}
              component="button"
              type="button"
              lang={item.locale}
              aria-current={locale === item.locale}
              onClick={() => setLocale(item.locale)}
              sx={{ color: locale === item.locale ? 'text.primary' : 'text.secondary' }}
            >
              {item.name}
            </Link>
          ))}
        </Box>
        <Typography variant="caption" component="p" sx={{ mt: 1.5, textAlign: 'center', color: 'text.secondary' }}>
          {words('signIn.recorded')}
        </Typography>
      </Box>
    </Box>
  );
}
