import { Box, Paper } from '@mui/material';
import type { ReactNode } from 'react';
import { useWords } from '../language/use-words.ts';
import type { Flows } from './flows.ts';
import { abandoned } from './funnel.ts';
import { useFlowNumbers } from './use-flow-numbers.ts';
import { useReason } from './use-reason.ts';

/** Four figures that say where it hurts, each with what it is of. */
export function Headline({ flows }: { readonly flows: Flows }) {
  const words = useWords();
  const reason = useReason();
  const { count, share, length } = useFlowNumbers();
  const { total, waitingNow, oldestWaitingSeconds } = flows;
  const [worst] = total.refusals;
  const asked = count(total.codesAsked);
  const facts: readonly (readonly [id: string, name: string, value: number, more: readonly string[]])[] = [
    ['done', words('flows.done'), total.executed, [words('flows.done.of', { tries: count(total.tries), share: share(total.executed, total.tries) })]],
    [
      'code',
      words('flows.code'),
      abandoned(total),
      [
        total.codesAsked === 0
          ? words('flows.code.none')
          : total.medianSecondsToCode === null
            ? words('flows.code.noTime', { asked })
            : words('flows.code.of', { asked, median: length(total.medianSecondsToCode) }),
      ],
    ],
    [
      'waiting',
      words('flows.waiting'),
      waitingNow,
      [
        oldestWaitingSeconds === null ? words('flows.waiting.none') : words('flows.waiting.oldest', { oldest: length(oldestWaitingSeconds) }),
        ...(total.medianSecondsToDecision === null ? [] : [words('flows.waiting.median', { median: length(total.medianSecondsToDecision) })]),
      ],
    ],
    [
      'refused',
      words('flows.refused'),
      total.refused + total.failed,
      [worst ? words('flows.refused.most', { reason: reason(worst.code), count: count(worst.count) }) : words('flows.refused.none')],
    ],
  ];
  return (
    <Paper variant="outlined" sx={{ overflow: 'hidden' }}>
      <Box
        component="dl"
        sx={{ m: 0, display: 'grid', gridTemplateColumns: { xs: '1fr', sm: 'repeat(2, 1fr)', lg: 'repeat(4, 1fr)' }, gap: '1px', background: (theme) => theme.tokens.line }}
      >
        {facts.map(([id, name, value, more]) => (
          <Fact key={id} id={id} name={name} value={count(value)} more={more.join('; ')} />
        ))}
      </Box>
    </Paper>
  );
}

function Fact({ id, name, value, more }: { readonly id: string; readonly name: string; readonly value: ReactNode; readonly more: string }) {
  return (
    <Box data-figure={id} sx={(theme) => ({ p: 2, background: theme.tokens.paper })}>
      <Box component="dt" sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
        {name}
      </Box>
      <Box component="dd" className="figures" sx={{ m: 0, fontSize: '1.375rem', fontWeight: 620, letterSpacing: '-0.01em', lineHeight: 1.3 }}>
        {value}
      </Box>
      <Box component="dd" sx={{ m: 0, color: 'text.secondary', fontSize: '0.8125rem' }}>
        {more}
      </Box>
    </Box>
  );
}
