import { useEffect, useRef } from 'react';
import { Box, Link, Paper } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import { FieldValue } from '../fields/field-value.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useTitles } from '../fields/titles.ts';
import { isTyping } from '../frame/shortcuts.tsx';
import { useWords } from '../language/use-words.ts';
import { useOddityWords } from './oddity-words.ts';
import { PENDING, REQUEST, type ApprovalRequest, type InboxTab } from './requests.ts';
import { TimeLeft } from './time-left.tsx';
import { useRequestWords } from './use-requests.ts';

const STEPS: Readonly<Record<string, 1 | -1>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

interface RequestListProps {
  readonly requests: readonly ApprovalRequest[];
  readonly tab: InboxTab;
  /** Whether j, k and the arrows walk here: one list of a page at most. */
  readonly walked?: boolean;
}

/** Requests as rows, on a phone as cards. j and k or the arrows walk, Enter opens. */
export function RequestList({ requests, tab, walked = false }: RequestListProps) {
  const { tenant } = useModel();
  const body = useRef<HTMLUListElement>(null);
  const titles = useTitles(tenant ? [{ resource: tenant.name, ids: requests.flatMap((request) => request.tenantId ?? []) }] : []);
  useEffect(() => {
    if (!walked) return undefined;
    const walk = (event: KeyboardEvent): void => {
      const step = STEPS[event.key];
      if (step === undefined || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const links = [...(body.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])];
      const at = links.indexOf(document.activeElement as HTMLElement);
      // Arrows belong to whatever has the focus, unless that is a row or nothing.
      if (event.key.startsWith('Arrow') && at === -1 && event.target !== document.body) return;
      const next = links[at === -1 ? 0 : at + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    };
    window.addEventListener('keydown', walk);
    return () => window.removeEventListener('keydown', walk);
  }, [walked]);
  return (
    <Paper variant="outlined" sx={{ overflow: 'hidden', containerType: 'inline-size' }}>
      <Box component="ul" ref={body} sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {requests.map((request) => (
          <RequestRow
            key={request.id}
            request={request}
            tab={tab}
            tenant={request.tenantId && tenant && request.targetType !== tenant.name ? titles(tenant.name, request.tenantId) : null}
          />
        ))}
      </Box>
    </Paper>
  );
}

function RequestRow({ request, tab, tenant }: { readonly request: ApprovalRequest; readonly tab: InboxTab; readonly tenant: string | null }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const say = useRequestWords();
  const odd = useOddityWords();
  const resource = model.resource(REQUEST);
  const state = resource?.state ? fieldOf(resource, resource.state) : undefined;
  const { oddities = [] } = request;
  const open = request.state === PENDING;
  return (
    <Box
      component="li"
      sx={(theme) => ({
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr)',
        columnGap: 2,
        rowGap: 0.5,
        // By the width of the list, which may stand in a card, not of the window.
        '@container (min-width: 420px)': {
          gridTemplateColumns: 'minmax(0, 1fr) auto',
          '& > :nth-of-type(2)': { gridColumn: '1 / -1', gridRow: 2 },
          '& > :last-of-type': { textAlign: 'right' },
        },
        '@container (min-width: 760px)': { gridTemplateColumns: 'minmax(0, 1.6fr) minmax(0, 1.4fr) auto', '& > :nth-of-type(2)': { gridColumn: 'auto', gridRow: 'auto' } },
        alignItems: 'center',
        px: { xs: 1.5, sm: 2 },
        py: 1.25,
        position: 'relative',
        '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` },
        '&:hover, &:focus-within': { background: theme.tokens.accentSoft },
      })}
    >
      <Box sx={{ minWidth: 0 }}>
        {/* The whole row leads there, by one link that says what it is. */}
        <Link component={RouterLink} to={`/approvals/${request.id}`} data-row-link sx={{ fontWeight: 600, '&::after': { content: '""', position: 'absolute', inset: 0 } }}>
          {say.act(request)} · {say.object(request)}
        </Link>
        <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>
          {[tenant, tab === 'mine' ? null : words('approvals.who') + ' ' + say.who(request)].filter((part) => part !== null).join(' · ')}
          {' · '}
          <TimeText iso={request.requestedAt} relative />
        </Box>
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5 }}>
        {open && oddities && oddities.length === 0 ? (
          <Box component="span" sx={{ fontSize: '0.75rem', color: 'text.secondary' }}>
            {words('approvals.nothingOdd')}
          </Box>
        ) : null}
        {open ? (oddities ?? []).map((oddity) => <StateChip key={`${oddity.code}.${String(oddity['input'] ?? '')}`} label={odd.name(oddity)} tone="warning" />) : null}
        {!open && request.rule ? <Box sx={{ fontSize: '0.75rem', color: 'text.secondary' }}>{text(request.rule.stated)}</Box> : null}
      </Box>
      <Box sx={{ fontSize: '0.8125rem' }}>{open ? <TimeLeft until={request.expiresAt} /> : state ? <FieldValue field={state} record={request} dense /> : null}</Box>
    </Box>
  );
}
