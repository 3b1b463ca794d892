import { TextField } from '@mui/material';
import type { Ref } from 'react';
import { MONO } from '../theme/theme.ts';

interface CodeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string | undefined;
  readonly error?: boolean;
  readonly disabled?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** A recovery code instead of six digits. */
  readonly recovery?: boolean;
  readonly name?: string;
  /** False where other fields come first. */
  readonly first?: boolean;
}

/** One-time code: the phone's or password manager's suggestion fits, digits only. */
export function CodeField({ label, value, onChange, help, error = false, disabled = false, inputRef, recovery = false, name = 'code', first = true }: CodeFieldProps) {
  return (
    <TextField
      autoFocus={first}
      disabled={disabled}
      error={error}
      helperText={help}
      label={label}
      name={name}
      onChange={(event) => onChange(recovery ? event.target.value : event.target.value.replace(/\D/g, '').slice(0, 6))}
      required
      value={value}
      {...(inputRef ? { inputRef } : {})}
      slotProps={{
        htmlInput: {
          autoComplete: recovery ? 'off' : 'one-time-code',
          inputMode: recovery ? 'text' : 'numeric',
          ...(recovery ? { maxLength: 64 } : { pattern: '[0-9]{6}', maxLength: 6 }),
          spellCheck: false,
          style: { fontFamily: MONO, letterSpacing: recovery ? '0.04em' : '0.35em', fontSize: '1.0625rem' },
        },
      }}
    />
  );
}
