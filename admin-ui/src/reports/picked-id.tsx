import { TextField } from '@mui/material';
import type { CatalogueInput } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import { RecordPicker } from '../actions/record-picker.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';

const pickOf = (name: string, label: Text, resource: string): CatalogueInput => ({
  name,
  type: 'reference',
  resource,
  label,
  help: null,
  required: false,
  prefill: null,
  class: 'internal',
  minLength: null,
  maxLength: null,
  multiline: false,
  min: null,
  max: null,
  currency: null,
  values: null,
});

/** A record found by its name; by its ID alone where its names are not this viewer's to read. */
export function PickedId({
  name,
  label,
  resource,
  value,
  onChange,
}: {
  readonly name: string;
  readonly label: Text;
  readonly resource: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const model = useModel();
  const text = useText();
  const declared = model.resource(resource);
  if (declared && model.holds(declared.permission)) {
    return (
      <RecordPicker
        input={pickOf(name, label, resource)}
        resource={resource}
        many={false}
        value={value}
        onChange={onChange}
        onBlur={() => undefined}
        inputRef={null}
        autoFocus={false}
        error={null}
      />
    );
  }
  return (
    <TextField label={`${text(label)} (ID)`} value={value} onChange={(event) => onChange(event.target.value)} slotProps={{ htmlInput: { spellCheck: false, maxLength: 200 } }} />
  );
}
