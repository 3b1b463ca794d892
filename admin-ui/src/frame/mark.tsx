import { Box } from '@mui/material';

/** A sallyport: an arch with one door open. */
export const Mark = ({ size = 24 }: { readonly size?: number }) => (
  <Box component="svg" viewBox="0 0 32 32" aria-hidden sx={{ width: size, height: size, flex: 'none' }}>
    <Box component="rect" width="32" height="32" rx="7" sx={{ fill: (theme) => theme.tokens.accent }} />
    <Box component="path" d="M8 25V13a8 8 0 0 1 16 0v12" sx={{ fill: 'none', stroke: (theme) => theme.tokens.onAccent, strokeWidth: 2.6, strokeLinecap: 'round' }} />
    <Box component="path" d="M16 25V12.5l5 2V25" sx={{ fill: (theme) => theme.tokens.onAccent }} />
  </Box>
);
