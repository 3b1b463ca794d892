import { useEffect, useRef } from 'react';
import CloseIcon from '@mui/icons-material/Close';
import { Box, IconButton, Link, Paper, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { useWords } from '../language/use-words.ts';
import { type Asked, eventsPath, type FlowFigures, type Flows } from './flows.ts';
import { funnelOf, type FunnelStage, worstOf } from './funnel.ts';
import { useActTitle } from './use-act-title.ts';
import { useFlowNumbers } from './use-flow-numbers.ts';
import { useReason } from './use-reason.ts';

interface FlowWayProps {
  readonly flows: Flows;
  readonly asked: Asked;
  readonly row: FlowFigures;
  /** Whether it was opened by hand just now: then whoever reads by ear, or sees little of the page at once, is taken along. */
  readonly takeFocus: boolean;
  readonly onClose: () => void;
}

/** One act from the first click to the end: how many came how far, where people leave, and why they were refused. */
export function FlowWay({ flows, asked, row, takeFocus, onClose }: FlowWayProps) {
  const model = useModel();
  const words = useWords();
  const title = useActTitle();
  const { count } = useFlowNumbers();
  const heading = useRef<HTMLHeadingElement>(null);
  const name = row.action ?? '';
  useEffect(() => {
    if (takeFocus) heading.current?.focus();
  }, [name, takeFocus]);
  const action = model.action(name);
  const stages = funnelOf(row, { code: action !== undefined && action.sensitive !== 'never', approval: (action?.approval.length ?? 0) > 0 });
  const worst = worstOf(stages);
  const events = eventsPath(model, flows, asked, name);
  return (
    <Paper variant="outlined" component="section" aria-labelledby="flow-way" data-way={name} sx={{ p: 2 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', mb: 0.5 }}>
        <Typography variant="h2" id="flow-way" ref={heading} tabIndex={-1} sx={{ flex: 1 }}>
          {words('flows.way', { act: title(name) })}
        </Typography>
        <IconButton aria-label={words('flows.way.close')} onClick={onClose}>
          <CloseIcon fontSize="small" />
        </IconButton>
      </Box>
      <Box sx={{ color: 'text.secondary', mb: 1.5 }} data-worst={worst?.why ?? 'none'}>
        {worst
          ? words('flows.way.worst', { stage: words(`flows.stage.${worst.stage}`), why: words(`flows.left.${worst.why}`), count: count(worst.count) })
          : words('flows.way.calm')}
      </Box>
      <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1.25 }}>
        {stages.map((stage) => (
          <StageLine key={stage.stage} stage={stage} most={Math.max(1, row.tries, row.codesAsked)} />
        ))}
      </Box>
      <Refusals flows={flows} asked={asked} row={row} />
      {events ? (
        <Link component={RouterLink} to={events} sx={{ display: 'inline-block', mt: 1.5, fontSize: '0.8125rem' }}>
          {words('flows.events')}
        </Link>
      ) : null}
    </Paper>
  );
}

function StageLine({ stage: { stage, count: reached, left, median, p95 }, most }: { readonly stage: FunnelStage; readonly most: number }) {
  const words = useWords();
  const { count, length } = useFlowNumbers();
  return (
    <Box component="li" data-stage={stage} sx={{ display: 'grid', gap: { xs: 0.5, sm: 1.5 }, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '170px minmax(0, 1fr)' } }}>
      <Box sx={{ fontSize: '0.8125rem', fontWeight: 550 }}>
        {words(`flows.stage.${stage}`)}{' '}
        <Box component="span" className="figures" data-count sx={{ fontWeight: 650 }}>
          {count(reached)}
        </Box>
      </Box>
      <Box sx={{ minWidth: 0 }}>
        <Box aria-hidden sx={(theme) => ({ height: 14, borderRadius: '3px', background: theme.tokens.neutralSoft, overflow: 'hidden', printColorAdjust: 'exact' })}>
          <Box sx={(theme) => ({ height: '100%', width: `${(reached / most) * 100}%`, background: theme.tokens.accent })} />
        </Box>
        {median !== null && p95 !== null ? (
          <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>{words('flows.time', { median: length(median), p95: length(p95) })}</Box>
        ) : null}
        {left.length === 0 ? null : (
          <Box component="ul" sx={{ m: 0, mt: 0.25, pl: 2.25, fontSize: '0.8125rem' }}>
            {left.map(({ why, count: gone }) => (
              <li key={why} data-left={why}>
                {`${words(`flows.left.${why}`)}: ${count(gone)}`}
              </li>
            ))}
          </Box>
        )}
      </Box>
    </Box>
  );
}

function Refusals({ flows, asked, row }: { readonly flows: Flows; readonly asked: Asked; readonly row: FlowFigures }) {
  const model = useModel();
  const words = useWords();
  const reason = useReason();
  const { count } = useFlowNumbers();
  return (
    <Box sx={{ mt: 2 }}>
      <Typography variant="h3" id="flow-refusals" sx={{ mb: 0.5 }}>
        {words('flows.refusals')}
      </Typography>
      {row.refusals.length === 0 ? (
        <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>{words('flows.refusals.none')}</Box>
      ) : (
        <Table size="small" aria-labelledby="flow-refusals">
          <TableHead>
            <TableRow>
              <TableCell>{words('flows.reason')}</TableCell>
              <TableCell sx={{ display: { xs: 'none', sm: 'table-cell' } }}>{words('flows.code.name')}</TableCell>
              <TableCell align="right">{words('flows.count')}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {row.refusals.map(({ code, count: times }) => {
              const events = eventsPath(model, flows, asked, row.action ?? '', code);
              return (
                <TableRow key={code} data-refusal={code}>
                  <TableCell>
                    {events ? (
                      <Link component={RouterLink} to={events}>
                        {reason(code)}
                      </Link>
                    ) : (
                      reason(code)
                    )}
                  </TableCell>
                  <TableCell sx={{ display: { xs: 'none', sm: 'table-cell' } }}>{code}</TableCell>
                  <TableCell align="right" className="figures">
                    {count(times)}
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      )}
    </Box>
  );
}
