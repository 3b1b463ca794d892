import { formatDecimal, formatDuration } from '../fields/format.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';

/** Counts, shares and lengths of time in the person's own writing. */
export function useFlowNumbers() {
  const locale = useFormatLocale();
  return {
    count: (value: number): string => formatDecimal(String(value), locale),
    /** Of nothing, nothing: a dash. */
    share: (part: number, whole: number): string => (whole === 0 ? '–' : new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(part / whole)),
    /** Under ten seconds with one decimal: there a second is much. */
    length: (seconds: number): string =>
      seconds < 9.95
        ? new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'long', maximumFractionDigits: 1 }).format(seconds)
        : formatDuration(seconds, locale),
  };
}
