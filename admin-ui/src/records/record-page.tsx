import { useState } from 'react';
import { Box, Button, Link, Paper, Skeleton, Tab, Tabs, Typography } from '@mui/material';
import { useGetOne, useResourceContext } from 'ra-core';
import { Link as RouterLink, useParams } from 'react-router';
import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { ActionBar } from '../actions/action-bar.tsx';
import { useModel, useResource, useText } from '../catalogue/console-context.tsx';
import { fieldOf, tenantRelation, type ConsoleModel } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { textOf } from '../catalogue/use-records.ts';
import { FieldValue, titleOf } from '../fields/field-value.tsx';
import { IdChip } from '../fields/id-chip.tsx';
import { RelationName } from '../fields/relation-value.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { factsOfRecord } from '../integrity/shown-facts.ts';
import { VerifyEvent } from '../integrity/verify-event.tsx';
import { useWords } from '../language/use-words.ts';
import { Facts } from './facts.tsx';
import { History } from './history.tsx';
import { OtherActs } from './other-acts.tsx';
import { RelatedList } from './related-list.tsx';

/** The resource of the log's own events. */
const EVENT = 'auditEvent';

const ignore = (): void => undefined;

/** One record of any resource: state and acts on top, facts in groups, related lists, its history beside it. */
export function RecordPage() {
  const plural = useResourceContext() ?? '';
  const { id = '' } = useParams();
  return <RecordView key={`${plural}/${id}`} plural={plural} id={id} />;
}

function RecordView({ plural, id }: { readonly plural: string; readonly id: string }) {
  const resource = useResource(plural);
  const model = useModel();
  const text = useText();
  const words = useWords();
  const { data, error, isPending, refetch } = useGetOne<GatewayRecord & { id: string }>(plural, { id }, { onError: ignore, retry: false });
  const title = data ? (eventLabel(model, resource, data, text) ?? titleOf(resource, data, text)) : '';
  usePageTitle(data ? `${title || id} · ${text(resource.label)}` : text(resource.label));
  if (error) {
    return (
      <Box sx={{ maxWidth: 640 }}>
        <Crumb resource={plural} label={text(resource.labelPlural)} />
        <Typography variant="h1" sx={{ mb: 1.5 }}>
          {text(resource.label)}
        </Typography>
        <FailureNotice error={error} retry={() => void refetch()} />
      </Box>
    );
  }
  if (isPending || !data) return <RecordSkeleton />;
  const state = resource.state ? fieldOf(resource, resource.state) : undefined;
  const tenant = tenantRelation(model, resource);
  const owner = tenant ? (data[tenant.name] as GatewayRecord | null | undefined) : undefined;
  return (
    <Box>
      <Crumb resource={plural} label={text(resource.labelPlural)} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start', mb: 2 }}>
        <Box sx={{ mr: 'auto', minWidth: 0, maxWidth: '100%' }}>
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, flexWrap: 'wrap' }}>
            <Typography variant="h1" sx={{ overflowWrap: 'anywhere' }}>
              {title || text(resource.label)}
            </Typography>
            {state ? <FieldValue field={state} record={data} /> : null}
          </Box>
          <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', columnGap: 1.5, color: 'text.secondary', fontSize: '0.8125rem', mt: 0.25 }}>
            <span>{text(resource.label)}</span>
            {resource.name === EVENT ? <code>{titleOf(resource, data)}</code> : null}
            {tenant && owner && model.tenant ? (
              <Link component={RouterLink} to={`/${model.tenant.plural}/${encodeURIComponent(owner.id)}`}>
                <RelationName relation={tenant} record={data} />
              </Link>
            ) : null}
            <IdChip id={data.id} />
          </Box>
        </Box>
        {resource.name === EVENT ? (
          <>
            {textOf(data, 'correlationId') ? (
              <Button variant="outlined" color="inherit" component={RouterLink} to={`/story/${textOf(data, 'correlationId')}`}>
                {words('story.see')}
              </Button>
            ) : null}
            <VerifyEvent eventId={data.id} facts={factsOfRecord(data)} />
          </>
        ) : null}
        <ActionBar resource={resource} record={data} onDone={() => void refetch()} />
        <OtherActs resource={resource} record={data} />
      </Box>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) 340px' }, alignItems: 'start' }}>
        <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
          <Facts resource={resource} record={data} sparse={resource.name === EVENT} />
          <RelatedTabs plural={plural} record={data} />
        </Box>
        <Paper variant="outlined" component="section" aria-labelledby="history-title" sx={{ p: 2 }}>
          <Typography variant="h2" id="history-title" sx={{ mb: 1 }}>
            {words('history.title')}
          </Typography>
          <History resource={resource} id={data.id} tenantId={data.tenantId ?? (resource.name === model.tenant?.name ? data.id : null)} />
        </Paper>
      </Box>
    </Box>
  );
}

/** What an event of the log is called; null for any other record, and for a kind that nothing declares any more. */
function eventLabel(model: ConsoleModel, resource: CatalogueResource, record: GatewayRecord, say: (text: Text) => string): string | null {
  const kind = resource.name === EVENT ? model.catalogue.events.find((event) => event.kind === record[resource.title]) : undefined;
  return kind ? say(kind.label) : null;
}

const Crumb = ({ resource, label }: { readonly resource: string; readonly label: string }) => (
  <Box sx={{ mb: 0.5, fontSize: '0.8125rem' }}>
    <Link component={RouterLink} to={`/${resource}`} sx={{ color: 'text.secondary' }}>
      ← {label}
    </Link>
  </Box>
);

function RelatedTabs({ plural, record }: { readonly plural: string; readonly record: GatewayRecord }) {
  const resource = useResource(plural);
  const text = useText();
  const relations = resource.relations.filter((relation) => relation.kind === 'many');
  const [chosen, setChosen] = useState(relations[0]?.name ?? '');
  const current = relations.find((relation) => relation.name === chosen) ?? relations[0];
  if (!current) return null;
  return (
    <Paper variant="outlined" sx={{ overflow: 'hidden' }}>
      <Tabs
        value={current.name}
        onChange={(_event, next: string) => setChosen(next)}
        variant="scrollable"
        allowScrollButtonsMobile
        aria-label={text(resource.label)}
        sx={(theme) => ({ px: 1, borderBottom: `1px solid ${theme.tokens.line}` })}
      >
        {relations.map((relation) => (
          <Tab key={relation.name} value={relation.name} label={text(relation.label)} id={`tab-${relation.name}`} aria-controls={`panel-${relation.name}`} />
        ))}
      </Tabs>
      <Box role="tabpanel" id={`panel-${current.name}`} aria-labelledby={`tab-${current.name}`}>
        <RelatedList key={current.name} resource={resource} relation={current} record={record} />
      </Box>
    </Paper>
  );
}

const RecordSkeleton = () => (
  <Box aria-busy>
    <Skeleton width={90} height={20} />
    <Skeleton width={300} height={36} />
    <Skeleton width={220} height={20} sx={{ mb: 2 }} />
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', lg: 'minmax(0, 1fr) 340px' } }}>
      <Skeleton variant="rounded" height={260} />
      <Skeleton variant="rounded" height={260} />
    </Box>
  </Box>
);

export default RecordPage;
