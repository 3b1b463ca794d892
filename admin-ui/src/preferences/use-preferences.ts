import { useLocale, useStore } from 'ra-core';

export type ThemeChoice = 'light' | 'dark' | 'system';
export type TimeZone = 'UTC' | 'Asia/Jakarta';

export const TIME_ZONES: readonly TimeZone[] = ['UTC', 'Asia/Jakarta'];
export const otherZone = (zone: TimeZone): TimeZone => (zone === 'UTC' ? 'Asia/Jakarta' : 'UTC');

export const useThemeChoice = () => useStore<ThemeChoice>('theme', 'system');
export const useTimeZone = () => useStore<TimeZone>('timeZone', 'Asia/Jakarta');

/** Formatting locale for dates and numbers, from the language in use. */
export const useFormatLocale = (): string => (useLocale() === 'id' ? 'id-ID' : 'en-GB');
