import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import { Box, Button, Link, Paper, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink, useParams } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { showHidden } from '../fields/format.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { sendDocument } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { saveFile } from '../lists/export-rows.ts';
import { MONO } from '../theme/theme.ts';

interface PolicyVersion {
  readonly hash: string;
  readonly firstSeenAt: string;
  readonly body: unknown;
}

const POLICY_QUERY = 'query Policy($hash: String!) { policy: policyVersion(hash: $hash) { hash firstSeenAt body } }';

/** The text that was in force under one policy version: declarations, roles and settings, whole. */
export function PolicyPage() {
  const { hash = '' } = useParams();
  const { viewer } = useModel();
  const words = useWords();
  usePageTitle(words('policy.title'));
  const { data, error, refetch } = useQuery({
    queryKey: ['policy', hash],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await sendDocument<{ policy: PolicyVersion }>(POLICY_QUERY, { hash }, { signal })).data.policy,
  });
  const parts = data && data.body !== null && typeof data.body === 'object' ? Object.entries(data.body) : [];
  return (
    <Box sx={{ maxWidth: 920 }}>
      <Box sx={{ mb: 0.5, fontSize: '0.8125rem' }}>
        <Link component={RouterLink} to="/story" sx={{ color: 'text.secondary' }}>
          ← {words('story.title')}
        </Link>
      </Box>
      <Typography variant="h1">{words('policy.title')}</Typography>
      <Box sx={{ color: 'text.secondary', mb: 2 }}>
        <IdChip id={hash} whole />
        {data ? (
          <Box>
            {words('policy.since')} <TimeText iso={data.firstSeenAt} seconds />
            {hash === viewer.policyVersion ? ` · ${words('policy.now')}` : ''}
          </Box>
        ) : null}
      </Box>
      {error ? <FailureNotice error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton variant="rounded" height={300} /> : null}
      {data ? (
        <>
          <Button
            variant="outlined"
            color="inherit"
            startIcon={<DownloadIcon />}
            onClick={() => saveFile(`policy-${hash.slice(0, 12)}.json`, JSON.stringify(data.body, null, 2), 'application/json')}
            sx={{ mb: 2 }}
          >
            JSON
          </Button>
          {parts.map(([name, value]) => (
            <Paper key={name} variant="outlined" component="details" sx={{ mb: 1, '& > summary': { cursor: 'pointer', p: 1.5, fontWeight: 600 } }}>
              <summary>
                {name}
                {Array.isArray(value) ? (
                  <Box component="span" sx={{ ml: 0.75, fontWeight: 450, color: 'text.secondary' }}>
                    {value.length}
                  </Box>
                ) : null}
              </summary>
              <Box
                component="pre"
                tabIndex={0}
                aria-label={name}
                sx={(theme) => ({ m: 0, p: 1.5, borderTop: `1px solid ${theme.tokens.line}`, maxHeight: 480, overflow: 'auto', fontFamily: MONO, fontSize: '0.75rem' })}
              >
                {showHidden(JSON.stringify(value, null, 2) ?? '')}
              </Box>
            </Paper>
          ))}
        </>
      ) : null}
    </Box>
  );
}

export default PolicyPage;
