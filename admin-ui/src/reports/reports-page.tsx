import { Box, Paper, Typography } from '@mui/material';
import { useSearchParams } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { NeedsPermission } from '../fields/masked.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { ReportView } from './report-view.tsx';
import { isEmpty, REPORTING, selectionFrom, toSearch } from './selection.ts';
import { SelectionForm } from './selection-form.tsx';

/** What the log holds of a story, a tenant, a person, a control or a period: to read, to print, to share, to hand out as evidence. */
export function ReportsPage() {
  const model = useModel();
  const words = useWords();
  const [search, setSearch] = useSearchParams();
  usePageTitle(words('reports.title'));
  const selection = selectionFrom(search);
  const chosen = !isEmpty(selection);
  const key = toSearch(selection).toString();
  return (
    <Box sx={{ maxWidth: 1080, display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Box>
        <Typography variant="h1">{words('reports.title')}</Typography>
        <Box className="no-print" sx={{ color: 'text.secondary' }}>
          {words('reports.help')}
        </Box>
      </Box>
      {model.holds(REPORTING) ? (
        <>
          <SelectionForm key={`form-${key}`} selection={selection} onChoose={(next) => setSearch(toSearch(next))} />
          {chosen ? (
            <ReportView key={key} selection={selection} />
          ) : (
            <Paper variant="outlined" sx={{ p: 3, color: 'text.secondary' }}>
              <Box sx={{ fontWeight: 600, color: 'text.primary' }}>{words('reports.empty')}</Box>
              {words('reports.empty.help')}
            </Paper>
          )}
        </>
      ) : (
        <Paper variant="outlined" sx={{ p: 2 }}>
          <NeedsPermission permission={REPORTING} />
        </Paper>
      )}
    </Box>
  );
}

export default ReportsPage;
