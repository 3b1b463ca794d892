import { Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { ChangesTable } from '../actions/changes-table.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { formatElapsed, showHidden } from '../fields/format.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { factsOfStep } from '../integrity/shown-facts.ts';
import { VerifyEvent } from '../integrity/verify-event.tsx';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { MONO } from '../theme/theme.ts';
import { OutcomeIcon, outcomeLook } from './outcome.tsx';
import { isActingFor, type StoryStep } from './story.ts';
import { useEventWords } from './use-event-words.ts';

/** One event of a story: what, how it ended, who for whom, from where, under which right, and what changed. */
export function StoryStepItem({ step, last }: { readonly step: StoryStep; readonly last: boolean }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const look = outcomeLook(step.outcome, step.reasonCode);
  const event = useEventWords();
  const target = step.targetType ? model.resource(step.targetType) : undefined;
  const role = step.role ? model.catalogue.roles.find((item) => item.name === step.role) : undefined;
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [
      words('story.actor'),
      <>
        {step.actorName ? showHidden(step.actorName) : (step.actorId ?? '—')}
        {isActingFor(step) ? ` ${words('story.actingFor', { name: step.subjectName ?? step.subjectId ?? '' })}` : ''}
      </>,
    ],
    ...(step.targetId
      ? ([
          [
            words('story.target'),
            <>
              {step.targetType ? event.thing(step.targetType) : null}{' '}
              <IdChip id={step.targetId} to={target && model.holds(target.permission) ? `/${target.plural}/${encodeURIComponent(step.targetId)}` : null} />
            </>,
          ],
        ] as const)
      : []),
    ...(step.permission
      ? ([
          [
            words(step.outcome.toLowerCase() === 'denied' ? 'story.rightNeeded' : 'story.right'),
            <>
              <Box component="code" sx={{ fontFamily: MONO, fontSize: '0.75rem' }}>
                {step.permission}
              </Box>
              {role ? ` · ${text(role.label)}` : ''}
            </>,
          ],
        ] as const)
      : []),
    ...(step.secondFactor ? ([[words('story.factor'), event.factor(step.secondFactor)]] as const) : []),
    ...(step.stepUpId ? ([[words('story.stepUp'), <IdChip key="id" id={step.stepUpId} />]] as const) : []),
    ...(step.approvalId ? ([[words('story.approval'), <IdChip key="id" id={step.approvalId} to={`/approvals/${encodeURIComponent(step.approvalId)}`} />]] as const) : []),
    ...(step.tokenId ? ([[words('story.token'), <IdChip key="id" id={step.tokenId} />]] as const) : []),
    ...(step.breakGlassId ? ([[words('story.breakGlass'), <IdChip key="id" id={step.breakGlassId} />]] as const) : []),
    ...(step.fieldsRead.length > 0 ? ([[words('story.fieldsRead'), event.fields(step.fieldsRead)]] as const) : []),
    [
      words('story.policy'),
      <Link key="policy" component={RouterLink} to={`/policy/${encodeURIComponent(step.policyVersion)}`} title={step.policyVersion} sx={{ fontFamily: MONO, fontSize: '0.75rem' }}>
        {step.policyVersion.slice(0, 12)}
      </Link>,
    ],
  ];
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: '28px minmax(0, 1fr)', columnGap: 1.5, breakInside: 'avoid' }}>
      <Box sx={{ display: 'flex', flexDirection: 'column', alignItems: 'center' }}>
        <OutcomeIcon outcome={step.outcome} reasonCode={step.reasonCode} size={28} />
        {last ? null : <Box sx={(theme) => ({ flex: 1, width: 2, background: theme.tokens.line, my: 0.5 })} />}
      </Box>
      <Box sx={{ pb: 2.5, minWidth: 0 }}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1, alignItems: 'baseline' }}>
          <Box component="span" sx={{ fontWeight: 600 }}>
            {text(step.words)}
          </Box>
          <Box component="span" sx={(theme) => ({ fontSize: '0.75rem', fontWeight: 600, color: theme.tokens[look.color] })}>
            {words(look.words)}
            {step.reasonCode ? ` · ${step.reasonCode}` : ''}
          </Box>
        </Box>
        <Box sx={{ fontSize: '0.75rem', color: 'text.secondary', mb: 0.75 }}>
          {formatElapsed(step.sinceStartMilliseconds, locale)} · <TimeText iso={step.time} seconds /> · {words('story.via', { surface: event.surface(step.surface) })} ·{' '}
          <code>{step.kind}</code>
        </Box>
        {step.reason || step.ticket ? (
          <Box sx={(theme) => ({ my: 0.75, pl: 1.25, borderLeft: `3px solid ${theme.tokens.line}` })}>
            {step.reason ? showHidden(step.reason) : null}
            {step.ticket ? (
              <Box component="span" sx={{ color: 'text.secondary' }}>
                {step.reason ? ' · ' : ''}
                {words('action.ticket')} {showHidden(step.ticket)}
              </Box>
            ) : null}
          </Box>
        ) : null}
        <Box
          component="dl"
          sx={{
            m: 0,
            fontSize: '0.8125rem',
            display: 'flex',
            flexWrap: 'wrap',
            columnGap: 2,
            rowGap: 0.25,
            '& dt': { color: 'text.secondary', display: 'inline', mr: 0.5 },
            '& dd': { m: 0, display: 'inline', overflowWrap: 'anywhere' },
          }}
        >
          {facts.map(([name, fact]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
        </Box>
        {step.changes.length === 0 ? null : step.outcome.toLowerCase() === 'previewed' ? (
          <Box component="details" sx={{ mt: 0.75, maxWidth: 640, '& summary': { cursor: 'pointer', fontSize: '0.8125rem', color: 'text.secondary', mb: 0.75 } }}>
            <summary>{words('story.previewed', { smart_count: step.changes.length })}</summary>
            <ChangesTable changes={step.changes} currency={null} />
          </Box>
        ) : (
          <Box sx={{ mt: 1, maxWidth: 640 }}>
            <ChangesTable changes={step.changes} currency={null} />
          </Box>
        )}
        <VerifyEvent eventId={step.id} facts={factsOfStep(step)} small />
      </Box>
    </Box>
  );
}
