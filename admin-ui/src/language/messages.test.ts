import englishMessages from 'ra-language-english';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '@sallyport/schema/errors.ts';
import { en } from './en.ts';
import { id } from './id.ts';
import { startLocale } from './i18n-provider.ts';
import { reactAdminIndonesian } from './react-admin-indonesian.ts';

const placeholders = (message: string): string[] => [...new Set(message.match(/%\{\w+\}/g) ?? [])].sort();

function flatten(messages: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as const] : [...flatten(value as object, `${prefix}${key}.`)])),
  );
}

describe('both languages are complete', () => {
  it('has the same keys and the same placeholders', () => {
    expect(Object.keys(id).sort()).toEqual(Object.keys(en).sort());
    // A count that English tells by a form of its own ("Last day") may be missing there, never added.
    for (const [key, message] of Object.entries(id)) expect({ key, names: placeholders(message) }).toEqual({ key, names: placeholders(en[key as keyof typeof en]) });
  });

  it('says for every code of the closed set what happened and what to do next', () => {
    for (const code of Object.keys(ERROR_CODES)) for (const part of ['what', 'next']) expect(Object.hasOwn(en, `failure.${code}.${part}`), `failure.${code}.${part}`).toBe(true);
  });

  it('translates every message of react-admin, with its placeholders', () => {
    const english = flatten(englishMessages);
    const indonesian = flatten(reactAdminIndonesian);
    expect([...indonesian.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, message] of indonesian) for (const name of placeholders(message)) expect(english.get(key), key).toContain(name);
  });

  it('Indonesian has one form, so no message hides words behind a second', () => {
    for (const message of Object.values(id)) expect(message).not.toContain('||||');
  });

  it('starts with the language chosen before, else the browser’s', () => {
    expect([startLocale('id', ['en']), startLocale(undefined, ['id-ID']), startLocale('xx', ['fr'])]).toEqual(['id', 'id', 'en']);
  });
});
