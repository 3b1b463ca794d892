import polyglot from 'ra-i18n-polyglot';
import type { I18nProvider, TranslationMessages } from 'ra-core';

export const LOCALES = [
  { locale: 'en', name: 'English' },
  { locale: 'id', name: 'Bahasa Indonesia' },
] as const;

export type ConsoleLocale = (typeof LOCALES)[number]['locale'];

const load = async (locale: string): Promise<TranslationMessages> => {
  if (locale === 'id') {
    const [own, { reactAdminIndonesian }] = await Promise.all([import('./id.ts'), import('./react-admin-indonesian.ts')]);
    return { ...reactAdminIndonesian, ...own.id };
  }
  const [own, { default: reactAdminEnglish }] = await Promise.all([import('./en.ts'), import('ra-language-english')]);
  return { ...reactAdminEnglish, ...own.en };
};

/** The language chosen before, else the browser's, else English. */
export function startLocale(stored: unknown, browser: readonly string[]): ConsoleLocale {
  if (stored === 'en' || stored === 'id') return stored;
  return browser[0]?.toLowerCase().startsWith('id') ? 'id' : 'en';
}

/** Both languages complete; the one not in use is fetched when it is chosen. */
export async function createI18nProvider(locale: ConsoleLocale): Promise<I18nProvider> {
  const first = await load(locale);
  return polyglot((wanted) => (wanted === locale ? first : load(wanted)), locale, [...LOCALES], { allowMissing: true });
}
