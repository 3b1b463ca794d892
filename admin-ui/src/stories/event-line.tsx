import { Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { showHidden } from '../fields/format.ts';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import { OutcomeIcon, outcomeLook } from './outcome.tsx';
import type { LogEvent } from './use-events.ts';

/** What an event is called. */
function useEventLabel(): (event: LogEvent) => string {
  const { catalogue, action } = useModel();
  const text = useText();
  return (event) => {
    const kind = catalogue.events.find((item) => item.kind === event.kind);
    const act = event.action ? action(event.action) : undefined;
    // A kind says what was done; of what was not done, the act tells what was tried.
    const label = event.outcome.toLowerCase() === 'ok' ? (kind?.label ?? act?.label) : (act?.label ?? kind?.label);
    return label ? text(label) : event.kind;
  };
}

/** One event of the log in two lines, leading to its whole story. */
export function EventLine({ event, target = false }: { readonly event: LogEvent; readonly target?: boolean }) {
  const { resource } = useModel();
  const text = useText();
  const words = useWords();
  const label = useEventLabel();
  const named = target && event.targetType ? resource(event.targetType) : undefined;
  return (
    <Box component="li" sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', fontSize: '0.8125rem' }}>
      <OutcomeIcon outcome={event.outcome} reasonCode={event.reasonCode} />
      <Box sx={{ minWidth: 0, flex: 1 }}>
        <Link component={RouterLink} to={`/story/${event.correlationId}`} sx={{ color: 'text.primary', fontWeight: 550 }}>
          {label(event)}
        </Link>
        <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
          {words(outcomeLook(event.outcome).words)}
          {event.reasonCode ? ` · ${event.reasonCode}` : ''}
          {event.actorName ? ` · ${showHidden(event.actorName)}` : ''}
          {named && event.targetId ? (
            <>
              {' · '}
              <Link component={RouterLink} underline="always" to={`/${named.plural}/${encodeURIComponent(event.targetId)}`}>
                {text(named.label)}
              </Link>
            </>
          ) : null}
          {' · '}
          <TimeText iso={event.time} relative />
        </Box>
      </Box>
    </Box>
  );
}
