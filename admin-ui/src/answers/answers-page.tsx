import { Box, Paper, Typography } from '@mui/material';
import { useSearchParams } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { NeedsPermission } from '../fields/masked.tsx';
import { usePageTitle } from '../frame/use-page-title.ts';
import { useWords } from '../language/use-words.ts';
import { ANSWERING, askedFrom, toSearch } from './answers.ts';
import { AnswersForm } from './answers-form.tsx';
import { AnswersView } from './answers-view.tsx';

/** Ready answers to customers' security questionnaires, computed from the rules and the log: to read, to print, to send on. */
export function AnswersPage() {
  const model = useModel();
  const words = useWords();
  const [search, setSearch] = useSearchParams();
  usePageTitle(words('answers.title'));
  const asked = askedFrom(search);
  const key = asked ? toSearch(asked).toString() : '';
  return (
    <Box sx={{ maxWidth: 1080, display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Box>
        <Typography variant="h1">{words('answers.title')}</Typography>
        <Box className="no-print" sx={{ color: 'text.secondary' }}>
          {words('answers.help')}
        </Box>
      </Box>
      {model.holds(ANSWERING) ? (
        <>
          <AnswersForm key={`form-${key}`} asked={asked} onChoose={(next) => setSearch(toSearch(next))} />
          {asked ? (
            <AnswersView key={key} asked={asked} />
          ) : (
            <Paper variant="outlined" sx={{ p: 3, color: 'text.secondary' }}>
              <Box sx={{ fontWeight: 600, color: 'text.primary' }}>{words('answers.empty')}</Box>
              {words('answers.empty.help')}
            </Paper>
          )}
        </>
      ) : (
        <Paper variant="outlined" sx={{ p: 2 }}>
          <NeedsPermission permission={ANSWERING} />
        </Paper>
      )}
    </Box>
  );
}

export default AnswersPage;
