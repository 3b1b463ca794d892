import { Box, Link, Skeleton } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel } from '../catalogue/console-context.tsx';
import { NeedsPermission } from '../fields/masked.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { useWords } from '../language/use-words.ts';
import { EventLine } from '../stories/event-line.tsx';
import { useEvents } from '../stories/use-events.ts';

const SHOWN = 15;

/** What happened to this record, newest first, as far as this viewer may read the log. */
export function History({ resource, id, tenantId }: { readonly resource: CatalogueResource; readonly id: string; readonly tenantId: string | null }) {
  const model = useModel();
  const words = useWords();
  const log = model.resource('auditEvent');
  const filter = { targetType: { eq: resource.name }, targetId: { eq: id } };
  const { events, error, refetch, allowed } = useEvents(filter, SHOWN);
  if (!log) return <Box sx={{ color: 'text.secondary' }}>{words('history.none')}</Box>;
  if (!allowed) return <NeedsPermission permission={log.permission} tenantId={tenantId} />;
  if (error) return <FailureNotice error={error} retry={refetch} />;
  if (!events) return <Skeleton variant="rounded" height={120} />;
  if (events.length === 0) return <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>{words('history.empty')}</Box>;
  return (
    <>
      <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1.25 }}>
        {events.map((event) => (
          <EventLine key={event.id} event={event} />
        ))}
      </Box>
      {events.length === SHOWN ? (
        <Link component={RouterLink} to={`/${log.plural}?filter=${encodeURIComponent(JSON.stringify(filter))}`} sx={{ display: 'inline-block', mt: 1.5, fontSize: '0.8125rem' }}>
          {words('history.all')}
        </Link>
      ) : null}
    </>
  );
}
