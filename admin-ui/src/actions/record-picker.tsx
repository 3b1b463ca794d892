import { useEffect, useState, type Ref } from 'react';
import { Autocomplete, Box, Chip, TextField } from '@mui/material';
import type { CatalogueInput } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import { showHidden } from '../fields/format.ts';
import { NeedsPermission } from '../fields/masked.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { useTitles } from '../fields/titles.ts';
import { useWords } from '../language/use-words.ts';
import { fromList, toList } from './action-values.ts';
import { pickRecords, type Choice } from './pick-records.ts';

export interface PickerProps {
  readonly input: CatalogueInput;
  /** IDs or names, a line each. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
  readonly inputRef: Ref<HTMLInputElement>;
  readonly autoFocus: boolean;
  readonly error: string | null;
}

/** Milliseconds of rest after typing before the gateway is asked. */
const REST = 200;

/** Finds the record, or the several, that an act names: type, arrow keys, Enter. */
export function RecordPicker({
  input,
  value,
  onChange,
  onBlur,
  inputRef,
  autoFocus,
  error,
  resource: name,
  many,
}: PickerProps & { readonly resource: string; readonly many: boolean }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const resource = model.resource(name);
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState<readonly Choice[]>([]);
  const [busy, setBusy] = useState(false);
  const chosen = toList(value);
  const titles = useTitles([{ resource: name, ids: chosen }]);
  const readable = resource !== undefined && model.holds(resource.permission);

  useEffect(() => {
    if (!open || !resource || !readable) return undefined;
    const abort = new AbortController();
    setBusy(true);
    const timer = setTimeout(() => {
      pickRecords(model, resource, typed, abort.signal)
        .then(setFound, () => setFound([]))
        .finally(() => !abort.signal.aborted && setBusy(false));
    }, REST);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [open, typed, model, resource, readable]);

  if (!resource) return null;
  if (!readable) return <NeedsPermission permission={resource.permission} />;
  const states = resource.state ? fieldOf(resource, resource.state)?.values : null;
  const known = new Map(found.map((choice) => [choice.id, choice]));
  const as = (id: string): Choice => known.get(id) ?? { id, title: titles(name, id), state: null };
  const field = {
    options: found,
    loading: busy,
    open,
    onOpen: () => setOpen(true),
    onClose: () => setOpen(false),
    inputValue: typed,
    onInputChange: (_event: unknown, next: string) => setTyped(next),
    // The gateway has searched: what it found is not narrowed again.
    filterOptions: (options: readonly Choice[]) => [...options],
    getOptionLabel: (choice: Choice) => showHidden(choice.title),
    getOptionKey: (choice: Choice) => choice.id,
    isOptionEqualToValue: (a: Choice, b: Choice) => a.id === b.id,
    loadingText: words('search.busy'),
    noOptionsText: words('pick.none', { things: text(resource.labelPlural).toLowerCase() }),
    onBlur,
    renderOption: ({ key, ...option }: React.HTMLAttributes<HTMLLIElement> & { key: React.Key }, choice: Choice) => {
      const state = states?.find((item) => item.value === choice.state);
      return (
        <Box component="li" key={key} {...option} sx={{ gap: 1, fontSize: '0.8125rem' }}>
          <Box component="span" sx={{ flex: 1, minWidth: 0 }}>
            {showHidden(choice.title)}
          </Box>
          {state && state.tone !== 'neutral' && state.tone !== 'good' ? <StateChip label={text(state.label)} tone={state.tone} /> : null}
        </Box>
      );
    },
  };
  const most = Number(input.max ?? Number.POSITIVE_INFINITY);
  const help = error ?? (input.help ? text(input.help) : many && Number.isFinite(most) ? words('pick.most', { count: most }) : undefined);
  const shown = { label: text(input.label), required: input.required, error: error !== null, helperText: help, autoFocus, name: input.name, inputRef };
  if (many) {
    return (
      <Autocomplete<Choice, true>
        {...field}
        multiple
        disableCloseOnSelect
        value={chosen.map(as)}
        onChange={(_event, next) => onChange(fromList(next.map((choice) => choice.id)))}
        renderValue={(items, itemProps) =>
          items.map((choice, index) => {
            const { key, ...item } = itemProps({ index });
            return <Chip key={key} size="small" label={showHidden(choice.title)} {...item} />;
          })
        }
        renderInput={(params) => <TextField {...params} {...shown} required={input.required && chosen.length === 0} placeholder={words('pick.type')} />}
      />
    );
  }
  const [first] = chosen;
  return (
    <Autocomplete<Choice>
      {...field}
      value={first === undefined ? null : as(first)}
      onChange={(_event, next) => onChange(next?.id ?? '')}
      renderInput={(params) => <TextField {...params} {...shown} placeholder={words('pick.type')} />}
    />
  );
}
