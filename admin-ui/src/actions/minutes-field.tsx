import { Box, Chip } from '@mui/material';
import type { CatalogueInput } from '@sallyport/schema/vocabulary/catalogue.ts';
import { formatDuration } from '../fields/format.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';

/** Lengths that people ask for. */
const USUAL = [15, 30, 60, 120, 480] as const;

/** Whether an input is a length of time in minutes. */
export const isMinutes = (input: Pick<CatalogueInput, 'name' | 'type'>): boolean => input.type === 'integer' && input.name === 'minutes';

/** The usual lengths within the bounds of the input, a click each. */
export function MinutesPresets({ input, value, onChange }: { readonly input: CatalogueInput; readonly value: string; readonly onChange: (value: string) => void }) {
  const locale = useFormatLocale();
  const offered = USUAL.filter((minutes) => minutes >= Number(input.min ?? 0) && minutes <= Number(input.max ?? Number.POSITIVE_INFINITY));
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, mt: 0.75 }}>
      {offered.map((minutes) => (
        <Chip
          key={minutes}
          size="small"
          component="button"
          type="button"
          clickable
          aria-pressed={value === String(minutes)}
          color={value === String(minutes) ? 'primary' : 'default'}
          variant={value === String(minutes) ? 'filled' : 'outlined'}
          label={formatDuration(minutes * 60, locale)}
          onClick={() => onChange(String(minutes))}
        />
      ))}
    </Box>
  );
}
