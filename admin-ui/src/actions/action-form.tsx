import { FormControlLabel, FormHelperText, InputAdornment, MenuItem, Stack, Switch, TextField } from '@mui/material';
import { Controller, type UseFormReturn } from 'react-hook-form';
import type { CatalogueAction, CatalogueInput } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { formatDecimal, formatMoney } from '../fields/format.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { checkInput, formName, isCovered, isList, REASON, TICKET } from './action-values.ts';
import { isMinutes, MinutesPresets } from './minutes-field.tsx';
import { PermissionsPicker } from './permissions-picker.tsx';
import { RecordPicker } from './record-picker.tsx';

interface ActionFormProps {
  readonly action: CatalogueAction;
  readonly form: UseFormReturn<Record<string, string>>;
  readonly currency: string | null;
  /** Inputs that are filled in already and not asked for. */
  readonly hidden?: readonly string[] | undefined;
}

/** Most characters of a reason and of a ticket. */
const LONGEST_REASON = 2000;
const LONGEST_TICKET = 100;

/** A field per declared input, then why it is done. */
export function ActionForm({ action, form, currency, hidden = [] }: ActionFormProps) {
  const asked = action.input.filter((input) => !hidden.includes(input.name));
  return (
    <Stack spacing={2} sx={{ pt: 0.5 }}>
      {asked.map((input, index) =>
        isCovered(input, form.watch()) ? null : <Input key={input.name} action={action} input={input} form={form} currency={currency} first={index === 0} />,
      )}
      {action.justification === 'none' ? null : <Justification action={action} form={form} first={asked.length === 0} />}
    </Stack>
  );
}

function Input({
  action,
  input,
  form,
  currency,
  first,
}: {
  readonly action: CatalogueAction;
  readonly input: CatalogueInput;
  readonly form: ActionFormProps['form'];
  readonly currency: string | null;
  readonly first: boolean;
}) {
  const { tenant } = useModel();
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const validate = (typed: string): string | true => {
    const problem = checkInput(input, typed);
    if (!problem) return true;
    const bound = problem.bound === undefined ? '' : input.type === 'money' ? formatMoney(problem.bound, currency, locale) : formatDecimal(problem.bound, locale);
    return words(`check.${problem.key}`, { bound });
  };
  return (
    <Controller
      name={input.name}
      control={form.control}
      rules={{ validate }}
      render={({ field, fieldState }) => {
        if (input.type === 'reference' || isList(input)) {
          const picked = {
            input,
            value: field.value ?? '',
            onChange: field.onChange,
            onBlur: field.onBlur,
            inputRef: field.ref,
            autoFocus: first,
            error: fieldState.error?.message ?? null,
          };
          if (input.type === 'permissions') return <PermissionsPicker {...picked} action={action} />;
          return <RecordPicker {...picked} resource={input.type === 'tenants' ? (tenant?.name ?? '') : (input.resource ?? '')} many={input.type === 'tenants'} />;
        }
        if (input.type === 'boolean') {
          return (
            <div>
              <FormControlLabel
                control={
                  <Switch
                    checked={field.value === 'true'}
                    onChange={(event) => field.onChange(String(event.target.checked))}
                    onBlur={field.onBlur}
                    slotProps={{ input: { ref: field.ref } }}
                  />
                }
                label={text(input.label)}
              />
              {input.help ? <FormHelperText>{text(input.help)}</FormHelperText> : null}
            </div>
          );
        }
        const amount =
          input.type === 'money' && field.value && !fieldState.error && /^-?\d+(\.\d+)?$/.test(field.value.trim()) ? formatMoney(field.value.trim(), currency, locale) : null;
        const shown = input.type === 'money' && currency !== null;
        const line = (
          <TextField
            autoFocus={first}
            label={text(input.label)}
            required={input.required}
            value={field.value ?? ''}
            onChange={field.onChange}
            onBlur={field.onBlur}
            inputRef={field.ref}
            name={input.name}
            error={fieldState.invalid}
            helperText={fieldState.error?.message ?? amount ?? (input.help ? text(input.help) : undefined)}
            {...(input.type === 'enum' ? { select: true } : {})}
            {...(input.multiline ? { multiline: true, minRows: 3 } : {})}
            type={input.class === 'secret' ? 'password' : input.type === 'email' ? 'email' : input.type === 'url' ? 'url' : 'text'}
            slotProps={{
              htmlInput: {
                autoComplete: input.class === 'secret' ? 'new-password' : 'off',
                ...(input.maxLength !== null ? { maxLength: input.maxLength } : {}),
                ...(input.type === 'integer' ? { inputMode: 'numeric' } : input.type === 'money' ? { inputMode: 'decimal' } : {}),
              },
              input: { startAdornment: shown ? <InputAdornment position="start">{currency}</InputAdornment> : undefined },
            }}
          >
            {input.type === 'enum'
              ? (input.required
                  ? []
                  : [
                      <MenuItem key="" value="">
                        <em>—</em>
                      </MenuItem>,
                    ]
                ).concat(
                  (input.values ?? []).map((item) => (
                    <MenuItem key={item.value} value={item.value}>
                      {text(item.label)}
                    </MenuItem>
                  )),
                )
              : undefined}
          </TextField>
        );
        return isMinutes(input) ? (
          <div>
            {line}
            <MinutesPresets input={input} value={field.value ?? ''} onChange={field.onChange} />
          </div>
        ) : (
          line
        );
      }}
    />
  );
}

function Justification({ action, form, first }: { readonly action: CatalogueAction; readonly form: ActionFormProps['form']; readonly first: boolean }) {
  const words = useWords();
  const ticketRequired = action.justification === 'reason-and-ticket';
  const reason = formName(REASON);
  const ticket = formName(TICKET);
  return (
    <>
      <Controller
        name={reason}
        control={form.control}
        rules={{ validate: (typed) => typed.trim() !== '' || words('check.required') }}
        render={({ field, fieldState }) => (
          <TextField
            {...field}
            inputRef={field.ref}
            ref={null}
            autoFocus={first}
            required
            multiline
            minRows={2}
            label={words('action.reason')}
            error={fieldState.invalid}
            helperText={fieldState.error?.message ?? words('action.reason.help')}
            slotProps={{ htmlInput: { maxLength: LONGEST_REASON } }}
          />
        )}
      />
      <Controller
        name={ticket}
        control={form.control}
        rules={{ validate: (typed) => !ticketRequired || typed.trim() !== '' || words('check.required') }}
        render={({ field, fieldState }) => (
          <TextField
            {...field}
            inputRef={field.ref}
            ref={null}
            required={ticketRequired}
            label={words(ticketRequired ? 'action.ticket' : 'action.ticketOptional')}
            error={fieldState.invalid}
            helperText={fieldState.error?.message}
            slotProps={{ htmlInput: { maxLength: LONGEST_TICKET, autoComplete: 'off' } }}
          />
        )}
      />
    </>
  );
}
