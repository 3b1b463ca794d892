import { Box, Link, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { FactLine } from '../feedback/section.tsx';
import { formatDecimal, formatTime } from '../fields/format.ts';
import { NeedsPermission } from '../fields/masked.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { REPORTING, toSearch } from '../reports/selection.ts';
import { type Answer, type AnswerFigure, TONES } from './answers.ts';

/** One question: verdict as icon and word, the sentence, its figures, and the way to what they were counted from. */
export function AnswerEntry({ told, referenced }: { readonly told: Answer; readonly referenced: string }) {
  const words = useWords();
  const text = useText();
  const { question, answer, verdict, verdictWords, figures, basisWords, references, controls } = told;
  return (
    <Box
      component="article"
      aria-labelledby={`answer-${told.id}`}
      data-answer={told.id}
      data-verdict={verdict}
      sx={(theme) => ({ py: 1.5, breakInside: 'avoid', '& + &': { borderTop: `1px solid ${theme.palette.divider}` } })}
    >
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', justifyContent: 'space-between' }}>
        <Typography variant="h3" id={`answer-${told.id}`} sx={{ fontSize: '0.875rem', fontWeight: 600, minWidth: 0 }}>
          {text(question)}
        </Typography>
        <StateChip label={text(verdictWords)} tone={TONES[verdict]} />
      </Box>
      <Box sx={{ mt: 0.5, overflowWrap: 'anywhere' }}>{text(answer)}</Box>
      <Box
        component="dl"
        sx={{ m: 0, my: 1, display: 'grid', gap: 1, gridTemplateColumns: 'repeat(auto-fill, minmax(150px, 1fr))', '& dt': { color: 'text.secondary', fontSize: '0.75rem' } }}
      >
        {figures.map((figure) => (
          <Box key={figure.name} data-figure={figure.name}>
            <dt>{text(figure.label)}</dt>
            <Box component="dd" className="figures" sx={{ m: 0, fontWeight: 600 }}>
              <FigureValue figure={figure} />
            </Box>
          </Box>
        ))}
      </Box>
      <FactLine>
        {[
          words('answers.rests', { basis: text(basisWords) }),
          references.length > 0 ? words('answers.compare', { names: `${referenced} ${references.join(', ')}` }) : null,
          words('answers.controls', { names: controls.map(({ id }) => id).join(', ') }),
        ]}
      </FactLine>
      <Evidence told={told} />
    </Box>
  );
}

function FigureValue({ figure: { value, unit } }: { readonly figure: AnswerFigure }) {
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  if (unit === 'TIME') return <>{formatTime(value, locale, zone)}</>;
  const number = formatDecimal(value, locale);
  return <>{unit === 'COUNT' ? number : words(`answers.unit.${unit}`, { number })}</>;
}

/** The report over the same tenant, period and control, for who may read events. */
function Evidence({ told }: { readonly told: Answer }) {
  const model = useModel();
  const words = useWords();
  const { control, tenantId, from, to } = told.evidence;
  if (!model.holds(REPORTING)) {
    return (
      <Box className="no-print" sx={{ mt: 0.5, display: 'flex', flexWrap: 'wrap', gap: 0.5, alignItems: 'center', fontSize: '0.8125rem', color: 'text.secondary' }}>
        {words('answers.evidence')}: <NeedsPermission permission={REPORTING} tenantId={tenantId} />
      </Box>
    );
  }
  return (
    <Link
      component={RouterLink}
      className="no-print"
      sx={{ display: 'inline-block', mt: 0.5, fontSize: '0.8125rem' }}
      to={`/reports?${toSearch({ control, from, to, ...(tenantId === null ? {} : { tenantId }) })}`}
      aria-describedby={`answer-${told.id}`}
    >
      {words('answers.evidence')}
    </Link>
  );
}
