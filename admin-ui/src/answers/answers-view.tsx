import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import PrintIcon from '@mui/icons-material/PrintOutlined';
import { Alert, Box, Button, Paper, Skeleton, Typography } from '@mui/material';
import type { Language } from '@sallyport/schema/vocabulary/axes.ts';
import { useLocaleState } from 'ra-core';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { PAPER } from '../feedback/paper.tsx';
import { FactLine, Section } from '../feedback/section.tsx';
import { formatDecimal, formatTime, shortId, showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { useTitles } from '../fields/titles.ts';
import { useWords } from '../language/use-words.ts';
import { saveFile } from '../lists/export-rows.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { AnswerEntry } from './answer-entry.tsx';
import { type Answers, type Asked, TONES, useAnswers, type Verdict } from './answers.ts';
import { answersCsv, fileName } from './answers-file.ts';

export function AnswersView({ asked }: { readonly asked: Asked }) {
  const { data: made, error, refetch, isFetching } = useAnswers(asked);
  const text = useText();
  if (error) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (!made) return <Skeleton variant="rounded" height={260} />;
  const topics = Map.groupBy(made.answers, ({ topic }) => topic);
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }} data-answers aria-busy={isFetching}>
      {PAPER}
      <Head made={made} />
      {[...topics].map(([topic, told]) => (
        <Section key={topic} id={`topic-${topic}`} title={told[0] ? text(told[0].topicWords) : topic}>
          {told.map((answer) => (
            <AnswerEntry key={answer.id} told={answer} referenced={made.referenced} />
          ))}
        </Section>
      ))}
    </Box>
  );
}

/** What these answers are about, what they are not, and the ways to take them along. */
function Head({ made }: { readonly made: Answers }) {
  const { tenant } = useModel();
  const words = useWords();
  const text = useText();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const [shown] = useLocaleState();
  const language: Language = shown === 'id' ? 'id' : 'en';
  const titles = useTitles(tenant && made.tenantId ? [{ resource: tenant.name, ids: [made.tenantId] }] : []);
  const of = (iso: string): string => formatTime(iso, locale, zone);
  const about = made.tenantId === null ? words('answers.everything') : tenant ? titles(tenant.name, made.tenantId) : shortId(made.tenantId);
  return (
    <Paper variant="outlined" component="section" aria-labelledby="answers-head" sx={{ p: 2, '@media print': { border: 'none', p: 0 } }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'flex-start', justifyContent: 'space-between' }}>
        <Box sx={{ minWidth: 0, flex: '1 1 280px' }}>
          <Typography variant="h2" id="answers-head" sx={{ fontSize: '1.0625rem' }}>
            {about}
          </Typography>
          <Box data-claim sx={{ fontWeight: 600, my: 0.5 }}>
            {text(made.claim)}
          </Box>
          <FactLine>
            {[
              words('answers.period', { from: of(made.from), to: of(made.to) }),
              words('answers.madeAt', { time: of(made.madeAt) }),
              words('answers.gateway', { name: showHidden(made.origin ?? '–'), environment: showHidden(made.environment) }),
              words('answers.events', { smart_count: made.events, count: formatDecimal(String(made.events), locale) }),
            ]}
          </FactLine>
          <Box sx={{ mt: 0.5, fontSize: '0.75rem', color: 'text.secondary' }}>{words('answers.state')}</Box>
        </Box>
        <Box className="no-print" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          <Button
            variant="outlined"
            color="inherit"
            startIcon={<DownloadIcon />}
            onClick={() => saveFile(fileName(made, 'md'), made.markdown[language], 'text/markdown;charset=utf-8')}
          >
            Markdown
          </Button>
          <Button variant="outlined" color="inherit" startIcon={<DownloadIcon />} onClick={() => saveFile(fileName(made, 'csv'), answersCsv(made, language))}>
            CSV
          </Button>
          <Button variant="outlined" color="inherit" startIcon={<PrintIcon />} onClick={() => window.print()}>
            {words('story.print')}
          </Button>
        </Box>
      </Box>
      {made.prunedClasses.length > 0 ? (
        <Alert severity="warning" sx={{ mt: 1.5 }}>
          {words('answers.pruned')}
        </Alert>
      ) : null}
      {made.events === 0 ? (
        <Alert severity="info" sx={{ mt: 1.5 }} data-answers-quiet>
          {words('answers.quiet')}
        </Alert>
      ) : null}
      <Tally made={made} />
    </Paper>
  );
}

/** How many answers came out which way. */
function Tally({ made: { answers } }: { readonly made: Answers }) {
  const text = useText();
  const words = useWords();
  const verdicts = Object.keys(TONES) as readonly Verdict[];
  return (
    <Box component="ul" aria-label={words('answers.tally')} sx={{ listStyle: 'none', p: 0, m: 0, mt: 1.5, display: 'flex', flexWrap: 'wrap', gap: 1.5 }}>
      {verdicts.flatMap((verdict) => {
        const came = answers.filter((answer) => answer.verdict === verdict);
        const [first] = came;
        return first
          ? [
              <Box key={verdict} component="li" data-tally={verdict} sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}>
                <StateChip label={text(first.verdictWords)} tone={TONES[verdict]} />
                <span className="figures">{came.length}</span>
              </Box>,
            ]
          : [];
      })}
    </Box>
  );
}
