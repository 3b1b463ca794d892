import { Box, Link, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { MakeAct } from '../actions/record-acts.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { textOf, useRecords } from '../catalogue/use-records.ts';
import { NotFoundPage } from '../feedback/page-states.tsx';
import { FactLine, Nothing, Section } from '../feedback/section.tsx';
import { showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { CampaignProgress } from './campaign-progress.tsx';
import { CAMPAIGN, CLOSED, START } from './review-lines.ts';

/** Reviews shown on the page, of each kind; the plain list has all. */
const SHOWN = 50;

/** Reviews under way, by how soon they end, then those that are over. */
export function CampaignsPage() {
  const words = useWords();
  usePageTitle(words('reviews.title'));
  const open = useRecords(CAMPAIGN, { filter: { not: { state: { eq: CLOSED } } }, orderBy: { field: 'deadline', direction: 'ASC' }, first: SHOWN });
  const closed = useRecords(CAMPAIGN, { filter: { state: { eq: CLOSED } }, orderBy: { field: 'closedAt', direction: 'DESC' }, first: SHOWN });
  const { resource } = open;
  if (!resource) return <NotFoundPage />;
  const all = (
    <Link component={RouterLink} to={`/${resource.plural}`} sx={{ fontSize: '0.8125rem' }}>
      {words('reviews.generic')}
    </Link>
  );
  return (
    <Box sx={{ maxWidth: 1080, display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'flex-start' }}>
        <Box sx={{ flex: '1 1 260px' }}>
          <Typography variant="h1">{words('reviews.title')}</Typography>
          <Box sx={{ color: 'text.secondary' }}>{words('reviews.help')}</Box>
        </Box>
        <MakeAct name={START} preset={{ cadence: 'ONCE', days: '14' }} />
      </Box>
      {[
        { id: 'reviews-open', title: words('reviews.open'), empty: words('reviews.none'), found: open },
        { id: 'reviews-closed', title: words('reviews.closed'), empty: words('reviews.closed.none'), found: closed },
      ].map(({ id, title, empty, found }, index) => (
        <Section key={id} id={id} title={title} error={found.error} retry={found.refetch} waiting={!found.records} action={index === 1 ? all : undefined}>
          {found.records?.length === 0 ? <Nothing>{empty}</Nothing> : null}
          <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
            {found.records?.map((campaign) => (
              <Campaign key={campaign.id} resource={resource} campaign={campaign} />
            ))}
          </Box>
        </Section>
      ))}
    </Box>
  );
}

function Campaign({ resource, campaign }: { readonly resource: CatalogueResource; readonly campaign: GatewayRecord }) {
  const { viewer } = useModel();
  const text = useText();
  const words = useWords();
  const value = (field: string) => fieldOf(resource, field)?.values?.find((item) => item.value === campaign[field]);
  const [state, kind, cadence] = [value('state'), value('kind'), value('cadence')];
  const closed = campaign['state'] === CLOSED;
  const time = textOf(campaign, closed ? 'closedAt' : 'deadline');
  const title = showHidden(textOf(campaign, 'title') ?? '');
  return (
    <Box
      component="li"
      data-campaign={campaign.id}
      sx={(theme) => ({
        py: 1.25,
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'minmax(0, 1.4fr) minmax(0, 1fr)' },
        columnGap: 3,
        rowGap: 0.75,
        '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` },
      })}
    >
      <Box sx={{ display: 'grid', gap: 0.25 }}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
          <Link component={RouterLink} to={`/access-reviews/${campaign.id}`} sx={{ fontWeight: 600 }}>
            {title}
          </Link>
          {state && state.tone !== 'neutral' ? <StateChip label={text(state.label)} tone={state.tone} /> : null}
        </Box>
        <FactLine>
          {kind ? text(kind.label) : null}
          <>
            {words('reviews.owner')}: {showHidden(textOf(campaign, 'ownerName') ?? '')}
            {campaign['ownerId'] === viewer.id ? ` (${words('reviews.yours')})` : ''}
          </>
          {cadence && campaign['cadence'] !== 'ONCE' ? text(cadence.label) : null}
          {time ? (
            <>
              {words(closed ? 'reviews.closedAt' : 'reviews.deadline')} <TimeText iso={time} relative />
            </>
          ) : null}
        </FactLine>
      </Box>
      <CampaignProgress campaign={campaign} label={title} />
    </Box>
  );
}

export default CampaignsPage;
