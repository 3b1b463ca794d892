import DownloadIcon from '@mui/icons-material/Download';
import { Alert, Box, Button, Stack } from '@mui/material';
import { CopyButton } from '../fields/copy-button.tsx';
import { useWords } from '../language/use-words.ts';
import { saveFile } from '../lists/export-rows.ts';
import { MONO } from '../theme/theme.ts';

/** Recovery codes, shown a single time. */
export function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  const words = useWords();
  const text = codes.join('\n');
  return (
    <Stack spacing={1.5}>
      <Alert severity="warning">{words('recovery.once')}</Alert>
      <Box
        component="ul"
        sx={(theme) => ({
          m: 0,
          p: 1.5,
          listStyle: 'none',
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fill, minmax(200px, 1fr))',
          gap: 0.75,
          fontFamily: MONO,
          fontSize: '0.875rem',
          border: `1px solid ${theme.tokens.line}`,
          borderRadius: 1,
        })}
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </Box>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <Button variant="outlined" color="inherit" startIcon={<DownloadIcon />} onClick={() => saveFile('sallyport-recovery-codes.txt', `${text}\n`, 'text/plain;charset=utf-8')}>
          {words('recovery.download')}
        </Button>
        <CopyButton text={text} label={words('recovery.copy')} />
      </Box>
    </Stack>
  );
}
