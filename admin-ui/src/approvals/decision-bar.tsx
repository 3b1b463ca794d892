import { useEffect, useState } from 'react';
import DenyIcon from '@mui/icons-material/BlockOutlined';
import ApproveIcon from '@mui/icons-material/HowToRegOutlined';
import type { SvgIconComponent } from '@mui/icons-material';
import { Box } from '@mui/material';
import type { CatalogueAction } from '@sallyport/schema/vocabulary/catalogue.ts';
import { ActButton } from '../actions/act-button.tsx';
import { ActionDialog } from '../actions/action-dialog.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { setActsInView } from '../frame/acts-in-view.ts';
import { isTyping } from '../frame/shortcuts.tsx';
import { en, type MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';
import { APPROVE, PENDING, REQUEST, type RequestInView } from './requests.ts';
import { useRequestWords } from './use-requests.ts';

const DENY = 'denyRequest';
/** Side by side the two must not be taken for each other. */
const ICONS: Readonly<Record<string, SvgIconComponent>> = { [APPROVE]: ApproveIcon, [DENY]: DenyIcon };
const KEYS: Readonly<Record<string, string>> = { a: APPROVE, d: DENY };

const keyOf = (name: string): MessageKey | null => (Object.hasOwn(en, name) ? (name as MessageKey) : null);

/** What the viewer may decide, as the gateway says it; where nothing, why not. On a phone it stays at hand at the bottom. */
export function DecisionBar({ view }: { readonly view: RequestInView }) {
  const { request, decision } = view;
  const model = useModel();
  const text = useText();
  const words = useWords();
  const say = useRequestWords();
  const [open, setOpen] = useState<CatalogueAction | null>(null);
  const resource = model.resource(REQUEST);
  const own = request.requesterId === model.viewer.id;
  const pending = request.state === PENDING;
  // Offered by the gateway; whoever is excluded all the same is told why before they try.
  const excluded = decision && !decision.mayDecide.allowed && !own ? decision.mayDecide : null;
  const refusal = excluded ? keyOf(`failure.${excluded.because ?? ''}.what`) : null;
  const acts = (request.actions ?? []).flatMap((state) => {
    const action = model.action(state.name);
    const because = state.enabled ? null : state.because ? text(state.because) : words('action.notNow');
    return action ? [{ action, why: because ?? (action.name === APPROVE && excluded ? words(refusal ?? 'request.mayNot') : null) }] : [];
  });
  const offered = acts.map(({ action, why }) => `${action.name}/${why ?? ''}`).join();

  useEffect(() => {
    setActsInView(
      acts.filter(({ why }) => why === null).map(({ action }) => ({ name: action.name, label: text(action.label), object: say.object(request), run: () => setOpen(action) })),
    );
    const listen = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const chosen = acts.find(({ action, why }) => why === null && action.name === KEYS[event.key]);
      if (!chosen) return;
      event.preventDefault();
      setOpen(chosen.action);
    };
    window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener('keydown', listen);
      setActsInView([]);
    };
    // What is offered follows from the request and the language.
  }, [offered, request.id, words]);

  if (!pending || !resource) return null;
  const why = own ? words('request.yours') : excluded ? words(refusal ?? 'request.mayNot') : acts.length === 0 ? words('request.mayNot') : null;
  return (
    <Box
      role="group"
      aria-label={words('action.bar')}
      sx={(theme) => ({
        display: 'flex',
        flexWrap: 'wrap',
        gap: 1,
        alignItems: 'center',
        [theme.breakpoints.down('sm')]: {
          position: 'fixed',
          insetInline: 0,
          bottom: 0,
          zIndex: theme.zIndex.appBar,
          p: 1.5,
          background: theme.tokens.raised,
          borderTop: `1px solid ${theme.tokens.lineStrong}`,
          '& > button': { flex: 1, minHeight: 40 },
        },
      })}
    >
      {why ? (
        <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem', maxWidth: 320 }} data-why-not>
          {why}
        </Box>
      ) : null}
      {acts.map(({ action, why: because }) => (
        <ActButton key={action.name} action={action} why={because} {...(ICONS[action.name] ? { icon: ICONS[action.name] } : {})} onOpen={() => setOpen(action)} />
      ))}
      {open ? (
        <ActionDialog
          key={open.name}
          action={open}
          resource={resource}
          record={request}
          title={`${say.act(request)} · ${say.object(request)}`}
          shown={SHOWN}
          preset={{ shownDigest: decision?.shownDigest ?? '' }}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </Box>
  );
}

/** What the page has shown already: it is sent along, not asked for, and needs no preview. */
const SHOWN = ['shownDigest'] as const;
