import CalmIcon from '@mui/icons-material/CheckCircleOutlined';
import OddIcon from '@mui/icons-material/WarningAmber';
import { Box, Paper, Typography } from '@mui/material';
import { useWords } from '../language/use-words.ts';
import { useOddityWords } from './oddity-words.ts';
import type { ApprovalRequest } from './requests.ts';

/** What an approver should look at twice, in words, beside the change. */
export function RequestOddities({ request }: { readonly request: ApprovalRequest }) {
  const words = useWords();
  const odd = useOddityWords();
  const { oddities } = request;
  if (!oddities) return null;
  return (
    <Paper variant="outlined" component="section" aria-labelledby="request-odd" sx={(theme) => ({ p: 2, ...(oddities.length > 0 ? { borderColor: theme.tokens.warning } : {}) })}>
      <Typography variant="h2" id="request-odd" sx={{ mb: 1 }}>
        {words('request.odd')}
      </Typography>
      {oddities.length === 0 ? (
        <Box sx={{ display: 'flex', gap: 1, color: 'text.secondary' }}>
          <CalmIcon aria-hidden sx={(theme) => ({ fontSize: 17, mt: '2px', color: theme.tokens.good })} />
          {words('request.calm')}
        </Box>
      ) : (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1 }}>
          {oddities.map((oddity) => (
            <Box component="li" key={`${oddity.code}.${String(oddity['input'] ?? '')}`} data-oddity={oddity.code} sx={{ display: 'flex', gap: 1 }}>
              <OddIcon aria-hidden sx={(theme) => ({ fontSize: 17, mt: '2px', color: theme.tokens.warning })} />
              <span>
                <Box component="span" sx={{ fontWeight: 600 }}>
                  {odd.name(oddity)}.
                </Box>{' '}
                {odd.says(oddity, request.action)}
              </span>
            </Box>
          ))}
        </Box>
      )}
    </Paper>
  );
}
