import { useState, type SubmitEvent } from 'react';
import { Box, Button, Checkbox, FormControlLabel, FormGroup, FormLabel, MenuItem, Stack, TextField } from '@mui/material';
import type { CatalogueField } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useText } from '../catalogue/console-context.tsx';
import { isPersonal } from '../catalogue/console-model.ts';
import { conditionValue, type FilterChip } from '../catalogue/filters.ts';
import { fromLocalTime, toLocalTime } from '../fields/local-time.ts';
import { useWords } from '../language/use-words.ts';
import { useTimeZone } from '../preferences/use-preferences.ts';
import { zoneName } from '../fields/format.ts';
import { operatorKey } from './operator-words.ts';

interface FilterEditorProps {
  readonly fields: readonly CatalogueField[];
  readonly chip: FilterChip | null;
  readonly onApply: (chip: FilterChip) => void;
}

/** Operators as offered: a set of enum values is one `in`; the single `eq` adds nothing beside it. */
const offered = (field: CatalogueField): readonly string[] =>
  field.type === 'enum'
    ? ['in', ...field.operators.filter((operator) => operator === 'isNull')]
    : field.operators.filter((operator) => operator !== 'in' || field.type === 'id' || !field.operators.includes('eq'));

/** Makes one condition: field, operator, value, by the field's type. */
export function FilterEditor({ fields, chip, onApply }: FilterEditorProps) {
  const text = useText();
  const words = useWords();
  const [zone] = useTimeZone();
  const [name, setName] = useState(chip?.field ?? fields[0]?.name ?? '');
  const field = fields.find((item) => item.name === name) ?? fields[0];
  const operators = field ? offered(field) : [];
  const [operator, setOperator] = useState(chip?.operator ?? operators[0] ?? 'eq');
  const [typed, setTyped] = useState(() => startText(chip, field, zone));
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    Array.isArray(chip?.value) ? (chip.value as string[]) : chip?.operator === 'eq' && field?.type === 'enum' ? [String(chip.value as string)] : [],
  );
  if (!field) return null;
  const inUse = operators.includes(operator) ? operator : (operators[0] ?? 'eq');
  const many = field.type === 'enum' && inUse === 'in';
  const value = many
    ? chosen.length > 0
      ? chosen
      : null
    : conditionValue(field, inUse, field.type === 'timestamp' && inUse !== 'isNull' ? fromLocalTime(typed, zone) : typed || (isChoice(field, inUse) ? 'true' : ''));
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (value !== null) onApply({ field: field.name, operator: inUse, value });
  };
  return (
    <Stack component="form" spacing={1.5} onSubmit={submit}>
      <TextField
        select
        label={words('filter.field')}
        value={field.name}
        onChange={(event) => {
          setName(event.target.value);
          setTyped('');
          setChosen([]);
        }}
      >
        {fields.map((item) => (
          <MenuItem key={item.name} value={item.name}>
            {text(item.label)}
          </MenuItem>
        ))}
      </TextField>
      {operators.length > 1 ? (
        <TextField select label={words('filter.operator')} value={inUse} onChange={(event) => setOperator(event.target.value)}>
          {operators.map((item) => (
            <MenuItem key={item} value={item}>
              {words(operatorKey(field.type, item))}
            </MenuItem>
          ))}
        </TextField>
      ) : null}
      {many ? (
        <FormGroup aria-labelledby="filter-values">
          <FormLabel id="filter-values" sx={{ fontSize: '0.75rem' }}>
            {words('filter.values')}
          </FormLabel>
          <Box sx={{ maxHeight: 260, overflowY: 'auto', display: 'grid' }}>
            {field.values?.map((item) => (
              <FormControlLabel
                key={item.value}
                label={text(item.label)}
                control={
                  <Checkbox
                    size="small"
                    sx={{ py: 0.5 }}
                    checked={chosen.includes(item.value)}
                    onChange={(event) => setChosen(event.target.checked ? [...chosen, item.value] : chosen.filter((other) => other !== item.value))}
                  />
                }
                slotProps={{ typography: { sx: { fontSize: '0.8125rem' } } }}
              />
            ))}
          </Box>
        </FormGroup>
      ) : isChoice(field, inUse) ? (
        <TextField select label={words('filter.value')} value={typed || 'true'} onChange={(event) => setTyped(event.target.value)}>
          <MenuItem value="true">{words('common.yes')}</MenuItem>
          <MenuItem value="false">{words('common.no')}</MenuItem>
        </TextField>
      ) : (
        <TextField
          autoFocus
          label={field.type === 'timestamp' ? words('filter.valueIn', { zone: zoneName(zone) }) : words('filter.value')}
          value={typed}
          type={field.type === 'timestamp' ? 'datetime-local' : field.type === 'date' ? 'date' : 'text'}
          onChange={(event) => setTyped(event.target.value)}
          helperText={inUse === 'in' ? words('filter.several') : isPersonal(field) ? words('filter.personal') : undefined}
          slotProps={{
            inputLabel: { shrink: true },
            htmlInput: { maxLength: 200, ...(field.type === 'integer' || field.type === 'money' || field.type === 'decimal' ? { inputMode: 'decimal' } : {}) },
          }}
        />
      )}
      <Button type="submit" variant="contained" disabled={value === null}>
        {words('filter.apply')}
      </Button>
    </Stack>
  );
}

const isChoice = (field: CatalogueField, operator: string): boolean => operator === 'isNull' || field.type === 'boolean';

function startText(chip: FilterChip | null, field: CatalogueField | undefined, zone: string): string {
  if (!chip || !field) return '';
  if (field.type === 'timestamp' && chip.operator !== 'isNull') return toLocalTime(String(chip.value as string), zone);
  return Array.isArray(chip.value) ? chip.value.join('\n') : String(chip.value as string);
}
