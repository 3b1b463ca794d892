import { Box, Button, Link, Paper, Typography } from '@mui/material';
import { Link as RouterLink, useParams } from 'react-router';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { textOf, useRecords } from '../catalogue/use-records.ts';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { NotFoundPage } from '../feedback/page-states.tsx';
import { Nothing } from '../feedback/section.tsx';
import { showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { PageSkeleton } from '../frame/layout-skeleton.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { MailBody } from './mail-body.tsx';
import { MAIL } from './mails.ts';

/** Mails shown, the newest. */
const SHOWN = 100;

/** Mails to the person who looks: a list, and the one that is read. */
export function MailboxPage() {
  const { id } = useParams();
  const words = useWords();
  usePageTitle(words('mail.title'));
  const { resource, records, error, refetch } = useRecords(MAIL, { orderBy: { field: 'createdAt', direction: 'DESC' }, first: SHOWN });
  if (error) return <FailureNotice error={error} retry={refetch} />;
  if (resource && !records) return <PageSkeleton />;
  if (!resource || !records) return <NotFoundPage />;
  const open = records.find((mail) => mail.id === id);
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Box>
        <Typography variant="h1">{words('mail.title')}</Typography>
        <Box sx={{ color: 'text.secondary' }}>{words('mail.help')}</Box>
      </Box>
      {records.length === 0 ? (
        <Paper variant="outlined" sx={{ p: 3, textAlign: 'center' }}>
          <Nothing>{words('mail.none')}</Nothing>
        </Paper>
      ) : (
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(260px, 380px) minmax(0, 1fr)' }, alignItems: 'start' }}>
          <Paper variant="outlined" component="nav" aria-label={words('mail.list')} sx={{ overflow: 'hidden', display: { xs: open ? 'none' : 'block', md: 'block' } }}>
            {records.map((mail) => (
              <Entry key={mail.id} mail={mail} current={mail.id === id} />
            ))}
          </Paper>
          {open ? <Mail resource={resource} mail={open} /> : <Box sx={{ color: 'text.secondary', p: 2, display: { xs: 'none', md: 'block' } }}>{words('mail.choose')}</Box>}
        </Box>
      )}
    </Box>
  );
}

function Entry({ mail, current }: { readonly mail: GatewayRecord; readonly current: boolean }) {
  const written = textOf(mail, 'createdAt');
  return (
    <Link
      component={RouterLink}
      to={`/mailbox/${mail.id}`}
      underline="none"
      aria-current={current ? 'page' : undefined}
      sx={(theme) => ({
        display: 'block',
        px: 1.5,
        py: 1,
        color: 'text.primary',
        borderBottom: `1px solid ${theme.tokens.line}`,
        background: current ? theme.tokens.accentSoft : 'transparent',
        '&:last-of-type': { borderBottom: 0 },
        '&:hover': { background: current ? theme.tokens.accentSoft : theme.tokens.neutralSoft },
        '&:focus-visible': { outlineOffset: -2 },
      })}
    >
      <Box sx={{ fontWeight: 550 }}>{showHidden(textOf(mail, 'subject') ?? '')}</Box>
      {written ? (
        <Box sx={{ fontSize: '0.75rem', color: 'text.secondary' }}>
          <TimeText iso={written} relative />
        </Box>
      ) : null}
    </Link>
  );
}

function Mail({ resource, mail }: { readonly resource: CatalogueResource; readonly mail: GatewayRecord }) {
  const text = useText();
  const words = useWords();
  const state = fieldOf(resource, 'state')?.values?.find((item) => item.value === mail['state']);
  const written = textOf(mail, 'createdAt');
  return (
    <Paper variant="outlined" component="article" aria-labelledby="mail-subject" sx={{ p: { xs: 2, sm: 2.5 } }}>
      <Button component={RouterLink} to="/mailbox" color="inherit" sx={{ display: { md: 'none' }, mb: 1 }}>
        {words('mail.back')}
      </Button>
      <Typography variant="h2" id="mail-subject">
        {showHidden(textOf(mail, 'subject') ?? '')}
      </Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', mb: 2, fontSize: '0.8125rem', color: 'text.secondary' }}>
        {written ? (
          <span>
            {words('mail.written')} <TimeText iso={written} />
          </span>
        ) : null}
        {state ? <StateChip label={text(state.label)} tone={state.tone} /> : null}
      </Box>
      <MailBody body={textOf(mail, 'body') ?? ''} />
    </Paper>
  );
}

export default MailboxPage;
