import { Box } from '@mui/material';
import { CopyButton } from '../fields/copy-button.tsx';
import { useWords } from '../language/use-words.ts';
import { MONO } from '../theme/theme.ts';
import { tokenExample } from './token-example.ts';

/** Stands beside a token while that is shown, and goes with it. */
export function TokenExample({ token }: { readonly token: string }) {
  const words = useWords();
  const example = tokenExample(token, window.location.origin);
  return (
    <Box>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, fontWeight: 600, fontSize: '0.8125rem' }}>
        {words('mine.token.try')}
        <CopyButton text={example} label={words('mine.token.copy')} />
      </Box>
      <Box
        component="pre"
        tabIndex={0}
        data-example
        sx={(theme) => ({ m: 0, p: 1.25, borderRadius: '6px', background: theme.tokens.neutralSoft, fontFamily: MONO, fontSize: '0.75rem', overflowX: 'auto', whiteSpace: 'pre' })}
      >
        {example}
      </Box>
      <Box sx={{ mt: 0.5, fontSize: '0.8125rem', color: 'text.secondary' }}>{words('mine.token.try.help')}</Box>
    </Box>
  );
}
