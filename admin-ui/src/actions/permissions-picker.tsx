import TickedIcon from '@mui/icons-material/CheckBox';
import FreeIcon from '@mui/icons-material/CheckBoxOutlineBlank';
import { Autocomplete, Box, Chip, TextField } from '@mui/material';
import type { CatalogueAction, CataloguePermission } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import type { ConsoleModel } from '../catalogue/console-model.ts';
import { PermissionMarks } from '../fields/permission-marks.tsx';
import { useWords } from '../language/use-words.ts';
import { lendable } from '../roles/ask-for.ts';
import { MONO } from '../theme/theme.ts';
import { fromList, toList } from './action-values.ts';
import type { PickerProps } from './record-picker.tsx';

/** Acts that hand on what the viewer holds, and such as lend what they lack. The gateway judges either way. */
const HANDS_ON: ReadonlySet<string> = new Set(['createToken']);
const LENDS: ReadonlySet<string> = new Set(['requestElevation']);

/** Permissions that make sense in the form of this act: nobody is given what everybody has. */
export function offeredPermissions(model: ConsoleModel, action: Pick<CatalogueAction, 'name'>): readonly CataloguePermission[] {
  const everyone = new Set(model.catalogue.everyone);
  const lent = LENDS.has(action.name) ? lendable(model.catalogue) : null;
  const fits = (name: string): boolean => (HANDS_ON.has(action.name) ? model.holds(name) : lent ? lent.has(name) : !everyone.has(name));
  return model.catalogue.permissions.filter((permission) => fits(permission.name));
}

/** Several permissions, by module, each with what it is: reading or changing, how far, how grave. */
export function PermissionsPicker({ action, input, value, onChange, onBlur, inputRef, autoFocus, error }: PickerProps & { readonly action: CatalogueAction }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const offered = offeredPermissions(model, action);
  const modules = new Map(model.catalogue.modules.map((module) => [module.name, text(module.label)]));
  const chosen = toList(value).flatMap((name) => model.catalogue.permissions.find((permission) => permission.name === name) ?? []);
  return (
    <Autocomplete<CataloguePermission, true>
      multiple
      disableCloseOnSelect
      options={[...offered]}
      value={chosen}
      groupBy={(permission) => modules.get(permission.module) ?? permission.module}
      getOptionLabel={(permission) => `${text(permission.label)} ${permission.name}`}
      getOptionKey={(permission) => permission.name}
      isOptionEqualToValue={(a, b) => a.name === b.name}
      noOptionsText={words('pick.noPermission')}
      onBlur={onBlur}
      onChange={(_event, next) => onChange(fromList(next.map((permission) => permission.name)))}
      // Groups and options as a listbox has them: no list in a list, no control in an option.
      renderGroup={({ key, group, children }) => (
        <li key={key} role="group" aria-label={group}>
          <Box aria-hidden sx={(theme) => ({ px: 2, pt: 1, pb: 0.25, fontSize: '0.75rem', fontWeight: 600, color: theme.tokens.quiet })}>
            {group}
          </Box>
          <Box component="ul" role="presentation" sx={{ m: 0, p: 0, listStyle: 'none' }}>
            {children}
          </Box>
        </li>
      )}
      renderOption={({ key, ...option }, permission, { selected }) => (
        <Box component="li" key={key} {...option} sx={{ gap: 1, fontSize: '0.8125rem' }}>
          <Sign selected={selected} />
          <Box component="span" sx={{ flex: 1, minWidth: 0 }}>
            {text(permission.label)}
            <Box component="span" sx={{ display: 'block', fontFamily: MONO, fontSize: '0.6875rem', color: 'text.secondary', overflowWrap: 'anywhere' }}>
              {permission.name}
            </Box>
          </Box>
          <PermissionMarks permission={permission} />
        </Box>
      )}
      renderValue={(items, itemProps) =>
        items.map((permission, index) => {
          const { key, ...item } = itemProps({ index });
          return <Chip key={key} size="small" label={text(permission.label)} title={permission.name} {...item} />;
        })
      }
      renderInput={(params) => (
        <TextField
          {...params}
          label={text(input.label)}
          required={input.required && chosen.length === 0}
          error={error !== null}
          helperText={error ?? (input.help ? text(input.help) : undefined)}
          autoFocus={autoFocus}
          name={input.name}
          inputRef={inputRef}
          placeholder={words('pick.type')}
        />
      )}
    />
  );
}

/** The option says by itself whether it is chosen; this is for the eye. */
function Sign({ selected }: { readonly selected: boolean }) {
  const Icon = selected ? TickedIcon : FreeIcon;
  return <Icon aria-hidden sx={(theme) => ({ fontSize: 18, color: selected ? theme.tokens.accent : theme.tokens.lineStrong })} />;
}
