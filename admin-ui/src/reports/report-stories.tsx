import { Box, Button, Link, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { useText } from '../catalogue/console-context.tsx';
import { Nothing, Section } from '../feedback/section.tsx';
import { showHidden } from '../fields/format.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import type { Story } from '../stories/story.ts';
import { StoryStepItem } from '../stories/story-step.tsx';
import { useReportStories } from './report.ts';
import type { Selection } from './selection.ts';

/** The stories of a selection, in the order in which they began, more on demand. */
export function ReportStories({ selection }: { readonly selection: Selection }) {
  const words = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useReportStories(selection);
  const stories = data?.pages.flatMap(({ nodes }) => nodes);
  return (
    <Section id="report-stories" title={words('reports.stories')} help={words('reports.stories.help')} error={error} retry={() => void refetch()} waiting={!stories}>
      {stories?.length === 0 ? <Nothing>{words('reports.nothing')}</Nothing> : null}
      {stories?.map((story) => (
        <ToldStory key={story.correlationId} story={story} open={stories.length === 1} />
      ))}
      {hasNextPage ? (
        <Box sx={{ mt: 1 }}>
          <Box sx={{ display: 'none', '@media print': { display: 'block' } }}>{words('reports.more.print')}</Box>
          <Button className="no-print" variant="outlined" color="inherit" aria-busy={isFetchingNextPage} onClick={() => !isFetchingNextPage && void fetchNextPage()}>
            {words('reports.more')}
          </Button>
        </Box>
      ) : null}
    </Section>
  );
}

function ToldStory({ story, open }: { readonly story: Story; readonly open: boolean }) {
  const text = useText();
  const words = useWords();
  const { answers, steps } = story;
  return (
    <Box
      component="details"
      open={open}
      data-story={story.correlationId}
      sx={(theme) => ({
        borderTop: `1px solid ${theme.tokens.line}`,
        '&:first-of-type': { borderTop: 'none' },
        '& > summary': { cursor: 'pointer', py: 1, borderRadius: '4px' },
      })}
    >
      <summary>
        <Typography component="span" variant="h3">
          {text(answers.what)}
        </Typography>
        <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
          {[answers.who, answers.why].map((part) => (part ? ` · ${showHidden(part)}` : '')).join('')}
          {' · '}
          <TimeText iso={story.startedAt} seconds />
          {' · '}
          {words('story.steps', { smart_count: steps.length + story.leftOut })}
        </Box>
      </summary>
      <Box sx={{ pb: 1.5 }}>
        <Box sx={{ mb: 1.5, fontSize: '0.8125rem', color: 'text.secondary', display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
          <IdChip id={story.correlationId} whole />
          <Link className="no-print" component={RouterLink} to={`/story/${story.correlationId}`}>
            {words('story.see')}
          </Link>
          {story.leftOut > 0 ? <span>{words('story.leftOut', { smart_count: story.leftOut })}</span> : null}
        </Box>
        <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {steps.map((step, index) => (
            <StoryStepItem key={step.id} step={step} last={index === steps.length - 1} />
          ))}
        </Box>
      </Box>
    </Box>
  );
}
