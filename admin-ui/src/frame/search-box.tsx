import { useEffect, useId, useMemo, useState, useSyncExternalStore, type KeyboardEvent } from 'react';
import { Box, Dialog, InputBase } from '@mui/material';
import { useNavigate } from 'react-router';
import { ANSWERING } from '../answers/answers.ts';
import { REQUEST } from '../approvals/requests.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { searchesPersonal } from '../catalogue/console-model.ts';
import { showHidden } from '../fields/format.ts';
import { visuallyHidden } from '../fields/masked.tsx';
import { FLOWING } from '../flows/flows.ts';
import { READ_INTEGRITY } from '../integrity/log-state.ts';
import { useWords } from '../language/use-words.ts';
import { REPORTING } from '../reports/selection.ts';
import { actsInView } from './acts-in-view.ts';
import { findRecords, UUID, type FoundRecord } from './find-records.ts';
import { useFocusedTenant } from './use-focused-tenant.ts';

interface Option {
  readonly key: string;
  readonly group: string;
  readonly label: string;
  readonly detail: string;
  readonly to?: string;
  readonly run?: () => void;
  /** Handed to the page in memory, not in the address. */
  readonly state?: unknown;
}

/** Pages, records and stories in one box. Arrow keys move, Enter opens, Escape closes. */
export function SearchBox({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const navigate = useNavigate();
  const listId = useId();
  const [focused] = useFocusedTenant();
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<readonly FoundRecord[]>([]);
  const [busy, setBusy] = useState(false);
  const [at, setAt] = useState(0);
  const acts = useSyncExternalStore(actsInView.subscribe, actsInView.current);
  const wanted = typed.trim();

  useEffect(() => {
    setAt(0);
    setFound([]);
    if (!open || wanted.length < 2) {
      setBusy(false);
      return undefined;
    }
    const abort = new AbortController();
    setBusy(true);
    const timer = setTimeout(() => {
      findRecords(model, wanted, focused?.id ?? null, abort.signal)
        .then(setFound, () => undefined)
        .finally(() => !abort.signal.aborted && setBusy(false));
    }, 200);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [open, wanted, model, focused?.id]);

  const options = useMemo((): readonly Option[] => {
    const needle = wanted.toLowerCase();
    const pages: Option[] = [
      { key: 'home', group: words('search.pages'), label: words('page.home'), detail: '', to: '/' },
      ...model.modules.flatMap(({ module, resources }) =>
        resources.map((resource) => ({
          key: `page-${resource.plural}`,
          group: words('search.pages'),
          label: text(resource.labelPlural),
          detail: text(module.label),
          to: `/${resource.plural}`,
        })),
      ),
      ...(model.resource(REQUEST) ? [{ key: 'approvals', group: words('search.pages'), label: words('approvals.title'), detail: '', to: '/approvals' }] : []),
      ...(model.holds(REPORTING) ? [{ key: 'reports', group: words('search.pages'), label: words('reports.title'), detail: '', to: '/reports' }] : []),
      ...(model.holds(ANSWERING) ? [{ key: 'answers', group: words('search.pages'), label: words('answers.title'), detail: '', to: '/answers' }] : []),
      ...(model.holds(FLOWING) ? [{ key: 'flows', group: words('search.pages'), label: words('flows.title'), detail: '', to: '/flows' }] : []),
      ...(model.holds(READ_INTEGRITY) ? [{ key: 'integrity', group: words('search.pages'), label: words('integrity.title'), detail: '', to: '/integrity' }] : []),
      { key: 'roles', group: words('search.pages'), label: words('roles.title'), detail: '', to: '/roles' },
      { key: 'profile', group: words('search.pages'), label: words('profile.title'), detail: '', to: '/profile' },
    ].filter((page) => needle === '' || `${page.label} ${page.detail}`.toLowerCase().includes(needle));
    const stories: Option[] = UUID.test(wanted)
      ? [{ key: 'story', group: words('search.stories'), label: words('search.story'), detail: wanted, to: `/story/${wanted.toLowerCase()}` }]
      : [];
    const records = found.map(
      (record): Option => ({
        key: `${record.resource.name}-${record.id}`,
        group: text(record.resource.labelPlural),
        label: showHidden(record.title),
        detail: text(record.resource.label),
        to: `/${record.resource.plural}/${encodeURIComponent(record.id)}`,
      }),
    );
    const acrossTenants =
      wanted.length < 2 || UUID.test(wanted)
        ? []
        : model.modules
            .flatMap((entry) => entry.resources)
            .filter((resource) => searchesPersonal(resource, model.holds))
            .map(
              (resource): Option => ({
                key: `across-${resource.plural}`,
                group: words('search.personal'),
                label: words(focused && resource.tenanted ? 'search.within' : 'search.across', {
                  things: text(resource.labelPlural).toLowerCase(),
                  text: wanted,
                  tenant: focused?.title ?? '',
                }),
                detail: words('search.recorded'),
                to: `/${resource.plural}`,
                state: { search: wanted },
              }),
            );
    // Acts never come first: Enter in an empty box must not do anything to a record.
    const offered = acts
      .filter((act) => needle === '' || act.label.toLowerCase().includes(needle))
      .map((act): Option => ({ key: `act-${act.name}`, group: words('search.acts'), label: act.label, detail: act.object, run: act.run }));
    return [...stories, ...records, ...pages.slice(0, needle === '' ? 14 : 6), ...offered, ...acrossTenants];
  }, [wanted, found, model, text, words, focused, acts]);

  const close = (): void => {
    setTyped('');
    onClose();
  };
  const choose = (option: Option | undefined): void => {
    if (!option) return;
    close();
    if (option.run) option.run();
    else if (option.to) void navigate(option.to, option.state ? { state: option.state } : {});
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt((index) => Math.min(index + 1, options.length - 1));
    else if (event.key === 'ArrowUp') setAt((index) => Math.max(index - 1, 0));
    // While records are still looked for, a quick Enter must not start a search that is recorded.
    else if (event.key === 'Enter') choose(busy && options[at]?.state ? undefined : options[at]);
    else return;
    event.preventDefault();
  };
  const status = busy ? words('search.busy') : words('search.count', { smart_count: options.length });
  return (
    <Dialog
      open={open}
      onClose={close}
      fullWidth
      maxWidth="sm"
      aria-labelledby={`${listId}-title`}
      sx={{ '& .MuiDialog-container': { alignItems: 'flex-start' } }}
      slotProps={{ paper: { sx: { mt: { xs: 2, sm: 8 } } } }}
    >
      <Box id={`${listId}-title`} sx={visuallyHidden}>
        {words('search.open')}
      </Box>
      <InputBase
        autoFocus
        fullWidth
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder={words('search.help')}
        inputProps={{
          role: 'combobox',
          'aria-expanded': true,
          'aria-controls': listId,
          'aria-label': words('search.open'),
          'aria-activedescendant': options[at] ? `${listId}-${at}` : undefined,
          'aria-autocomplete': 'list',
          maxLength: 200,
          spellCheck: false,
        }}
        sx={(theme) => ({ px: 2, height: 52, flex: 'none', fontSize: '0.9375rem', borderBottom: `1px solid ${theme.tokens.line}` })}
      />
      <Box component="ul" role="listbox" id={listId} aria-label={words('search.results')} sx={{ m: 0, p: 1, listStyle: 'none', maxHeight: '56vh', overflowY: 'auto' }}>
        {options.map((option, index) => (
          <Box component="li" key={option.key} role="presentation">
            {options[index - 1]?.group === option.group ? null : (
              <Box aria-hidden sx={{ px: 1, pt: index === 0 ? 0.5 : 1.25, pb: 0.25, fontSize: '0.6875rem', fontWeight: 600, color: 'text.secondary' }}>
                {option.group}
              </Box>
            )}
            <Box
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              ref={(element: HTMLElement | null) => {
                if (index === at) element?.scrollIntoView({ block: 'nearest' });
              }}
              onClick={() => choose(option)}
              onMouseMove={() => index !== at && setAt(index)}
              sx={(theme) => ({
                display: 'flex',
                alignItems: 'baseline',
                gap: 1.5,
                px: 1,
                py: 0.75,
                borderRadius: '6px',
                cursor: 'pointer',
                background: index === at ? theme.tokens.accentSoft : 'transparent',
              })}
            >
              <Box component="span" sx={{ flex: 1, minWidth: 0 }}>
                {option.label}
              </Box>
              <Box component="span" sx={{ fontSize: '0.75rem', color: 'text.secondary' }}>
                {option.detail}
              </Box>
            </Box>
          </Box>
        ))}
      </Box>
      <Box role="status" sx={(theme) => ({ px: 2, py: 0.75, fontSize: '0.75rem', color: 'text.secondary', borderTop: `1px solid ${theme.tokens.line}` })}>
        {focused ? words('search.focused', { tenant: focused.title }) : words('search.everywhere')} · {status}
      </Box>
    </Dialog>
  );
}
