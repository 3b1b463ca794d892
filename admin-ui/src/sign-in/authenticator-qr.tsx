import { Box } from '@mui/material';
import { CopyButton } from '../fields/copy-button.tsx';
import type { AuthenticatorSetup } from '../gateway/authentication-calls.ts';
import { useWords } from '../language/use-words.ts';
import { MONO } from '../theme/theme.ts';

/** What an authenticator scans, or a person types. The code is an image: nothing of it becomes markup. */
export function AuthenticatorQr({ setup }: { readonly setup: AuthenticatorSetup }) {
  const words = useWords();
  return (
    <Box sx={{ display: 'flex', gap: 2.5, flexWrap: 'wrap', alignItems: 'center' }}>
      <Box
        component="img"
        alt={words('enrol.qr')}
        src={`data:image/svg+xml;utf8,${encodeURIComponent(setup.qrSvg)}`}
        sx={{ width: 176, height: 176, background: '#fff', p: 1, borderRadius: 1, border: (theme) => `1px solid ${theme.tokens.line}` }}
      />
      <Box sx={{ flex: 1, minWidth: 180 }}>
        <Box sx={{ mb: 1 }}>{words('enrol.scan')}</Box>
        <Box sx={{ fontSize: '0.75rem', color: 'text.secondary' }}>{words('enrol.secret')}</Box>
        <Box sx={{ fontFamily: MONO, fontSize: '0.8125rem', overflowWrap: 'anywhere' }}>
          {setup.secret.replace(/(.{4})(?=.)/g, '$1 ')} <CopyButton text={setup.secret} />
        </Box>
      </Box>
    </Box>
  );
}
