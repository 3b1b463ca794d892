import { Box, Button, Typography } from '@mui/material';
import type { ErrorInfo } from 'react';
import { Link as RouterLink } from 'react-router';
import { useWords } from '../language/use-words.ts';

export function NotFoundPage() {
  const words = useWords();
  return (
    <Box sx={{ py: 8, textAlign: 'center' }}>
      <Typography variant="h1" gutterBottom>
        {words('page.notFound')}
      </Typography>
      <Typography sx={{ color: 'text.secondary', mb: 2 }}>{words('page.notFound.help')}</Typography>
      <Button component={RouterLink} to="/" variant="outlined" color="inherit">
        {words('page.home')}
      </Button>
    </Box>
  );
}

/** A fault of the console itself: nothing was sent by it. */
export function BrokenPage({ resetErrorBoundary }: { readonly error?: Error; readonly errorInfo?: ErrorInfo | undefined; readonly resetErrorBoundary: (args: unknown) => void }) {
  const words = useWords();
  return (
    <Box role="alert" sx={{ py: 8, textAlign: 'center' }}>
      <Typography variant="h1" gutterBottom>
        {words('page.broken')}
      </Typography>
      <Typography sx={{ color: 'text.secondary', mb: 2 }}>{words('page.broken.help')}</Typography>
      <Button variant="outlined" color="inherit" onClick={() => resetErrorBoundary(undefined)}>
        {words('common.retry')}
      </Button>
    </Box>
  );
}
