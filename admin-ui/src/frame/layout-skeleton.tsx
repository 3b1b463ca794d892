import { Box, Skeleton } from '@mui/material';

/** The frame before anything is known: the same places, so that nothing jumps. */
export const LayoutSkeleton = () => (
  <Box aria-busy sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', md: '232px 1fr' }, minHeight: '100dvh' }}>
    <Box sx={(theme) => ({ display: { xs: 'none', md: 'block' }, borderRight: `1px solid ${theme.tokens.line}`, background: theme.tokens.paper, p: 2 })}>
      {Array.from({ length: 9 }, (_, index) => (
        <Skeleton key={index} height={26} width={`${88 - ((index * 17) % 40)}%`} />
      ))}
    </Box>
    <Box>
      <Box sx={(theme) => ({ height: 52, borderBottom: `1px solid ${theme.tokens.line}`, background: theme.tokens.paper })} />
      <Box sx={{ p: 3 }}>
        <PageSkeleton />
      </Box>
    </Box>
  </Box>
);

export const PageSkeleton = () => (
  <Box aria-busy>
    <Skeleton width={220} height={36} sx={{ mb: 2 }} />
    {Array.from({ length: 8 }, (_, index) => (
      <Skeleton key={index} height={34} />
    ))}
  </Box>
);
