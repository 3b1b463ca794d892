import { useEffect, useRef, useState } from 'react';
import AddIcon from '@mui/icons-material/Add';
import LockIcon from '@mui/icons-material/LockOutlined';
import SearchIcon from '@mui/icons-material/Search';
import { Box, Button, Chip, InputAdornment, Popover, TextField, Tooltip } from '@mui/material';
import { useListContext } from 'ra-core';
import type { CatalogueField, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf, isPersonal, maySearch, searchesPersonal } from '../catalogue/console-model.ts';
import { chipsOf, knownFilter, splitFilter, withChip, withoutChip, type FilterChip, type ListFilter } from '../catalogue/filters.ts';
import { formatDate, formatTime, shortId, showHidden } from '../fields/format.ts';
import { isTyping } from '../frame/shortcuts.tsx';
import { useWords, type Words } from '../language/use-words.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import { FilterEditor } from './filter-editor.tsx';
import { operatorKey } from './operator-words.ts';

interface FilterBarProps {
  readonly resource: CatalogueResource;
  readonly memory: ListFilter;
  readonly onMemory: (filter: ListFilter) => void;
  readonly tenantId: string | null;
}

/** Milliseconds of rest after typing before the list is asked. */
const REST = 350;

export function FilterBar({ resource, memory, onMemory, tenantId }: FilterBarProps) {
  const { filterValues, setFilters } = useListContext();
  const model = useModel();
  const text = useText();
  const words = useWords();
  const say = useChipWords(text, words, model.tenant ? text(model.tenant.label) : null);
  const add = useRef<HTMLButtonElement>(null);
  const [editing, setEditing] = useState<{ anchor: HTMLElement; chip: FilterChip | null } | null>(null);
  const filter: ListFilter = { ...knownFilter(resource, filterValues as ListFilter), ...memory };
  const apply = (next: ListFilter): void => {
    const { address, memory: kept } = splitFilter(resource, next, model.holds);
    onMemory(kept);
    if (JSON.stringify(address) !== JSON.stringify(filterValues)) setFilters(address, {}, false);
  };
  const fields = resource.fields.filter((field) => field.operators.length > 0 && model.holdsThroughout(field.permission, resource.permission, tenantId));
  const chips = chipsOf(filter);

  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'f' || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || !add.current) return;
      event.preventDefault();
      add.current.click();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);

  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, alignItems: 'center', mb: 1.5 }}>
      {maySearch(model, resource) ? (
        <ListSearch
          key={resource.plural}
          resource={resource}
          value={typeof filter['search'] === 'string' ? filter['search'] : ''}
          onChange={(value) => apply(value === '' ? without(filter, 'search') : { ...filter, search: value })}
        />
      ) : null}
      {chips.map((chip) => {
        const field = chip.field === 'tenantId' ? undefined : fieldOf(resource, chip.field);
        const label = say(field, chip);
        return (
          <Chip
            key={`${chip.field}.${chip.operator}`}
            icon={field && isPersonal(field) ? <LockIcon /> : undefined}
            label={label}
            variant="outlined"
            onClick={field ? (event) => setEditing({ anchor: event.currentTarget, chip }) : undefined}
            onDelete={() => apply(withoutChip(filter, chip.field, chip.operator))}
            aria-label={words('filter.chip', { filter: label })}
            sx={{ height: 30, maxWidth: '100%' }}
          />
        );
      })}
      {fields.length > 0 ? (
        <Button ref={add} color="inherit" startIcon={<AddIcon />} onClick={(event) => setEditing({ anchor: event.currentTarget, chip: null })} aria-keyshortcuts="f">
          {words('filter.add')}
        </Button>
      ) : null}
      {chips.length > 1 ? (
        <Button color="inherit" onClick={() => apply(filter['search'] ? { search: filter['search'] } : {})}>
          {words('filter.clear')}
        </Button>
      ) : null}
      <Popover
        open={editing !== null}
        anchorEl={editing?.anchor ?? null}
        onClose={() => setEditing(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
        slotProps={{ paper: { role: 'dialog', 'aria-label': words('filter.add'), sx: { p: 2, width: 340, maxWidth: 'calc(100vw - 16px)', mt: 0.75 } } }}
      >
        {editing ? (
          <FilterEditor
            fields={fields}
            chip={editing.chip}
            onApply={(chip) => {
              apply(withChip(editing.chip ? withoutChip(filter, editing.chip.field, editing.chip.operator) : filter, chip));
              setEditing(null);
            }}
          />
        ) : null}
      </Popover>
    </Box>
  );
}

const without = (filter: ListFilter, name: string): ListFilter => Object.fromEntries(Object.entries(filter).filter(([key]) => key !== name));

function ListSearch({ resource, value, onChange }: { readonly resource: CatalogueResource; readonly value: string; readonly onChange: (value: string) => void }) {
  const { holds } = useModel();
  const text = useText();
  const words = useWords();
  const personal = searchesPersonal(resource, holds);
  const [typed, setTyped] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    // A personal search is recorded, and may ask for a code: it starts with Enter, not while typing.
    if (personal || typed.trim() === value) return undefined;
    const timer = setTimeout(() => latest.current(typed.trim()), REST);
    return () => clearTimeout(timer);
  }, [typed, value, personal]);
  const label = words('filter.search', { things: text(resource.labelPlural).toLowerCase() });
  return (
    <Tooltip title={personal ? words('filter.search.personal') : ''}>
      <TextField
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          if (event.target.value === '' && value !== '') onChange('');
        }}
        onKeyDown={(event) => event.key === 'Enter' && onChange(typed.trim())}
        sx={{ width: { xs: '100%', sm: 260 }, '& .MuiOutlinedInput-root': { height: 32 } }}
        slotProps={{
          htmlInput: { 'aria-label': label, maxLength: 200, enterKeyHint: 'search', spellCheck: false },
          input: {
            startAdornment: (
              <InputAdornment position="start">
                <SearchIcon sx={{ fontSize: 16 }} />
              </InputAdornment>
            ),
            endAdornment: personal ? (
              <InputAdornment position="end">
                <LockIcon sx={{ fontSize: 14 }} titleAccess={words('filter.search.personal')} />
              </InputAdornment>
            ) : undefined,
          },
        }}
      />
    </Tooltip>
  );
}

/** A condition in words: `Status is Past due or Open`. */
function useChipWords(text: ReturnType<typeof useText>, words: Words, tenantLabel: string | null): (field: CatalogueField | undefined, chip: FilterChip) => string {
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  return (field, chip) => {
    if (!field)
      return `${chip.field === 'tenantId' && tenantLabel ? tenantLabel : chip.field} ${words(operatorKey('id', chip.operator))} ${[chip.value]
        .flat()
        .map((id) => shortId(String(id)))
        .join(', ')}`;
    if (chip.operator === 'isNull') return words(chip.value === true ? 'filter.isEmpty' : 'filter.isNotEmpty', { field: text(field.label) });
    const one = (value: unknown): string => {
      const known = field.values?.find((item) => item.value === value);
      if (known) return text(known.label);
      if (field.type === 'timestamp') return formatTime(String(value as string), locale, zone);
      if (field.type === 'date') return formatDate(String(value as string), locale);
      if (field.type === 'boolean') return words(value === true ? 'common.yes' : 'common.no');
      return showHidden(String(value as string));
    };
    const value = Array.isArray(chip.value) ? chip.value.map(one).join(` ${words('filter.or')} `) : one(chip.value);
    return `${text(field.label)} ${words(operatorKey(field.type, chip.operator))} ${value}`;
  };
}
